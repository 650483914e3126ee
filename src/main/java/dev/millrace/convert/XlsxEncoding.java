package dev.millrace.convert;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Decodes a workbook's part. It is UTF-8 or UTF-16 (ECMA-376-2, "XML usage"), and known by its
/// mark or by what it declares. What the JDK's parser decodes itself it also prints, where bytes
/// are none of its encoding, past every handler of errors.
final class XlsxEncoding {
    private static final int HEAD_BYTES = 256;
    private static final int MARK_BYTES = 3;
    private static final Pattern OTHER =
            Pattern.compile(
                    "<\\?xml[^>]*\\sencoding\\s*=\\s*[\"'](?!utf-?8[\"']).*",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private XlsxEncoding() {}

    /// The characters of a part, which end with a [java.nio.charset.CharacterCodingException] at
    /// bytes that are none; or null of one in another encoding.
    ///
    /// @param in supports mark
    static @Nullable Reader decode(InputStream in) throws IOException {
        in.mark(HEAD_BYTES);
        var head = in.readNBytes(HEAD_BYTES);
        in.reset();
        if (begins(head, 0xFE, 0xFF) || begins(head, 0xFF, 0xFE)) {
            return reader(in, StandardCharsets.UTF_16);
        }
        if (head.length >= MARK_BYTES && begins(head, 0xEF, 0xBB) && head[2] == (byte) 0xBF) {
            in.skipNBytes(MARK_BYTES);
            return reader(in, StandardCharsets.UTF_8);
        }
        var isOther =
                begins(head, '<', 0)
                        || begins(head, 0, '<')
                        || OTHER.matcher(new String(head, StandardCharsets.ISO_8859_1)).lookingAt();
        return isOther ? null : reader(in, StandardCharsets.UTF_8);
    }

    private static boolean begins(byte[] head, int first, int second) {
        return head.length > 1 && head[0] == (byte) first && head[1] == (byte) second;
    }

    private static Reader reader(InputStream in, Charset charset) {
        return new InputStreamReader(in, charset.newDecoder());
    }
}
