package dev.millrace.clickhouse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Passes an answer on while it arrives, but for its end: there ClickHouse writes what went wrong
/// when something did after the first rows had left (its documentation, "HTTP interface", on the
/// `X-ClickHouse-Exception-Tag`), and that must not be taken for rows. Not thread-safe.
final class AnswerStream {
    // ClickHouse cuts such a text at 16 KiB
    private static final int HELD_BYTES = 20 << 10;
    private static final int BUFFER_BYTES = 128 << 10;

    private final OutputStream out;
    private final String marker;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;

    /// @param tag the answer's tag, empty when the server names none
    AnswerStream(OutputStream out, String tag) {
        this.out = out;
        this.marker = tag.isEmpty() ? "" : "\r\n__exception__\r\n" + tag + "\r\n";
    }

    /// Takes the next bytes that are there.
    ///
    /// @return false at the end
    boolean readFrom(InputStream in) throws IOException {
        var n = in.read(buffer, filled, buffer.length - filled);
        if (n < 0) {
            return false;
        }
        filled += n;
        return true;
    }

    /// Writes what cannot be the end once enough has gathered.
    void pass() throws IOException {
        if (filled > buffer.length / 2) {
            write(filled - HELD_BYTES);
        }
    }

    /// Writes the rest.
    ///
    /// @return what ClickHouse says went wrong, or null
    @Nullable String finish() throws IOException {
        // the marker is ASCII: one character a byte keeps positions
        var end = new String(buffer, 0, filled, StandardCharsets.ISO_8859_1);
        var at = marker.isEmpty() ? -1 : end.lastIndexOf(marker);
        if (at < 0) {
            write(filled);
            return null;
        }
        var from = at + marker.length();
        var problem = new String(buffer, from, filled - from, StandardCharsets.UTF_8);
        write(at);
        return problem;
    }

    private void write(int count) throws IOException {
        out.write(buffer, 0, count);
        filled -= count;
        System.arraycopy(buffer, count, buffer, 0, filled);
    }
}
