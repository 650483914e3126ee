package dev.millrace.validate;

import dev.millrace.core.Limits;
import java.util.Arrays;

/// The room that the elements of one row's arrays share: an element of four bytes in a source can
/// take 256 in a batch, so that a record of a few megabytes would become a batch of a gigabyte.
/// Several rows may be begun together; each has its own. Not thread-safe.
final class ElementRoom {
    private long[] leftBytes = {Limits.MAX_ROW_ELEMENT_BYTES};
    private int row;

    /// Begins some rows, and chooses the first of them.
    void begin(int rows) {
        if (leftBytes.length < rows) {
            leftBytes = new long[rows];
        }
        Arrays.fill(leftBytes, 0, rows, Limits.MAX_ROW_ELEMENT_BYTES);
        row = 0;
    }

    /// Chooses one of the rows that were begun, from 0.
    void choose(int chosen) {
        row = chosen;
    }

    /// Takes room for an element, and tells whether there was any.
    boolean take(int bytes) {
        leftBytes[row] -= bytes;
        return leftBytes[row] >= 0;
    }
}
