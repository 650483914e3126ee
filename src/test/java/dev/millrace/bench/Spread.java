package dev.millrace.bench;

import java.util.Collection;
import java.util.List;

/// What several measurements of the same thing say.
///
/// @param high what 95 of 100 did not exceed
record Spread(double median, double min, double max, double high) {
    static Spread of(Collection<Double> values) {
        var sorted = List.copyOf(values.stream().sorted().toList());
        var middle = sorted.size() / 2;
        var median =
                sorted.size() % 2 == 1
                        ? sorted.get(middle)
                        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        var rank = (int) Math.ceil(0.95 * sorted.size()) - 1;
        return new Spread(median, sorted.getFirst(), sorted.getLast(), sorted.get(rank));
    }
}
