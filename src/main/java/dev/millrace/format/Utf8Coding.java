package dev.millrace.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// UTF-8 is handed on as it is: whether it is valid is judged field by field when rows are read.
record Utf8Coding() implements Coding {
    @Override
    public DecodedContent decode(Content content) {
        return content::read;
    }

    @Override
    public long sourceBytes(byte[] text, int from, int to) {
        return (long) to - from;
    }

    @Override
    public int encode(byte[] text, int from, int to, byte[] into) {
        System.arraycopy(text, from, into, 0, to - from);
        return to - from;
    }

    @Override
    public void write(ByteBuffer text, OutputStream out) throws IOException {
        out.write(text.array(), text.arrayOffset() + text.position(), text.remaining());
    }
}
