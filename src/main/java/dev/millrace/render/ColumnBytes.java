package dev.millrace.render;

import dev.millrace.core.LittleEndian;
import java.nio.ByteBuffer;

/// The bytes of a column's values, from the first on. Numbers have their lowest byte first. Not
/// thread-safe.
final class ColumnBytes {
    /// Of a block that is not in memory, so many stand there at a time.
    private static final int WINDOW_BYTES = 64 << 10;

    private BlockStore store = BlockStore.NONE;
    private byte[] window = new byte[0];
    private long behind;

    /// Those that are at hand stand here, and behind them at least [BlockStore#SLACK_BYTES] others.
    byte[] bytes = window;

    int at;
    int to;

    /// Goes to where the values of a block begin.
    void begin(BlockStore block, long from) {
        store = block;
        if (store.isInMemory()) {
            bytes = store.bytes();
            at = (int) from;
            to = (int) store.size();
        } else {
            if (window.length == 0) {
                window = new byte[WINDOW_BYTES + BlockStore.SLACK_BYTES];
            }
            bytes = window;
            at = 0;
            to = 0;
            behind = from;
        }
    }

    /// Sees to it that so many bytes are at hand.
    ///
    /// @param count at most some hundreds
    void need(int count) {
        if (to - at < count) {
            more();
            if (to - at < count) {
                throw new IllegalStateException("a block ends within a value");
            }
        }
    }

    /// How many are at hand, at least one.
    int some() {
        need(1);
        return to - at;
    }

    private void more() {
        if (bytes != window) {
            return;
        }
        System.arraycopy(bytes, at, bytes, 0, to - at);
        to -= at;
        at = 0;
        var n = 0;
        while (to < WINDOW_BYTES && n >= 0) {
            n = store.read(behind, ByteBuffer.wrap(bytes, to, WINDOW_BYTES - to));
            if (n > 0) {
                to += n;
                behind += n;
            }
        }
    }

    byte int8() {
        need(1);
        return bytes[at++];
    }

    short int16() {
        need(2);
        var value = LittleEndian.getShort(bytes, at);
        at += 2;
        return value;
    }

    int int32() {
        need(4);
        var value = LittleEndian.getInt(bytes, at);
        at += 4;
        return value;
    }

    long int64() {
        need(8);
        var value = LittleEndian.getLong(bytes, at);
        at += 8;
        return value;
    }

    /// A length, seven bits a byte, the lowest first.
    long varint() {
        need(1);
        long value = bytes[at++];
        if (value >= 0) {
            return value;
        }
        value &= 0x7F;
        for (var shift = 7; shift < 64; shift += 7) {
            need(1);
            var b = bytes[at++];
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalStateException("a length without an end");
    }

    void skip(long count) {
        for (var left = count; left > 0; ) {
            var n = (int) Math.min(left, some());
            at += n;
            left -= n;
        }
    }
}
