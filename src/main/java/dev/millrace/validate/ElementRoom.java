package dev.millrace.validate;

import dev.millrace.core.Limits;

/// The room that the elements of one row's arrays share: an element of four bytes in a source can
/// take 256 in a batch, so that a record of a few megabytes would become a batch of a gigabyte. Not
/// thread-safe.
final class ElementRoom {
    private long leftBytes = Limits.MAX_ROW_ELEMENT_BYTES;

    /// Begins a row.
    void reset() {
        leftBytes = Limits.MAX_ROW_ELEMENT_BYTES;
    }

    /// Takes room for an element, and tells whether there was any.
    boolean take(int bytes) {
        leftBytes -= bytes;
        return leftBytes >= 0;
    }
}
