package dev.millrace.format;

import dev.millrace.core.Encoding;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Finds the encoding of a text from its first bytes.
///
/// 1. A byte-order mark decides, also against what the caller asked for: it is in the bytes, and
///    under any other encoding it would be the first characters of the first column's name. (The
///    WHATWG Encoding Standard ranks them so, too.)
/// 2. Then what the caller asked for.
/// 3. Then structure. Text whose every four bytes are a character, but for a few that are damaged,
///    and some of them ASCII, is UTF-32. Else the byte order in which more of the 16-bit units are
///    ASCII text is UTF-16's, if half of all units are; or, for text that is not mostly Latin, if
///    the text is not UTF-8 and line breaks stand as such units (a few characters hold the byte of
///    a line break by chance, hence the fraction); or if all of them do. Zero bytes alone do not
///    make a text UTF-16.
/// 4. JSON is UTF-8 (RFC 8259, 8.1), and text that is UTF-8, or mostly. Of anything else
///    [LegacyEncodings] judges.
final class EncodingDetector {
    /// Of all line-break bytes, one in so many must be a line break's unit.
    private static final int CHANCE = 20;

    /// Of the characters of UTF-32 one in so many may be damaged.
    private static final int MOST_DAMAGE = 20;

    private static final int GB18030_MARK = 0x84319533;

    private EncodingDetector() {}

    /// @param markBytes the length of the byte-order mark, 0 when there is none
    record Found(Encoding encoding, int markBytes) {}

    /// @throws dev.millrace.core.MillraceException AMBIGUOUS_ENCODING
    static Found detect(byte[] head, int length, @Nullable Encoding asked) {
        var marked = byMark(head, length);
        if (marked != null) {
            return marked;
        }
        return new Found(asked != null ? asked : byStructure(head, length), 0);
    }

    private static @Nullable Found byMark(byte[] head, int length) {
        if (length >= 4) {
            switch (unit(head, 0) << 16 | unit(head, 2)) {
                case 0xFFFE0000 -> {
                    return new Found(Encoding.UTF_32LE, 4);
                }
                case 0x0000FEFF -> {
                    return new Found(Encoding.UTF_32BE, 4);
                }
                case GB18030_MARK -> {
                    return new Found(Encoding.GB18030, 4);
                }
                default -> {}
            }
        }
        if (length >= 3 && unit(head, 0) == 0xEFBB && head[2] == (byte) 0xBF) {
            return new Found(Encoding.UTF_8, 3);
        }
        if (length >= 2 && unit(head, 0) == 0xFEFF) {
            return new Found(Encoding.UTF_16BE, 2);
        }
        if (length >= 2 && unit(head, 0) == 0xFFFE) {
            return new Found(Encoding.UTF_16LE, 2);
        }
        return null;
    }

    private static Encoding byStructure(byte[] head, int length) {
        if (isUtf32(head, length, true)) {
            return Encoding.UTF_32BE;
        }
        if (isUtf32(head, length, false)) {
            return Encoding.UTF_32LE;
        }
        var big = new Order();
        var little = new Order();
        for (var i = 0; i + 1 < length; i += 2) {
            var unit = unit(head, i);
            big.count(unit);
            little.count(Short.toUnsignedInt(Short.reverseBytes((short) unit)));
        }
        var likely = big.beats(little) ? big : little;
        if (!likely.isUtf16(head, length)) {
            return FormatDetector.beginsAsJson(head, length)
                    ? Encoding.UTF_8
                    : LegacyEncodings.find(head, length);
        }
        return likely == big ? Encoding.UTF_16BE : Encoding.UTF_16LE;
    }

    private static boolean isUtf32(byte[] head, int length, boolean bigEndian) {
        var ascii = 0;
        var none = 0;
        for (var i = 0; i + 3 < length; i += 4) {
            var asBig = unit(head, i) << 16 | unit(head, i + 2);
            var character = bigEndian ? asBig : Integer.reverseBytes(asBig);
            if (character == 0
                    || !Character.isValidCodePoint(character)
                    || Character.getType(character) == Character.SURROGATE) {
                none++;
            } else if (character <= '~') {
                ascii++;
            }
        }
        return ascii > 0 && none * MOST_DAMAGE <= length / 4;
    }

    private static int unit(byte[] head, int at) {
        return (head[at] & 0xFF) << 8 | (head[at + 1] & 0xFF);
    }

    private static int count(byte[] head, int length, byte value) {
        var count = 0;
        for (var i = 0; i < length; i++) {
            count += head[i] == value ? 1 : 0;
        }
        return count;
    }

    /// The head may end within a character.
    private static boolean isUtf8(byte[] head, int length) {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        return !decoder.decode(ByteBuffer.wrap(head, 0, length), CharBuffer.allocate(length), false)
                .isError();
    }

    /// What the head's units are in one byte order.
    private static final class Order {
        int text;
        int lineBreaks;

        void count(int unit) {
            if (unit == '\n') {
                lineBreaks++;
            }
            var visible = unit >= ' ' && unit <= '~';
            if (visible || unit == '\n' || unit == '\r' || unit == '\t') {
                text++;
            }
        }

        boolean isUtf16(byte[] head, int length) {
            if (text > 0 && text * 2 >= length / 2) {
                return true;
            }
            var bytes = EncodingDetector.count(head, length, (byte) '\n');
            var all = lineBreaks == bytes;
            var most = lineBreaks * CHANCE >= bytes;
            return lineBreaks > 0 && (all || (most && !isUtf8(head, length)));
        }

        boolean beats(Order other) {
            return lineBreaks != other.lineBreaks
                    ? lineBreaks > other.lineBreaks
                    : text > other.text;
        }
    }
}
