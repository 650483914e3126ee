package dev.millrace.bench.corpus;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What became of the cases of one collection.
final class Score {
    private static final int SHOWN = 3;
    private static final int SHOWN_CHARACTERS = 160;

    private final String name;
    private final Map<String, Integer> verdicts = new TreeMap<>();

    /// For each verdict and reason that is not simply good, its cases.
    private final Map<String, Map<String, List<String>>> reasons = new TreeMap<>();

    Score(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /// A case that is as it should be.
    void good(String verdict) {
        verdicts.merge(verdict, 1, Integer::sum);
    }

    /// A case that is not as others read it.
    ///
    /// @param reason alike for cases that are alike
    void other(String verdict, String reason, String example) {
        good(verdict);
        reasons.computeIfAbsent(verdict, _ -> new TreeMap<>())
                .computeIfAbsent(reason, _ -> new ArrayList<>())
                .add(example);
    }

    Map<String, Integer> verdicts() {
        return verdicts;
    }

    Map<String, Map<String, List<String>>> reasons() {
        return reasons;
    }

    /// The first of some examples, on one line.
    static String shown(List<String> examples) {
        var shown = String.join(" · ", examples.subList(0, Math.min(SHOWN, examples.size())));
        var line = shown.replaceAll("\\p{Cntrl}", "·");
        return line.length() > SHOWN_CHARACTERS ? line.substring(0, SHOWN_CHARACTERS) + "…" : line;
    }

    void print(PrintStream out) {
        out.println(name);
        verdicts.forEach((verdict, count) -> out.printf("  %,6d  %s%n", count, verdict));
        reasons.forEach((verdict, all) ->
                all.forEach((reason, examples) ->
                        out.printf(
                                "  %s (%,d): %s: %s%n",
                                verdict, examples.size(), reason, shown(examples))));
        out.println();
    }
}
