package dev.millrace.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The bytes of a [WebAddress], in order and each once, however often the connection breaks. It
/// goes on by a `Range` of the same entity where the server has both; otherwise it reads what it
/// has given already once more, and gives on only behind the very same bytes. For one thread.
final class WebStream extends InputStream {
    /// Tries behind each other that bring nothing: in three seconds, beside what they take.
    private static final int MOST_VAIN = 5;

    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final int PIECE_BYTES = 1 << 16;

    private final WebAddress address;
    private final long bytes;
    private final @Nullable String tag;
    private final MessageDigest given = Sha256.begin();
    private HttpURLConnection connection;
    private InputStream in;
    private long position;
    private int vain;

    private WebStream(WebAddress address, HttpURLConnection connection, InputStream in) {
        this.address = address;
        this.connection = connection;
        this.in = in;
        this.bytes = connection.getContentLengthLong();
        this.tag = strongTag(connection);
    }

    /// @throws Failure when it cannot be had
    static WebStream open(WebAddress address) {
        try {
            var connection = address.ask(0, null);
            requireEnd(address, connection);
            return new WebStream(address, connection, connection.getInputStream());
        } catch (IOException e) {
            throw address.unreadable(e);
        }
    }

    /// The same from its first byte again.
    ///
    /// @throws Failure when it cannot be had, or is known to have changed
    WebStream again() {
        close();
        var again = open(address);
        if (again.bytes != bytes || (tag != null && !tag.equals(again.tag))) {
            again.close();
            throw changed();
        }
        return again;
    }

    /// How long it is, or -1 when the server does not say.
    long bytes() {
        return bytes;
    }

    /// What is neither counted nor in chunks ends like what breaks off.
    private static void requireEnd(WebAddress address, HttpURLConnection connection) {
        var isChunked = "chunked".equalsIgnoreCase(connection.getHeaderField("Transfer-Encoding"));
        if (connection.getContentLengthLong() < 0 && !isChunked) {
            connection.disconnect();
            throw new Failure(
                    "%s does not say how long its answer is, so that its end could not be told from"
                                    .formatted(address)
                            + " a break",
                    "Download it first, and load the file.");
        }
    }

    private static @Nullable String strongTag(HttpURLConnection connection) {
        var tag = connection.getHeaderField("ETag");
        return tag == null || tag.startsWith("W/") ? null : tag;
    }

    @Override
    public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /// @throws Failure when it breaks off for good, or has changed
    @Override
    public int read(byte[] buffer, int offset, int length) {
        while (true) {
            try {
                var n = in.read(buffer, offset, length);
                if (n >= 0 && bytes >= 0 && position + n > bytes) {
                    throw changed();
                }
                if (n > 0) {
                    given.update(buffer, offset, n);
                    position += n;
                    vain = 0;
                }
                // Chunks, of which bytes is -1, tell their end from a break themselves.
                if (n >= 0 || position >= bytes) {
                    return n;
                }
                goOn(new IOException("the connection ended"));
            } catch (IOException e) {
                goOn(e);
            }
        }
    }

    private void goOn(IOException broken) {
        for (var last = broken; ; ) {
            connection.disconnect();
            if (++vain > MOST_VAIN) {
                throw new Failure(
                        "%s breaks off again and again, behind %,d%s bytes: %s"
                                .formatted(
                                        address,
                                        position,
                                        bytes < 0 ? "" : " of %,d".formatted(bytes),
                                        last.getMessage()),
                        "Try again later, or download it first.",
                        last);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(FIRST_PAUSE_MILLIS << (vain - 1)));
            try {
                reopen();
                return;
            } catch (IOException e) {
                last = e;
            }
        }
    }

    private void reopen() throws IOException {
        connection = address.ask(position, tag);
        var isRest = connection.getResponseCode() == HttpURLConnection.HTTP_PARTIAL;
        if (tag != null && !tag.equals(strongTag(connection))) {
            throw changed();
        }
        if (isRest) {
            requireRest();
            in = connection.getInputStream();
            return;
        }
        if (connection.getContentLengthLong() != bytes) {
            throw changed();
        }
        in = connection.getInputStream();
        passOver();
    }

    private void requireRest() {
        var range = String.valueOf(connection.getHeaderField("Content-Range"));
        var begins = range.startsWith("bytes %d-".formatted(position));
        var total = range.substring(range.indexOf('/') + 1);
        var fits = bytes < 0 || total.equals("*") || total.equals(Long.toString(bytes));
        if (!begins || !fits) {
            throw changed();
        }
    }

    /// Reads what was given already.
    private void passOver() throws IOException {
        var digest = Sha256.begin();
        var buffer = new byte[PIECE_BYTES];
        for (var left = position; left > 0; ) {
            var n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                throw new IOException("the connection ended");
            }
            digest.update(buffer, 0, n);
            left -= n;
        }
        if (!Arrays.equals(digest.digest(), soFar())) {
            throw changed();
        }
    }

    private byte[] soFar() {
        try {
            return ((MessageDigest) given.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The JDK's SHA-256 can be cloned", e);
        }
    }

    private Failure changed() {
        return new Failure(
                "%s changed while it was read".formatted(address),
                "Load it again once nobody changes it any more.");
    }

    /// Gives up the connection, so that nothing of the rest is fetched.
    @Override
    public void close() {
        connection.disconnect();
    }
}
