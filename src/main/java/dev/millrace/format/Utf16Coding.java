package dev.millrace.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// UTF-16 in one of its byte orders; see [Utf16Content] for what becomes of half characters.
record Utf16Coding(boolean bigEndian) implements Coding {
    private static final int MOST_UNIT_BYTES = 2;

    @Override
    public DecodedContent decode(Content content) {
        return new Utf16Content(content, bigEndian);
    }

    @Override
    public long sourceBytes(byte[] text, int from, int to) {
        return Utf16Content.bytesOf(text, from, to);
    }

    @Override
    public int unitBytes() {
        return Character.BYTES;
    }

    @Override
    public int mostUnitBytes() {
        return MOST_UNIT_BYTES;
    }

    @Override
    public int encode(byte[] text, int from, int to, byte[] into) {
        return Utf16Content.encode(text, from, to, into, bigEndian);
    }

    @Override
    public void write(ByteBuffer text, OutputStream out) throws IOException {
        new Utf16Output(out, bigEndian).write(text);
    }
}
