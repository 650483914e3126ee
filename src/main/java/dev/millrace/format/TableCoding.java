package dev.millrace.format;

import dev.millrace.core.Encoding;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// An encoding in which each byte is a character, the first 128 those of ASCII, or none.
final class TableCoding implements Coding {
    /// What a character that the encoding does not have is written as.
    private static final byte REPLACEMENT = '?';

    private static final Map<Encoding, TableCoding> KNOWN = new ConcurrentHashMap<>();

    /// The UTF-8 of each byte, its first byte lowest and their number highest; 0 where there is
    /// none.
    private final int[] utf8 = new int[256];

    /// The byte of each character; 0 where there is none.
    private final byte[] bytes = new byte[1 << Character.SIZE];

    private TableCoding(Encoding encoding) {
        for (var b = 0; b < utf8.length; b++) {
            var text = CharBuffer.allocate(1);
            var result =
                    encoding.charset()
                            .newDecoder()
                            .decode(ByteBuffer.wrap(new byte[] {(byte) b}), text, true);
            if (!result.isError() && text.position() == 1) {
                utf8[b] = packed(text.get(0));
                bytes[text.get(0)] = (byte) b;
            }
        }
    }

    static TableCoding of(Encoding encoding) {
        return KNOWN.computeIfAbsent(encoding, TableCoding::new);
    }

    private static int packed(char character) {
        var text = String.valueOf(character).getBytes(StandardCharsets.UTF_8);
        var packed = text.length << 24;
        for (var i = 0; i < text.length; i++) {
            packed |= (text[i] & 0xFF) << (8 * i);
        }
        return packed;
    }

    @Override
    public DecodedContent decode(Content content) {
        return new TableContent(content, utf8);
    }

    @Override
    public long sourceBytes(byte[] text, int from, int to) {
        return TableContent.bytesOf(text, from, to);
    }

    @Override
    public int encode(byte[] text, int from, int to, byte[] into) {
        var out = 0;
        for (var at = from; at < to; ) {
            var length = length(text, at, to);
            into[out++] = encoded(text, at, to, length);
            at += length;
        }
        return out;
    }

    private byte encoded(byte[] text, int at, int to, int length) {
        if (text[at] >= 0) {
            return text[at];
        }
        if (UndecodableByte.isAt(text, at, to)) {
            return UndecodableByte.at(text, at);
        }
        var found = bytes[character(text, at, length)];
        return found == 0 ? REPLACEMENT : found;
    }

    /// Of a character of two or three bytes; those of four are in no such encoding.
    private static int character(byte[] text, int at, int length) {
        return switch (length) {
            case 2 -> (text[at] & 0x1F) << 6 | (text[at + 1] & 0x3F);
            case 3 -> (text[at] & 0x0F) << 12 | (text[at + 1] & 0x3F) << 6 | (text[at + 2] & 0x3F);
            default -> 0;
        };
    }

    /// Of the character that begins here; 1 for a byte that begins none, or none that is whole.
    private static int length(byte[] text, int at, int to) {
        var first = text[at];
        var length =
                first >= 0 || (first & 0xC0) == 0x80
                        ? 1
                        : (first & 0xE0) == 0xC0 ? 2 : (first & 0xF0) == 0xE0 ? 3 : 4;
        for (var i = 1; i < length; i++) {
            if (at + i >= to || (text[at + i] & 0xC0) != 0x80) {
                return 1;
            }
        }
        return length;
    }

    @Override
    public void write(ByteBuffer text, OutputStream out) throws IOException {
        var start = text.arrayOffset() + text.position();
        var encoded = new byte[text.remaining()];
        out.write(encoded, 0, encode(text.array(), start, start + text.remaining(), encoded));
    }
}
