package dev.millrace.intake;

import dev.millrace.core.UploadRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;

/// A source of [#ROWS] records as a sender has it: with line breaks in quotes, of both kinds, and
/// empty lines; and how it reaches a server, or does not.
final class SentFile {
    static final int ROWS = 20_000;

    private SentFile() {}

    static UploadRequest asked(byte[] file, long offset) {
        return new UploadRequest(
                file.length, offset, offset < 0 ? null : prefix(file, offset), true);
    }

    static InputStream in(byte[] file, long from) {
        var at = (int) Math.max(0, from);
        return new ByteArrayInputStream(file, at, file.length - at);
    }

    static InputStream breaking(byte[] file, long from, int end) {
        var at = (int) Math.max(0, from);
        return new SequenceInputStream(
                new ByteArrayInputStream(file, at, end - at),
                new FilterInputStream(InputStream.nullInputStream()) {
                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        throw new IOException("connection reset");
                    }
                });
    }

    /// Waits, whatever interrupts it.
    static final class Frozen extends InputStream {
        private final CountDownLatch wake;
        private final InputStream in;

        Frozen(CountDownLatch wake, InputStream in) {
            this.wake = wake;
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            return read(new byte[1], 0, 1);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            while (wake.getCount() > 0) {
                try {
                    wake.await();
                } catch (InterruptedException e) {
                    // it is frozen
                }
            }
            return in.read(into, offset, length);
        }
    }

    /// A sender that is gone without a word.
    static final class Silent extends FilterInputStream {
        Silent() {
            super(InputStream.nullInputStream());
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException("interrupted");
            }
            return -1;
        }
    }

    static byte[] file(Charset charset) {
        var text = new StringBuilder(charset.equals(StandardCharsets.UTF_8) ? "" : "\uFEFF");
        text.append("\na,b\r\n");
        for (var i = 0; i < ROWS; i++) {
            text.append(i).append(i % 7 == 0 ? ",\"row 😀\n" + i + "\"" : ",row " + i);
            text.append(i % 3 == 0 ? "\r\n" : "\n");
            text.append(i % 50 == 0 ? "\n" : "");
        }
        return text.toString().replace("0,\"row 😀\n0\"", "0,row 0").getBytes(charset);
    }

    static byte[] replaced(byte[] file, String from, String to) {
        return new String(file, StandardCharsets.UTF_8)
                .replace(from, to)
                .getBytes(StandardCharsets.UTF_8);
    }

    static byte[] gzip(byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    static String prefix(byte[] file, long offset) {
        return sha256(Arrays.copyOf(file, (int) offset));
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
