package dev.millrace.core;

/// Characters that are written as JSON escapes, such as `\\u20AC`, in bytes.
public final class CodePoints {
    private static final int ESCAPE_BYTES = 6;

    private CodePoints() {}

    /// The character of the escape that begins at `at`; of two when they are a surrogate pair.
    ///
    /// @return -1 when there is none, or half a pair
    public static int read(byte[] bytes, int at, int to) {
        var unit = unit(bytes, at, to);
        if (unit < 0 || !Character.isSurrogate((char) unit)) {
            return unit;
        }
        var low = unit(bytes, at + ESCAPE_BYTES, to);
        return Character.isHighSurrogate((char) unit)
                        && low >= 0
                        && Character.isLowSurrogate((char) low)
                ? Character.toCodePoint((char) unit, (char) low)
                : -1;
    }

    /// How many bytes the escape of a character takes.
    public static int escapeBytes(int character) {
        return Character.isBmpCodePoint(character) ? ESCAPE_BYTES : 2 * ESCAPE_BYTES;
    }

    private static int unit(byte[] bytes, int at, int to) {
        if (to - at < ESCAPE_BYTES || bytes[at] != '\\' || bytes[at + 1] != 'u') {
            return -1;
        }
        var unit = 0;
        for (var i = at + 2; i < at + ESCAPE_BYTES; i++) {
            var digit = bytes[i] < 0 ? -1 : Character.digit(bytes[i], 16);
            if (digit < 0) {
                return -1;
            }
            unit = 16 * unit + digit;
        }
        return unit;
    }

    /// Writes a character as UTF-8, in 1 to 4 bytes.
    ///
    /// @return the byte after it
    public static int write(int character, byte[] into, int at) {
        var to = at;
        if (character < 0x80) {
            into[to++] = (byte) character;
        } else if (character < 0x800) {
            into[to++] = (byte) (0xC0 | (character >> 6));
            into[to++] = last(character);
        } else if (character < 0x10000) {
            into[to++] = (byte) (0xE0 | (character >> 12));
            into[to++] = last(character >> 6);
            into[to++] = last(character);
        } else {
            into[to++] = (byte) (0xF0 | (character >> 18));
            into[to++] = last(character >> 12);
            into[to++] = last(character >> 6);
            into[to++] = last(character);
        }
        return to;
    }

    private static byte last(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }
}
