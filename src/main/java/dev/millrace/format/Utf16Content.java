package dev.millrace.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Brings UTF-16 to UTF-8.
///
/// What is not a character stays not one, so that the validator rejects just the record that holds
/// it: half of a surrogate pair becomes the three bytes that UTF-8's scheme would give it, and half
/// of a unit at the end becomes 0xFF. Neither is valid UTF-8. Not thread-safe.
final class Utf16Content extends Transcoder {
    private static final VarHandle BIG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LITTLE =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BIG_INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LITTLE_INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /// The bits that four ASCII units do not have.
    private static final long NOT_ASCII = 0xFF80FF80FF80FF80L;

    private static final int LONGEST_CHARACTER = 4;

    /// What becomes of half a unit at the source's end.
    private static final byte HALF_UNIT = (byte) 0xFF;

    private final boolean bigEndian;
    private boolean endedInHalf;

    Utf16Content(Content content, boolean bigEndian) {
        super(content, LONGEST_CHARACTER);
        this.bigEndian = bigEndian;
    }

    @Override
    public boolean endedInHalf() {
        return endedInHalf;
    }

    @Override
    long sourceBytes(byte[] text, int start, int end) {
        return bytesOf(text, start, end);
    }

    /// How many bytes of UTF-16 stand for the characters that begin in `[from, to)` of a text.
    static long bytesOf(byte[] text, int from, int to) {
        var bytes = 0L;
        for (var i = from; i < to; i++) {
            bytes += unitBytes(text[i]);
        }
        return bytes;
    }

    /// By a character's first byte; 0 for the others.
    private static int unitBytes(byte b) {
        if ((b & 0xC0) == 0x80) {
            return 0;
        }
        if (b == HALF_UNIT) {
            return 1;
        }
        return (b & 0xF8) == 0xF0 ? 4 : 2;
    }

    /// Brings whole characters back to UTF-16, as they were: but for half a unit at a source's end,
    /// of which nothing is left.
    ///
    /// @return how many bytes were written to the start of `into`
    static int encode(byte[] text, int from, int to, byte[] into, boolean bigEndian) {
        var out = 0;
        for (var i = from; i < to; ) {
            var first = text[i] & 0xFF;
            if (text[i] == HALF_UNIT) {
                i++;
            } else if (first < 0x80) {
                out = put(into, out, first, bigEndian);
                i++;
            } else if (first < 0xE0) {
                out = put(into, out, (first & 0x1F) << 6 | low(text, i + 1), bigEndian);
                i += 2;
            } else if (first < 0xF0) {
                var unit = (first & 0x0F) << 12 | low(text, i + 1) << 6 | low(text, i + 2);
                out = put(into, out, unit, bigEndian);
                i += 3;
            } else {
                var character =
                        (first & 0x07) << 18
                                | low(text, i + 1) << 12
                                | low(text, i + 2) << 6
                                | low(text, i + 3);
                out = put(into, out, Character.highSurrogate(character), bigEndian);
                out = put(into, out, Character.lowSurrogate(character), bigEndian);
                i += 4;
            }
        }
        return out;
    }

    private static int low(byte[] text, int at) {
        return text[at] & 0x3F;
    }

    private static int put(byte[] into, int at, int unit, boolean bigEndian) {
        into[at] = (byte) (bigEndian ? unit >> 8 : unit);
        into[at + 1] = (byte) (bigEndian ? unit : unit >> 8);
        return at + 2;
    }

    @Override
    void transcode(byte[] into, int limit) {
        while (to - from >= 2 && hasRoom(limit)) {
            if (to - from >= 8 && asciiRun(into, limit)) {
                continue;
            }
            var unit = unit(from);
            if (!Character.isSurrogate(unit)) {
                from += 2;
                write(into, unit);
            } else if (Character.isHighSurrogate(unit) && to - from < 4 && !ended) {
                return;
            } else {
                surrogate(into, unit);
            }
        }
        if (ended && to - from == 1 && limit > written) {
            into[written++] = HALF_UNIT;
            endedInHalf = true;
            from = to;
        }
    }

    /// Takes units by fours while all are ASCII.
    ///
    /// @return whether it took any
    private boolean asciiRun(byte[] into, int limit) {
        var in = from;
        var out = written;
        var last = Math.min(to - 8, in + (limit - out - 4) * 2);
        for (; in <= last; in += 8, out += 4) {
            var units = bigEndian ? (long) BIG.get(raw, in) : (long) LITTLE.get(raw, in);
            if ((units & NOT_ASCII) != 0) {
                break;
            }
            var pairs = (units | units >>> 8) & 0x0000FFFF0000FFFFL;
            var four = (int) (pairs | pairs >>> 16);
            if (bigEndian) {
                BIG_INT.set(into, out, four);
            } else {
                LITTLE_INT.set(into, out, four);
            }
        }
        var any = in > from;
        from = in;
        written = out;
        return any;
    }

    private char unit(int at) {
        var first = raw[at] & 0xFF;
        var second = raw[at + 1] & 0xFF;
        return (char) (bigEndian ? first << 8 | second : second << 8 | first);
    }

    private void surrogate(byte[] into, char unit) {
        from += 2;
        if (!Character.isHighSurrogate(unit)
                || to - from < 2
                || !Character.isLowSurrogate(unit(from))) {
            write(into, unit);
            return;
        }
        write(into, unit, unit(from));
        from += 2;
    }
}
