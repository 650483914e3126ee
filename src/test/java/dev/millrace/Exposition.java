package dev.millrace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// A strict reader of Prometheus' text format 0.0.4, as its documentation describes it: what is not
/// well-formed, out of its family, doubled or without a type is an error, and so is a histogram
/// whose buckets do not add up.
///
/// @param families the type of each by its name
/// @param samples each value by its series, such as `name{a="b"}` with labels in order
public record Exposition(Map<String, String> families, Map<String, Double> samples) {
    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final Pattern HELP = Pattern.compile("# HELP (" + NAME + ") .+");
    private static final Pattern TYPE =
            Pattern.compile("# TYPE (" + NAME + ") (counter|gauge|histogram|summary|untyped)");
    private static final String LABEL =
            "([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\"";
    private static final Pattern LABELS = Pattern.compile(LABEL);
    private static final Pattern SAMPLE =
            Pattern.compile("(" + NAME + ")(?:\\{(" + LABEL + "(?:," + LABEL + ")*),?\\})? (\\S+)");

    public static Exposition parse(String text) {
        if (!text.endsWith("\n")) {
            throw new AssertionError("the last line does not end");
        }
        var read = new Exposition(new TreeMap<>(), new LinkedHashMap<>());
        var family = "";
        var closed = new ArrayList<String>();
        for (var line : text.lines().toList()) {
            var help = HELP.matcher(line);
            var type = TYPE.matcher(line);
            if (help.matches()) {
                closed.add(family);
                family = help.group(1);
                require(!closed.contains(family), "a family comes twice", line);
            } else if (type.matches()) {
                require(type.group(1).equals(family), "a type without its help before it", line);
                var before = read.families.put(family, type.group(2));
                require(before == null, "a second type", line);
            } else {
                read.sample(family, line);
            }
        }
        read.families
                .keySet()
                .forEach(name ->
                        require(
                                read.samples.keySet().stream()
                                        .anyMatch(series -> series.startsWith(name)),
                                "a family without samples",
                                name));
        read.checkHistograms();
        return read;
    }

    private void sample(String family, String line) {
        var sample = SAMPLE.matcher(line);
        require(sample.matches(), "not a sample", line);
        var type = families.get(family);
        require(type != null, "a sample before its type", line);
        var suffixes =
                "histogram".equals(type)
                        ? Set.of("_bucket", "_sum", "_count")
                        : "summary".equals(type) ? Set.of("", "_sum", "_count") : Set.of("");
        var name = sample.group(1);
        require(
                name.startsWith(family) && suffixes.contains(name.substring(family.length())),
                "a sample of another family",
                line);
        require(!"counter".equals(type) || name.endsWith("_total"), "a counter's name", line);
        var labels = new TreeMap<String, String>();
        if (sample.group(2) != null) {
            for (var label : LABELS.matcher(sample.group(2)).results().toList()) {
                var before = labels.put(label.group(1), label.group(2));
                require(before == null, "a label comes twice", line);
            }
        }
        var value = value(sample.group(sample.groupCount()));
        require(samples.put(series(name, labels), value) == null, "a series comes twice", line);
    }

    private static double value(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            case "NaN" -> Double.NaN;
            case String number -> Double.parseDouble(number);
        };
    }

    private static String series(String name, Map<String, String> labels) {
        if (labels.isEmpty()) {
            return name;
        }
        var pairs = new ArrayList<String>();
        labels.forEach((label, value) -> pairs.add("%s=\"%s\"".formatted(label, value)));
        return "%s{%s}".formatted(name, String.join(",", pairs));
    }

    /// Buckets grow, and the last is the count.
    private void checkHistograms() {
        var last = new TreeMap<String, Double>();
        samples.forEach((series, value) -> {
            if (series.contains("_bucket{")) {
                var whole = series.replaceFirst("le=\"[^\"]*\",?", "").replaceFirst(",?\\}$", "}");
                var before = last.put(whole, value);
                require(before == null || before <= value, "a bucket is too small", series);
                if (series.contains("le=\"+Inf\"")) {
                    var count = whole.replaceFirst("_bucket\\{", "_count{").replace("{}", "");
                    require(value.equals(samples.get(count)), "the count differs", series);
                }
            }
        });
    }

    private static void require(boolean condition, String what, String where) {
        if (!condition) {
            throw new AssertionError(what + ": " + where);
        }
    }

    /// A series that must be there.
    ///
    /// @param series such as `name{a="b"}`, labels in order
    public double of(String series) {
        require(samples.containsKey(series), "no such series", series);
        return Objects.requireNonNull(samples.get(series));
    }

    /// The sum of the samples of a name, whatever their labels are.
    public double sum(String name) {
        return samples.entrySet().stream()
                .filter(s -> s.getKey().equals(name) || s.getKey().startsWith(name + "{"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /// The names that a query may use: those of all samples.
    public List<String> names() {
        return samples.keySet().stream().map(s -> s.replaceFirst("\\{.*", "")).distinct().toList();
    }
}
