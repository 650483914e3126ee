package dev.millrace.infer;

/// How many different values a column has, by their hashes, up to a bound. Not thread-safe.
final class Distinct {
    /// More are not counted: a dictionary of more repays nothing.
    static final int MOST = 10_000;

    private static final int FIRST_SLOTS = 64;
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private long[] slots = new long[FIRST_SLOTS];
    private int count;

    /// Whether there are more than [#MOST].
    boolean isMany() {
        return count > MOST;
    }

    /// How many there are, [#MOST] + 1 for more.
    int count() {
        return count;
    }

    /// Counts a value unless it is there, or there are many.
    void add(byte[] bytes, int start, int end) {
        if (count > MOST) {
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
        if (count > MOST) {
            slots = new long[0];
        } else if (2 * count > slots.length) {
            grow();
        }
    }

    private void grow() {
        var old = slots;
        slots = new long[4 * old.length];
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
            hash = mixed(hash ^ Words.at(bytes, i));
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
