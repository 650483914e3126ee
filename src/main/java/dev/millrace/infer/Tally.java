package dev.millrace.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Fields of one kind in a column: how many, the rows of the first ones, and what some look like.
/// Rows are meant by their identities, [dev.millrace.core.Source#rowId].
final class Tally {
    /// The rows of so many are kept: as many as a proposal may leave out of a column.
    static final int MOST_ROWS = 100;

    private static final int MOST_EXAMPLES = 5;

    private final List<Example> examples = new ArrayList<>(0);
    private long[] rows = new long[0];
    long count;

    void add(byte[] bytes, int start, int end, long row) {
        if (count < MOST_ROWS) {
            keep(bytes, start, end, row);
        }
        count++;
    }

    private void keep(byte[] bytes, int start, int end, long row) {
        var place = (int) count;
        if (place == rows.length) {
            rows = Arrays.copyOf(rows, Math.clamp(2L * place, 4, MOST_ROWS));
        }
        rows[place] = row;
        if (examples.size() < MOST_EXAMPLES) {
            examples.add(Example.of(row, bytes, start, end));
        }
    }

    /// The same without those that stand in the rows of others, if all of both are known.
    Tally without(Tally others) {
        if (isEmpty() || others.isEmpty() || count > MOST_ROWS || others.count > MOST_ROWS) {
            return this;
        }
        var left = new Tally();
        left.rows =
                Arrays.stream(rows())
                        .filter(row -> Arrays.stream(others.rows()).noneMatch(r -> r == row))
                        .toArray();
        left.count = left.rows.length;
        for (var example : examples) {
            if (Arrays.stream(left.rows).anyMatch(row -> row == example.id())) {
                left.examples.add(example);
            }
        }
        return left;
    }

    boolean isEmpty() {
        return count == 0;
    }

    List<Example> examples() {
        return examples;
    }

    /// The first one; there is one.
    Example first() {
        return examples.getFirst();
    }

    /// The rows of the first ones: of all, when they are no more than [#MOST_ROWS].
    long[] rows() {
        return Arrays.copyOf(rows, (int) Math.min(count, MOST_ROWS));
    }
}
