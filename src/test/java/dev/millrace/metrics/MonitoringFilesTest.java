package dev.millrace.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.millrace.Exposition;
import dev.millrace.core.Backlog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Holds `docs/metrics.md`, the alert rules and the dashboard against what is really shown.
class MonitoringFilesTest {
    private static final Path DOCUMENT = Path.of("docs/metrics.md");
    private static final Path RULES = Path.of("monitoring/prometheus/rules.yml");
    private static final Path DASHBOARD = Path.of("monitoring/grafana/dashboards/millrace.json");
    private static final Path DATASOURCES =
            Path.of("monitoring/grafana/provisioning/datasources/prometheus.yml");

    private static final Pattern ROW =
            Pattern.compile("^\\| `(\\w+)` \\| (\\w+) \\|([^|]*)\\| (.+) \\|$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
    private static final Pattern SELECTED = Pattern.compile("(\\w+)\\{([^}]*)\\}");
    private static final Pattern NAME = Pattern.compile("\\b[a-z_][a-z0-9_]*\\b(?!\\s*\\()");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "by", "without");

    private static Exposition shown;

    /// What a process shows after a request and a garbage collection.
    @BeforeAll
    static void show() {
        var none = new Backlog.Splits(0, 0);
        try (var metrics =
                new Metrics(() -> {}, () -> new Backlog(0, 0, none, none, none, Duration.ZERO))) {
            metrics.answered("GET", "/health", 200, Duration.ofMillis(1));
            var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            do {
                System.gc();
                shown = Exposition.parse(metrics.text());
            } while (!shown.families().containsKey("jvm_gc_pause_seconds")
                    && System.nanoTime() < end);
        }
    }

    /// `type: label, label` by each name of ours.
    private static Map<String, String> ours() {
        var ours = new TreeMap<String, String>();
        shown.families()
                .forEach((name, type) -> {
                    if (name.startsWith("millrace_")) {
                        ours.put(name, type + ": " + String.join(", ", labels(name, type)));
                    }
                });
        return ours;
    }

    private static Set<String> labels(String family, String type) {
        return labels(type.equals("histogram") ? family + "_count" : family);
    }

    private static Set<String> labels(String sample) {
        var labels = new TreeSet<String>();
        for (var series : shown.samples().keySet()) {
            if (series.startsWith(sample + "{")) {
                LABEL.matcher(series).results().map(m -> m.group(1)).forEach(labels::add);
            }
        }
        return labels;
    }

    @Test
    void theDocumentSaysEveryMetricWithItsTypeAndLabelsAndNoOther() throws Exception {
        var said = new TreeMap<String, String>();
        ROW.matcher(Files.readString(DOCUMENT))
                .results()
                .forEach(row -> {
                    var labels = row.group(3).replace("`", "").strip();
                    assertThat(said.put(row.group(1), row.group(2) + ": " + labels)).isNull();
                });
        assertThat(said).isEqualTo(ours());
    }

    @Test
    void everyNameAndLabelInARuleIsShown() throws Exception {
        var rules = new YAMLMapper().readTree(RULES.toFile()).at("/groups/0/rules");
        assertThat(rules).isNotEmpty();
        for (var rule : rules) {
            assertShown(rule.get("alert").asText(), rule.get("expr").asText());
        }
    }

    @Test
    void everyNameAndLabelInThePanelsIsShown() throws Exception {
        for (var target : targets()) {
            assertThat(target.at("/datasource/uid")).isEqualTo(datasource());
            assertShown("a panel", target.get("expr").asText());
        }
    }

    private static List<JsonNode> targets() throws Exception {
        var targets = new ArrayList<JsonNode>();
        for (var panel : panels()) {
            panel.path("targets").forEach(targets::add);
        }
        assertThat(targets).isNotEmpty();
        return targets;
    }

    private static JsonNode panels() throws Exception {
        return new ObjectMapper().readTree(DASHBOARD.toFile()).get("panels");
    }

    private static JsonNode datasource() throws Exception {
        return new YAMLMapper().readTree(DATASOURCES.toFile()).at("/datasources/0/uid");
    }

    /// No two panels cover each other or have one number, and every one but a row asks something.
    @Test
    void thePanelsLieBesideEachOther() throws Exception {
        var covered = new HashSet<String>();
        var ids = new HashSet<Integer>();
        for (var panel : panels()) {
            assertThat(ids.add(panel.get("id").asInt())).as(panel.get("title").asText()).isTrue();
            assertThat(panel.has("targets")).isNotEqualTo(panel.get("type").asText().equals("row"));
            var place = panel.get("gridPos");
            var left = place.get("x").asInt();
            var right = left + place.get("w").asInt();
            assertThat(right).isLessThanOrEqualTo(24);
            for (var y = 0; y < place.get("h").asInt(); y++) {
                for (var x = left; x < right; x++) {
                    var cell = x + ":" + (place.get("y").asInt() + y);
                    assertThat(covered.add(cell)).as(panel.get("title").asText()).isTrue();
                }
            }
        }
    }

    private static void assertShown(String where, String expression) {
        assertThat(namesIn(expression)).as(where).isNotEmpty().isSubsetOf(known());
        for (var selected : SELECTED.matcher(expression).results().toList()) {
            assertThat(labelsIn(selected))
                    .as("%s: %s", where, selected.group())
                    .isSubsetOf(labelsOf(selected.group(1)));
        }
    }

    /// What is left of an expression without its selectors, ranges, groupings and functions.
    private static Set<String> namesIn(String expression) {
        var bare =
                expression
                        .replaceAll("\\{[^}]*\\}|\\[[^\\]]*\\]", "")
                        .replaceAll("\\b(by|without)\\s*\\([^)]*\\)", "");
        var names = new TreeSet<String>();
        NAME.matcher(bare)
                .results()
                .map(MatchResult::group)
                .filter(name -> !WORDS.contains(name))
                .forEach(names::add);
        return names;
    }

    /// What is shown, and `up`, which is Prometheus' own.
    private static List<String> known() {
        return Stream.concat(shown.names().stream(), Stream.of("up")).toList();
    }

    private static List<String> labelsIn(MatchResult selected) {
        return Pattern.compile("(\\w+)\\s*[=!]")
                .matcher(selected.group(2))
                .results()
                .map(m -> m.group(1))
                .toList();
    }

    /// Its own, and those that Prometheus adds.
    private static Set<String> labelsOf(String sample) {
        var labels = new TreeSet<>(labels(sample));
        labels.addAll(List.of("job", "instance"));
        return labels;
    }
}
