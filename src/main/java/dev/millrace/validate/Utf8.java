package dev.millrace.validate;

import dev.millrace.core.LittleEndian;

/// Well-formed UTF-8 as the Unicode Standard's table 3-7 has it: the shortest form only, no
/// surrogates, nothing above U+10FFFF.
final class Utf8 {
    /// The bits that eight ASCII bytes leave clear.
    static final long NOT_ASCII = 0x8080808080808080L;

    private Utf8() {}

    static boolean isValid(byte[] bytes, int start, int end) {
        var i = start;
        while (i < end) {
            if (i <= end - Long.BYTES && (LittleEndian.getLong(bytes, i) & NOT_ASCII) == 0) {
                i += Long.BYTES;
                continue;
            }
            var length = sequence(bytes, i, end);
            if (length == 0) {
                return false;
            }
            i += length;
        }
        return true;
    }

    /// How many characters (code points) valid UTF-8 has.
    static int characters(byte[] bytes, int start, int end) {
        var count = 0;
        for (var i = start; i < end; i++) {
            count += (bytes[i] & 0xC0) == 0x80 ? 0 : 1;
        }
        return count;
    }

    /// The length of the sequence that begins here, 0 when it is not well-formed.
    private static int sequence(byte[] bytes, int i, int end) {
        var first = bytes[i];
        if (first >= 0) {
            return 1;
        }
        var lead = first & 0xFF;
        var length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        if (length == 0 || end - i < length || !secondFits(lead, bytes[i + 1] & 0xFF)) {
            return 0;
        }
        for (var k = 2; k < length; k++) {
            if ((bytes[i + k] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    private static boolean secondFits(int lead, int second) {
        var lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        var highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        return second >= lowest && second <= highest;
    }
}
