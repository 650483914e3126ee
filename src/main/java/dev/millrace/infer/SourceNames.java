package dev.millrace.infer;

import java.util.ArrayList;
import java.util.List;

/// What the sources of a proposal are called, wherever one of several is meant. Not thread-safe.
final class SourceNames {
    private static final int SHOWN = 3;

    private final List<String> names = new ArrayList<>();

    void add(String name) {
        names.add(name);
    }

    /// `row 7`, or of several sources `row 7 of b.csv`.
    String row(Example example) {
        var row = "row %,d".formatted(example.row());
        return names.size() > 1 ? row + " of " + names.get(example.source()) : row;
    }

    /// `row 7: 'x'`, or of several sources `row 7 of b.csv: 'x'`.
    String shown(Example example) {
        return "%s: '%s'".formatted(row(example), example.text());
    }

    /// Some of the sources by their names, and how many they are when they are many.
    String shown(List<Integer> ordinals) {
        if (ordinals.size() == 1) {
            return "'%s'".formatted(names.get(ordinals.getFirst()));
        }
        var some =
                ordinals.stream()
                        .limit(SHOWN)
                        .map(ordinal -> "'%s'".formatted(names.get(ordinal)))
                        .toList();
        return ordinals.size() <= SHOWN
                ? String.join(", ", some.subList(0, some.size() - 1)) + " and " + some.getLast()
                : "%,d of the %,d sources (%s and others)"
                        .formatted(ordinals.size(), names.size(), String.join(", ", some));
    }
}
