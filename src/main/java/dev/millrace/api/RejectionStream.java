package dev.millrace.api;

import dev.millrace.core.Rejection;
import io.javalin.http.Context;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes rejections one by one, so that a million of them take no memory. Not thread-safe.
sealed interface RejectionStream extends Closeable {
    int BUFFER_BYTES = 64 << 10;

    /// @throws UncheckedIOException when the caller is gone
    void write(Rejection rejection);

    @Override
    void close() throws IOException;

    /// Begins an answer in the form that the request accepts: CSV unless it names the other.
    ///
    /// @param names of the sources by their ordinals, where there are several; else none
    static RejectionStream open(Context ctx, boolean raw, List<String> names) throws IOException {
        var accept = ctx.header("Accept");
        var lines = accept != null && accept.contains("application/x-ndjson");
        ctx.contentType(lines ? "application/x-ndjson" : "text/csv; charset=utf-8");
        var out = new BufferedOutputStream(ctx.res().getOutputStream(), BUFFER_BYTES);
        return lines ? new Lines(out, raw, names) : new Csv(out, raw, names);
    }

    /// One JSON object a line.
    record Lines(OutputStream out, boolean raw, List<String> names) implements RejectionStream {
        @Override
        public void write(Rejection rejection) {
            var node =
                    Json.object()
                            .put("row", rejection.row())
                            .put("eventId", rejection.eventId())
                            .put("column", rejection.column())
                            .put("type", rejection.type())
                            .put("error", rejection.error().name())
                            .put("observed", rejection.observed())
                            .put("message", rejection.message());
            if (raw) {
                node.put("raw", rejection.raw());
            }
            if (!names.isEmpty()) {
                node.put("source", rejection.source())
                        .put("sourceName", names.get(rejection.source()));
            }
            try {
                out.write(Json.bytes(node));
                out.write('\n');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }

    /// RFC 4180: CRLF after each record; quotes around a field that needs them, doubled inside.
    final class Csv implements RejectionStream {
        private final OutputStream out;
        private final boolean raw;
        private final List<String> names;
        private final StringBuilder line = new StringBuilder();

        Csv(OutputStream out, boolean raw, List<String> names) throws IOException {
            this.out = out;
            this.raw = raw;
            this.names = names;
            line.append("ROW,EVENT_ID,COLUMN,TYPE,ERROR,OBSERVED,MESSAGE");
            if (raw) {
                line.append(",RAW");
            }
            if (!names.isEmpty()) {
                line.append(",SOURCE");
            }
            endLine();
        }

        @Override
        public void write(Rejection rejection) {
            line.append(rejection.row());
            append(rejection.eventId());
            append(rejection.column());
            append(rejection.type());
            append(rejection.error().name());
            append(rejection.observed());
            append(rejection.message());
            if (raw) {
                append(rejection.raw());
            }
            if (!names.isEmpty()) {
                append(names.get(rejection.source()));
            }
            try {
                endLine();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void append(String field) {
            line.append(',');
            if (field.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')) {
                line.append('"').append(field.replace("\"", "\"\"")).append('"');
            } else {
                line.append(field);
            }
        }

        private void endLine() throws IOException {
            out.write(line.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
            line.setLength(0);
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }
}
