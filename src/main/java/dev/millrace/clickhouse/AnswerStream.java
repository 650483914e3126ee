package dev.millrace.clickhouse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Passes an answer on while it arrives, but for its end: when something goes wrong after the first
/// rows have left, ClickHouse writes what it was and breaks the connection off (its documentation,
/// "HTTP interface"), and that text must not be taken for rows. Not thread-safe.
final class AnswerStream {
    // ClickHouse cuts such a text at 16 KiB
    private static final int HELD_BYTES = 20 << 10;
    private static final int BUFFER_BYTES = 256 << 10;
    // the text stands between the answer's tag and, after its length, the tag again
    private static final Pattern PROBLEM =
            Pattern.compile(
                    "\\r\\n__exception__\\r\\n(\\w+)\\r\\n(.*?)\\n\\d+ \\1\\r\\n__exception__\\r\\n$",
                    Pattern.DOTALL);

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;

    AnswerStream(OutputStream out) {
        this.out = out;
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

    /// Writes the rest of an answer that has arrived whole.
    void finish() throws IOException {
        write(filled);
    }

    /// What ClickHouse says went wrong in an answer that broke off, or null when it says nothing.
    @Nullable String problem() {
        // the frame is ASCII: one character a byte keeps positions
        var end = new String(buffer, 0, filled, StandardCharsets.ISO_8859_1);
        var found = PROBLEM.matcher(end);
        if (!found.find()) {
            return null;
        }
        var from = found.start(2);
        return new String(buffer, from, found.end(2) - from, StandardCharsets.UTF_8);
    }

    /// What stands at the end of an answer, or null when nothing like it does.
    @Nullable String end(Pattern problem) {
        var from = Math.max(0, filled - HELD_BYTES);
        var found =
                problem.matcher(
                        new String(buffer, from, filled - from, StandardCharsets.ISO_8859_1));
        if (!found.find()) {
            return null;
        }
        return new String(
                buffer, from + found.start(), found.end() - found.start(), StandardCharsets.UTF_8);
    }

    private void write(int count) throws IOException {
        out.write(buffer, 0, count);
        filled -= count;
        System.arraycopy(buffer, count, buffer, 0, filled);
    }
}
