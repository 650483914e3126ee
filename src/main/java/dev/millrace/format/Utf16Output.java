package dev.millrace.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// Brings what [Utf16Content] has made of UTF-16 back to UTF-16: also half surrogate pairs, which
/// stand there as three bytes, and half a unit at the end, which stands there as 0xFF. Any other
/// byte that is no character is one of a line that was cut off, and becomes U+FFFD. Not
/// thread-safe.
final class Utf16Output {
    private static final int NO_CHARACTER = 0xFFFD;
    private static final int HALF_UNIT = 0xFF;

    private final OutputStream out;
    private final boolean bigEndian;
    private final byte[] units = new byte[64 << 10];
    private int filled;

    Utf16Output(OutputStream out, boolean bigEndian) {
        this.out = out;
        this.bigEndian = bigEndian;
    }

    /// Writes whole characters to the stream.
    void write(ByteBuffer utf8) throws IOException {
        var in = utf8.duplicate();
        while (in.hasRemaining()) {
            var lead = in.get() & 0xFF;
            if (lead < 0x80) {
                unit(lead);
            } else if (lead == HALF_UNIT && !in.hasRemaining()) {
                units[filled++] = (byte) HALF_UNIT;
            } else {
                character(lead, in);
            }
        }
        flush();
    }

    private void character(int lead, ByteBuffer in) throws IOException {
        var more = lead < 0xC0 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : lead < 0xF8 ? 3 : 0;
        if (more == 0 || !continues(in, more)) {
            unit(NO_CHARACTER);
            return;
        }
        var character = lead & (0x3F >> more);
        for (var i = 0; i < more; i++) {
            character = character << 6 | (in.get() & 0x3F);
        }
        if (Character.isBmpCodePoint(character)) {
            unit(character);
        } else {
            unit(Character.highSurrogate(character));
            unit(Character.lowSurrogate(character));
        }
    }

    private static boolean continues(ByteBuffer in, int bytes) {
        if (in.remaining() < bytes) {
            return false;
        }
        for (var i = 0; i < bytes; i++) {
            if ((in.get(in.position() + i) & 0xC0) != 0x80) {
                return false;
            }
        }
        return true;
    }

    /// Leaves room for half a unit.
    private void unit(int unit) throws IOException {
        units[filled++] = (byte) (bigEndian ? unit >> 8 : unit);
        units[filled++] = (byte) (bigEndian ? unit : unit >> 8);
        if (filled == units.length) {
            flush();
        }
    }

    private void flush() throws IOException {
        out.write(units, 0, filled);
        filled = 0;
    }
}
