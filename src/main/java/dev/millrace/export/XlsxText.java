package dev.millrace.export;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Texts as a workbook's XML has them. What XML cannot hold is written as `_xHHHH_` (ECMA-376, the
/// type ST_Xstring), and an underscore in front of what looks like that as `_x005F_`.
final class XlsxText {
    private XlsxText() {}

    static void ascii(String text, ByteArrayOutputStream out) {
        for (var i = 0; i < text.length(); i++) {
            out.write(text.charAt(i));
        }
    }

    /// How long a text is as Excel counts, in units of UTF-16.
    static int characters(byte[] utf8, int length) {
        var count = 0;
        for (var i = 0; i < length; i++) {
            var b = utf8[i] & 0xFF;
            count += b >= 0xF0 ? 2 : (b & 0xC0) == 0x80 ? 0 : 1;
        }
        return count;
    }

    static void write(byte[] utf8, int length, ByteArrayOutputStream out) {
        for (var i = 0; i < length; i++) {
            var b = utf8[i];
            switch (b) {
                case '&' -> ascii("&amp;", out);
                case '<' -> ascii("&lt;", out);
                case '>' -> ascii("&gt;", out);
                case '_' -> ascii(looksEscaped(utf8, length, i) ? "_x005F_" : "_", out);
                case '\t', '\n' -> out.write(b);
                default -> {
                    if (b >= 0 && b < ' ') {
                        ascii("_x%04X_".formatted(b), out);
                    } else if (isNoCharacter(utf8, length, i)) {
                        ascii((utf8[i + 2] & 1) == 0 ? "_xFFFE_" : "_xFFFF_", out);
                        i += 2;
                    } else {
                        out.write(b);
                    }
                }
            }
        }
    }

    /// U+FFFE and U+FFFF.
    private static boolean isNoCharacter(byte[] utf8, int length, int at) {
        return (utf8[at] & 0xFF) == 0xEF
                && at + 2 < length
                && (utf8[at + 1] & 0xFF) == 0xBF
                && (utf8[at + 2] & 0xFF) >= 0xBE;
    }

    private static boolean looksEscaped(byte[] utf8, int length, int at) {
        return at + 6 < length
                && utf8[at + 1] == 'x'
                && utf8[at + 6] == '_'
                && new String(utf8, at + 2, 4, StandardCharsets.ISO_8859_1)
                        .matches("[0-9A-Fa-f]{4}");
    }
}
