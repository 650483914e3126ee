package dev.millrace.infer;

import dev.millrace.core.LittleEndian;

/// How many different values a column has, by their hashes, up to a bound. Not thread-safe.
final class Distinct {
    /// More are never counted: a dictionary of more repays nothing.
    static final int MOST = 10_000;

    /// All columns of a source share so many.
    private static final int MOST_OF_ALL = 640_000;

    private static final int LEAST = 64;

    private static final int FIRST_SLOTS = 64;
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private long[] slots = new long[FIRST_SLOTS];
    private final int most;
    private int count;

    /// @param most how many are counted
    Distinct(int most) {
        this.most = most;
    }

    /// How many are counted of each column, of so many columns.
    static int most(int columns) {
        return Math.clamp(MOST_OF_ALL / Math.max(columns, 1), LEAST, MOST);
    }

    /// Whether there are more than are counted.
    boolean isMany() {
        return count > most;
    }

    /// How many there are; one more than are counted for more.
    int count() {
        return count;
    }

    /// Counts a value unless it is there, or there are many.
    void add(byte[] bytes, int start, int end) {
        if (count > most) {
            return;
        }
        var hash = hash(bytes, start, end);
        var mask = slots.length - 1;
        var slot = (int) (hash >>> 32) & mask;
        while (slots[slot] != 0) {
            if (slots[slot] == hash) {
                return;
            }
            slot = (slot + 1) & mask;
        }
        slots[slot] = hash;
        count++;
        if (count > most) {
            slots = new long[0];
        } else if (2 * count > slots.length) {
            grow();
        }
    }

    private void grow() {
        var old = slots;
        slots = new long[2 * old.length];
        var mask = slots.length - 1;
        for (var hash : old) {
            if (hash != 0) {
                var slot = (int) (hash >>> 32) & mask;
                while (slots[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                slots[slot] = hash;
            }
        }
    }

    /// Never 0, which marks a free slot.
    private static long hash(byte[] bytes, int start, int end) {
        var hash = (end - start) * FACTOR;
        var i = start;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            hash = mixed(hash ^ LittleEndian.getLong(bytes, i));
        }
        var rest = 0L;
        for (; i < end; i++) {
            rest = (rest << 8) | (bytes[i] & 0xFF);
        }
        hash = mixed(hash ^ rest);
        return hash == 0 ? 1 : hash;
    }

    private static long mixed(long value) {
        var product = value * FACTOR;
        return product ^ (product >>> 29);
    }
}
