package dev.millrace.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// An encoding whose characters take several bytes, as the JDK reads it. Some characters of such
/// ones can be written in more than one way, so a text does not tell its source's bytes; and what
/// follows an undecodable byte may, written in the other way, make a character with it.
///
/// @param unitBytes how many bytes stand together also when they are no character
record CharsetCoding(Charset charset, int unitBytes) implements Coding {
    private static final int PIECE_BYTES = 64 << 10;

    @Override
    public DecodedContent decode(Content content) {
        return unitBytes == Integer.BYTES
                ? new Utf32Content(content, charset.name().endsWith("BE"))
                : new CharsetContent(content, charset);
    }

    @Override
    public boolean isReversible() {
        return false;
    }

    @Override
    public long sourceBytes(byte[] text, int from, int to) {
        throw new IllegalStateException("A text does not tell how long it was in " + charset);
    }

    @Override
    public int mostUnitBytes() {
        throw new IllegalStateException("A text does not tell what it was in " + charset);
    }

    @Override
    public int encode(byte[] text, int from, int to, byte[] into) {
        throw new IllegalStateException("A text does not tell what it was in " + charset);
    }

    @Override
    public void write(ByteBuffer text, OutputStream out) throws IOException {
        var bytes = text.array();
        var at = text.arrayOffset() + text.position();
        var to = at + text.remaining();
        var encoder =
                charset.newEncoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE);
        while (at < to) {
            if (UndecodableByte.isAt(bytes, at, to)) {
                out.write(UndecodableByte.at(bytes, at));
                at += UndecodableByte.LENGTH;
            } else {
                var end = runEnd(bytes, at, to);
                write(new String(bytes, at, end - at, StandardCharsets.UTF_8), encoder, out);
                at = end;
            }
        }
    }

    /// The end of the characters that begin here, or of the first few thousand of them.
    private static int runEnd(byte[] text, int from, int to) {
        var limit = Math.min(to, from + PIECE_BYTES);
        var at = from + 1;
        while (at < limit && !UndecodableByte.isAt(text, at, to)) {
            at++;
        }
        while (at < to && (text[at] & 0xC0) == 0x80) {
            at++;
        }
        return at;
    }

    private static void write(String text, CharsetEncoder encoder, OutputStream out)
            throws IOException {
        var encoded = encoder.encode(CharBuffer.wrap(text));
        out.write(encoded.array(), encoded.arrayOffset(), encoded.remaining());
    }
}
