package dev.millrace.export;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.util.Arrays;

/// The blocks of an Avro object container file ("Object Container Files" of its specification):
/// each says how many rows it has and ends with the file's mark.
final class AvroTally extends Tally {
    private static final byte[] MAGIC = {'O', 'b', 'j', 1};
    private static final int MARK_BYTES = 16;

    /// What comes next.
    private enum Part {
        MAGIC,
        PAIRS,
        KEY_LENGTH,
        KEY,
        VALUE_LENGTH,
        VALUE,
        PAIRS_BYTES,
        FIRST_MARK,
        ROWS,
        BYTES,
        DATA,
        MARK
    }

    private final byte[] mark = new byte[MARK_BYTES];
    private Part part = Part.MAGIC;

    /// Of the part: how many bytes have passed, or the number as far as it is read.
    private long number;

    private int shift;
    private int done;
    private long pairs;
    private long left;
    private long blockRows;
    private long counted;
    private volatile long seen;

    @Override
    public void write(byte[] bytes, int from, int count) {
        var to = from + count;
        for (var i = from; i < to; ) {
            if (part == Part.KEY || part == Part.VALUE || part == Part.DATA) {
                var some = (int) Math.min(left, to - i);
                left -= some;
                i += some;
                if (left == 0) {
                    passed();
                }
            } else {
                step(bytes[i++]);
            }
        }
        seen = counted;
    }

    private void step(byte b) {
        switch (part) {
            case MAGIC -> {
                require(b == MAGIC[done++]);
                if (done == MAGIC.length) {
                    go(Part.PAIRS);
                }
            }
            case FIRST_MARK -> {
                mark[done++] = b;
                if (done == MARK_BYTES) {
                    go(Part.ROWS);
                }
            }
            case MARK -> {
                require(b == mark[done++]);
                if (done == MARK_BYTES) {
                    counted += blockRows;
                    go(Part.ROWS);
                }
            }
            case PAIRS, KEY_LENGTH, VALUE_LENGTH, PAIRS_BYTES, ROWS, BYTES -> {
                require(shift < Long.SIZE);
                number |= (b & 0x7FL) << shift;
                shift += 7;
                if (b >= 0) {
                    numbered((number >>> 1) ^ -(number & 1));
                }
            }
            case KEY, VALUE, DATA -> throw new IllegalStateException();
        }
    }

    private void numbered(long value) {
        switch (part) {
            case PAIRS -> {
                pairs = Math.abs(value);
                go(value == 0 ? Part.FIRST_MARK : value < 0 ? Part.PAIRS_BYTES : Part.KEY_LENGTH);
            }
            case PAIRS_BYTES -> go(Part.KEY_LENGTH);
            case KEY_LENGTH -> skip(value, Part.KEY);
            case VALUE_LENGTH -> skip(value, Part.VALUE);
            case ROWS -> {
                require(value >= 0);
                blockRows = value;
                go(Part.BYTES);
            }
            case BYTES -> skip(value, Part.DATA);
            case MAGIC, KEY, VALUE, FIRST_MARK, DATA, MARK -> throw new IllegalStateException();
        }
    }

    private void skip(long count, Part over) {
        require(count >= 0);
        go(over);
        left = count;
        if (count == 0) {
            passed();
        }
    }

    private void passed() {
        switch (part) {
            case KEY -> go(Part.VALUE_LENGTH);
            case VALUE -> {
                pairs--;
                go(pairs == 0 ? Part.PAIRS : Part.KEY_LENGTH);
            }
            case DATA -> go(Part.MARK);
            case MAGIC, PAIRS, KEY_LENGTH, VALUE_LENGTH, PAIRS_BYTES ->
                    throw new IllegalStateException();
            case FIRST_MARK, ROWS, BYTES, MARK -> throw new IllegalStateException();
        }
    }

    private void go(Part next) {
        part = next;
        number = 0;
        shift = 0;
        done = 0;
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new MillraceException(
                    ErrorCode.EXPORT_INCOMPLETE,
                    "What ClickHouse has sent is no Avro file: its blocks do not fit together");
        }
    }

    @Override
    long rows() {
        return seen;
    }

    @Override
    long end() {
        require(part == Part.ROWS && shift == 0 && !Arrays.equals(mark, new byte[MARK_BYTES]));
        return counted;
    }
}
