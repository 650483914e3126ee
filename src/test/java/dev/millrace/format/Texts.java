package dev.millrace.format;

import dev.millrace.core.Encoding;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/// Texts as bytes, for the tests of this package.
final class Texts {
    private Texts() {}

    /// Writes a text as it stands, half surrogate pairs included (in UTF-8 as three bytes each).
    static byte[] encode(String text, Encoding encoding, boolean mark) {
        var all = mark ? '\uFEFF' + text : text;
        var out = new ByteArrayOutputStream();
        switch (encoding) {
            case UTF_8 -> all.codePoints().forEach(c -> utf8(c, out));
            case UTF_16BE ->
                    all.chars()
                            .forEach(c -> {
                                out.write(c >> 8);
                                out.write(c);
                            });
            case UTF_16LE ->
                    all.chars()
                            .forEach(c -> {
                                out.write(c);
                                out.write(c >> 8);
                            });
            default -> out.writeBytes(all.getBytes(encoding.charset()));
        }
        return out.toByteArray();
    }

    /// The encodings that can write any character, and a byte-order mark.
    static final List<Encoding> UNICODE =
            List.of(
                    Encoding.UTF_8,
                    Encoding.UTF_16LE,
                    Encoding.UTF_16BE,
                    Encoding.UTF_32LE,
                    Encoding.UTF_32BE);

    /// A text with a question mark for each character that an encoding does not have.
    static String writable(String text, Encoding encoding) {
        return switch (encoding) {
            case UTF_8, UTF_16LE, UTF_16BE -> text;
            default -> new String(text.getBytes(encoding.charset()), encoding.charset());
        };
    }

    static byte[] utf8(String text) {
        return encode(text, Encoding.UTF_8, false);
    }

    private static void utf8(int c, ByteArrayOutputStream out) {
        if (c < 0x80) {
            out.write(c);
        } else if (c < 0x800) {
            out.write(0xC0 | c >> 6);
            out.write(0x80 | (c & 0x3F));
        } else if (c < 0x10000) {
            out.write(0xE0 | c >> 12);
            out.write(0x80 | (c >> 6 & 0x3F));
            out.write(0x80 | (c & 0x3F));
        } else {
            out.write(0xF0 | c >> 18);
            out.write(0x80 | (c >> 12 & 0x3F));
            out.write(0x80 | (c >> 6 & 0x3F));
            out.write(0x80 | (c & 0x3F));
        }
    }

    static byte[] gzip(byte[] content) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] join(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (var part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /// A stream that gives a few bytes at a time, as a network does; `most` 0 gives all at once.
    static InputStream trickle(byte[] bytes, int most, long seed) {
        var random = new Random(seed);
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                var n = most == 0 ? length : Math.min(length, 1 + random.nextInt(most));
                return super.read(into, offset, n);
            }
        };
    }
}
