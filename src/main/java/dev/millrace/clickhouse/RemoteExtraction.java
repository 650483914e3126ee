package dev.millrace.clickhouse;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.Extraction;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A query of a connection whose answer may take hours. Thread-safe but for [#run].
///
/// An answer counts as whole when the server ends it as HTTP wants it ended: since 25.11 it breaks
/// the connection off when something goes wrong behind the first rows. One that does not say that
/// it does so (it has no `X-ClickHouse-Exception-Tag`) writes what went wrong at the end and ends
/// the answer well; there the end is looked at.
final class RemoteExtraction implements Extraction {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteExtraction.class);

    /// The longest that an answer may be silent. Whoever runs this looks at the server meanwhile.
    private static final int SILENCE_HOURS = 24;

    /// Between looks into the query log: six of them, within a second and a half.
    private static final long FIRST_PAUSE_MILLIS = 50;

    private static final long LAST_PAUSE_MILLIS = 800;

    /// As in `Code: 395. DB::Exception: … (version 24.8.4.13 (official build))`.
    static final Pattern OLD_PROBLEM =
            Pattern.compile(
                    "Code: \\d+\\. DB::Exception: .{1,16000}"
                            + "\\(version [0-9.]+(?: \\([^()\\n]*\\))?\\)\\s*$",
                    Pattern.DOTALL);

    private final RemoteDatabase server;
    private final RemoteDatabase overseer;
    private final String query;
    private final String format;
    private final Map<String, String> wanted;
    private final String queryId = RemoteDatabase.newId();
    private volatile boolean cancelled;
    private volatile @Nullable HttpPost request;

    RemoteExtraction(
            RemoteDatabase server,
            RemoteDatabase overseer,
            String query,
            String format,
            Map<String, String> wanted) {
        this.server = server;
        this.overseer = overseer;
        this.query = query;
        this.format = format;
        this.wanted = wanted;
    }

    @Override
    public void run(OutputStream out) {
        var sent = server.request(queryId, query, format, settings());
        sent.setConfig(
                RequestConfig.custom()
                        .setConnectionRequestTimeout(
                                server.reach().connectLimit().toMillis(), TimeUnit.MILLISECONDS)
                        .setResponseTimeout(SILENCE_HOURS, TimeUnit.HOURS)
                        .setRedirectsEnabled(false)
                        .build());
        request = sent;
        requireWanted();
        var response = server.send(sent);
        try {
            copy(response, out);
        } catch (IOException e) {
            requireWanted();
            throw server.broken(e);
        } finally {
            end(sent, response);
        }
    }

    /// Cancelled first: to close an answer in the middle would read the rest of it.
    private static void end(HttpPost sent, ClassicHttpResponse response) {
        sent.cancel();
        RemoteDatabase.close(response);
    }

    private Map<String, String> settings() {
        var settings = new LinkedHashMap<>(server.inForce(wanted));
        if (!settings.isEmpty()) {
            settings.put("cancel_http_readonly_queries_on_client_close", "1");
        }
        return settings;
    }

    private void copy(ClassicHttpResponse response, OutputStream out) throws IOException {
        var answer = new AnswerStream(out);
        var in = RemoteAnswer.of(response).in();
        while (read(in, answer)) {
            requireWanted();
            pass(answer::pass);
        }
        if (RemoteAnswer.header(response, "X-ClickHouse-Exception-Tag") == null) {
            var problem = answer.end(OLD_PROBLEM);
            if (problem != null) {
                throw server.refused(problem);
            }
        }
        pass(answer::finish);
    }

    private boolean read(InputStream in, AnswerStream answer) throws IOException {
        try {
            return answer.readFrom(in);
        } catch (IOException e) {
            requireWanted();
            var problem = answer.problem();
            if (problem != null) {
                throw server.refused(problem);
            }
            throw e;
        }
    }

    private interface Passing {
        void run() throws IOException;
    }

    private static void pass(Passing part) {
        try {
            part.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireWanted() {
        if (cancelled) {
            throw new MillraceException(ErrorCode.QUERY_REFUSED, "The query was cancelled");
        }
    }

    @Override
    public @Nullable Reading reading() {
        try {
            var rows =
                    overseer.rows(
                            "SELECT read_rows, read_bytes, total_rows_approx FROM system.processes"
                                    + " WHERE query_id = %s FORMAT TabSeparated"
                                            .formatted(Sql.literal(queryId)),
                            Map.of());
            if (rows.isEmpty()) {
                return null;
            }
            var row = rows.getFirst();
            var total = number(row.get(2));
            return new Reading(number(row.get(0)), number(row.get(1)), total == 0 ? null : total);
        } catch (MillraceException e) {
            LOG.debug("progress query_id={} code={}", queryId, e.code());
            return null;
        }
    }

    private static long number(@Nullable String text) {
        return Long.parseUnsignedLong(Objects.requireNonNullElse(text, "0"));
    }

    @Override
    public void cancel() {
        cancelled = true;
        server.kill(queryId);
        var sent = request;
        if (sent != null) {
            sent.cancel();
        }
    }

    /// A server notes a query a moment after it has sent the end of its answer.
    @Override
    public @Nullable Noted noted() {
        try {
            var noted = inLog();
            for (var pause = FIRST_PAUSE_MILLIS; noted == null && pause <= LAST_PAUSE_MILLIS; ) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pause));
                pause *= 2;
                noted = inLog();
            }
            return noted;
        } catch (MillraceException e) {
            LOG.debug("query log query_id={} code={}", queryId, e.code());
            return null;
        }
    }

    private @Nullable Noted inLog() {
        overseer.rows("SYSTEM FLUSH LOGS", Map.of());
        var rows =
                overseer.rows(
                        "SELECT result_rows, read_rows, read_bytes FROM system.query_log WHERE event_date >="
                                + " yesterday() AND query_id = %s AND type = 'QueryFinish'"
                                        .formatted(Sql.literal(queryId))
                                + " FORMAT TabSeparated",
                        Map.of());
        if (rows.size() != 1) {
            return null;
        }
        var row = rows.getFirst();
        var read = number(row.get(1));
        return new Noted(number(row.get(0)), new Reading(read, number(row.get(2)), read));
    }

    @Override
    public void close() {
        // the database's client is what it uses
    }
}
