package dev.millrace.clickhouse;

import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.Database;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Extraction;
import dev.millrace.core.HostRules;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Sample;
import dev.millrace.core.Schema;
import dev.millrace.core.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A ClickHouse that somebody has named, over its HTTP interface. Every statement runs with the
/// server's own `readonly`, so that nothing is changed there whatever the user was granted.
/// Thread-safe; an interrupt ends what runs.
final class RemoteDatabase implements Database {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteDatabase.class);

    /// How much longer than the server we wait, so that it is the one to say that it took too long.
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private static final int MAX_ROWS_BYTES = 64 << 20;

    private final ClickHouseReach reach;
    private final Secret secret;
    private final CloseableHttpClient http;

    /// The same server as one who may look after what runs there; this one if there is no other.
    private final RemoteDatabase overseer;

    /// The `readonly` of the user's profile, once known: 0 lets us set it to 1, 2 lets us set all
    /// else, 1 nothing.
    private volatile @Nullable Integer profile;

    private final RemoteSchema schema;

    RemoteDatabase(ClickHouseReach reach, Secret secret, HostRules rules) {
        this(reach, secret, RemoteHttp.open(reach, rules), Set.of());
    }

    /// @param hidden databases that are not listed
    RemoteDatabase(
            ClickHouseReach reach, Secret secret, CloseableHttpClient http, Set<String> hidden) {
        this(reach, secret, http, hidden, null);
    }

    /// @param overseer the same server, as somebody who may see and end what this one's user runs;
    ///   closed with this. Null when there is no other
    RemoteDatabase(
            ClickHouseReach reach,
            Secret secret,
            CloseableHttpClient http,
            Set<String> hidden,
            @Nullable RemoteDatabase overseer) {
        this.reach = reach;
        this.secret = secret;
        this.http = http;
        this.overseer = overseer == null ? this : overseer;
        this.schema =
                new RemoteSchema(reach.database(), hidden, sql -> rows(sql, readOnly(Map.of())));
    }

    @Override
    public Greeting check() {
        var row =
                rows(
                                "SELECT version(), currentUser(), toString(getSetting('readonly'))"
                                        + " FORMAT TabSeparated",
                                Map.of())
                        .getFirst();
        if (row.size() != 3) {
            throw RemoteFailure.strange(reach, secret, 200, null);
        }
        var version = Objects.requireNonNullElse(row.get(0), "");
        if (RemoteFailure.isTooOld(version)) {
            throw new MillraceException(
                    ErrorCode.SERVER_TOO_OLD,
                    "%s is a ClickHouse %s".formatted(reach.url(), version),
                    "24.8 is the oldest that connections work with.",
                    null);
        }
        var seen =
                rows(
                        "SELECT name FROM system.databases WHERE name = %s FORMAT TabSeparated"
                                .formatted(Sql.literal(reach.database())),
                        Map.of());
        rows("SELECT name FROM system.tables LIMIT 1 FORMAT TabSeparated", Map.of());
        var user = Objects.requireNonNullElse(row.get(1), "");
        if (seen.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.RIGHT_MISSING,
                    "'%s' may see nothing of the database '%s'".formatted(user, reach.database()),
                    "Grant it, such as: GRANT SELECT ON %s.* TO %s"
                            .formatted(Sql.identifier(reach.database()), Sql.identifier(user)),
                    null);
        }
        return new Greeting(version, user, !"0".equals(row.get(2)));
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public Sample sample(String query, Sample.Bounds bounds) {
        return new RemoteSample(this, query, bounds).take();
    }

    @Override
    public void query(String sql, String format, OutputStream out) {
        requireReading(sql);
        asking(queryId -> {
            query(queryId, sql, format, out);
            return queryId;
        });
    }

    /// Does what asks something under an id. A query that nobody waits for any more is ended at the
    /// server: a broken connection alone ends many, but none in the middle of a large join.
    <T> T asking(Function<String, T> work) {
        var queryId = newId();
        try {
            return work.apply(queryId);
        } catch (MillraceException e) {
            if (Thread.currentThread().isInterrupted() || e.code() == ErrorCode.INTERNAL_ERROR) {
                kill(queryId);
            }
            throw e;
        }
    }

    /// Ends what runs under an id, as far as that is allowed.
    void kill(String queryId) {
        var interrupted = Thread.interrupted(); // or nothing could be sent
        try {
            overseer.rows(
                    "KILL QUERY WHERE query_id = %s ASYNC FORMAT TabSeparated"
                            .formatted(Sql.literal(queryId)),
                    Map.of());
        } catch (MillraceException e) {
            // the broken connection ends it, since it only reads
            LOG.debug("kill query_id={} code={}", queryId, e.code());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static String newId() {
        return "millrace-" + UUID.randomUUID();
    }

    private void query(String queryId, String sql, String format, OutputStream out) {
        var deadline = deadline();
        try (var response = send(queryId, sql, format, readOnly(Map.of()))) {
            var answer = new AnswerStream(out);
            var in = RemoteAnswer.of(response).in();
            while (read(in, answer)) {
                pass(answer::pass);
                requireTime(deadline);
            }
            pass(answer::finish);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private void requireReading(String sql) {
        var question = ReadOnlyCheck.question(sql);
        var settings = readOnly(Map.of("max_query_size", ReadOnlyCheck.size(question)));
        var head = rows(question + " FORMAT TabSeparated", settings).getFirst().getFirst();
        ReadOnlyCheck.require(Objects.requireNonNullElse(head, ""));
    }

    private long deadline() {
        return System.nanoTime() + reach.answerLimit().plus(MARGIN).toNanos();
    }

    private void requireTime(long deadline) {
        if (System.nanoTime() - deadline >= 0) {
            throw new MillraceException(
                    ErrorCode.QUERY_REFUSED,
                    "The query took longer than %d s".formatted(reach.answerLimit().toSeconds()),
                    "Read less: filter, aggregate, or add a LIMIT.",
                    null);
        }
    }

    private boolean read(InputStream in, AnswerStream answer) throws IOException {
        try {
            return answer.readFrom(in);
        } catch (IOException e) {
            var problem = answer.problem();
            if (problem != null) {
                throw RemoteFailure.refused(reach, secret, Refusal.parse(problem));
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
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR, "The answer could not be passed on: " + e, e);
        }
    }

    MillraceException refused(String problem) {
        return RemoteFailure.refused(reach, secret, Refusal.parse(problem));
    }

    MillraceException broken(IOException e) {
        return new MillraceException(
                ErrorCode.CLICKHOUSE_UNAVAILABLE,
                "The answer of %s broke off: %s".formatted(reach.url(), e.getMessage()),
                "Try again.",
                e);
    }

    /// Settings for a statement that only reads, as far as the user's profile lets them be set.
    Map<String, String> readOnly(Map<String, String> more) {
        var known = profile;
        if (known == null) {
            var row = rows("SELECT toString(getSetting('readonly')) FORMAT TabSeparated", Map.of());
            known = Integer.valueOf(Objects.requireNonNullElse(row.getFirst().getFirst(), "0"));
            profile = known;
        }
        var settings = new LinkedHashMap<String, String>();
        if (known == 1) {
            return settings;
        }
        if (known == 0) {
            settings.put("readonly", "1");
        }
        settings.put("cancel_http_readonly_queries_on_client_close", "1");
        settings.put("max_execution_time", Long.toString(reach.answerLimit().toSeconds()));
        settings.putAll(more);
        return settings;
    }

    @Override
    public long count(String query) {
        var sql = "SELECT count() FROM (\n%s\n) FORMAT TabSeparated".formatted(query);
        return Long.parseLong(
                Objects.requireNonNullElse(
                        rows(sql, readOnly(Map.of())).getFirst().getFirst(), "0"));
    }

    @Override
    public Extraction extraction(String query, String format, Map<String, String> settings) {
        return new RemoteExtraction(this, overseer, query, format, settings);
    }

    ClickHouseReach reach() {
        return reach;
    }

    /// Of settings that are wanted those that the server knows and has otherwise, and what it takes
    /// that a statement only reads, for as long as it wants to.
    ///
    /// @throws MillraceException RIGHT_MISSING when the user's profile lets none be set
    Map<String, String> inForce(Map<String, String> wanted) {
        var base = readOnly(Map.of());
        var names = new ArrayList<>(wanted.keySet());
        names.add("max_execution_time");
        var present =
                rows(
                        "SELECT name, value, ifNull(toString(max), '0') FROM system.settings WHERE"
                                + " name IN (%s) FORMAT TabSeparated"
                                        .formatted(
                                                String.join(
                                                        ", ",
                                                        names.stream().map(Sql::literal).toList())),
                        base);
        var settings = new LinkedHashMap<>(base);
        var refused = new ArrayList<String>();
        for (var row : present) {
            var name = Objects.requireNonNullElse(row.get(0), "");
            var value =
                    name.equals("max_execution_time")
                            ? Objects.requireNonNullElse(row.get(2), "0")
                            : Objects.requireNonNullElse(wanted.get(name), "");
            if (base.isEmpty()) {
                if (!value.equals(row.get(1)) && wanted.containsKey(name)) {
                    refused.add(name);
                }
            } else if (!value.equals(row.get(1)) || name.equals("max_execution_time")) {
                settings.put(name, value);
            }
        }
        if (!refused.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.RIGHT_MISSING,
                    "The user's profile has readonly = 1, so that the server cannot be told how to"
                            + " write values: %s".formatted(String.join(", ", refused)),
                    "Give the user a profile with readonly = 2: it may change no data either.",
                    null);
        }
        return settings;
    }

    /// Runs one of our own questions.
    ///
    /// @param sql ends with FORMAT TabSeparated
    List<List<@Nullable String>> rows(String sql, Map<String, String> settings) {
        try (var response = send(newId(), sql, "TabSeparated", settings)) {
            var in = RemoteAnswer.of(response).in();
            var bytes = in.readNBytes(MAX_ROWS_BYTES);
            var rows = new ArrayList<List<@Nullable String>>();
            for (var line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isEmpty()) {
                    rows.add(TabRow.parse(line));
                }
            }
            return rows;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /// @return an answer that has begun well
    ClassicHttpResponse send(
            String queryId, String sql, String format, Map<String, String> settings) {
        return send(request(queryId, sql, format, settings));
    }

    HttpPost request(String queryId, String sql, String format, Map<String, String> settings) {
        var url = new StringBuilder(reach.url().toString());
        if (!url.toString().endsWith("/")) {
            url.append('/');
        }
        url.append("?database=").append(encoded(reach.database()));
        url.append("&query_id=").append(encoded(queryId));
        url.append("&default_format=").append(encoded(format));
        settings.forEach(
                (name, value) -> url.append('&').append(name).append('=').append(encoded(value)));
        var request = new HttpPost(url.toString());
        request.setHeader("Authorization", authorization());
        request.setEntity(new StringEntity(sql, ContentType.TEXT_PLAIN.withCharset("UTF-8")));
        return request;
    }

    /// @return an answer that has begun well
    ClassicHttpResponse send(HttpPost request) {
        ClassicHttpResponse response;
        try {
            response = http.executeOpen(null, request, null);
        } catch (IOException e) {
            throw profile != null && isBrokenOff(e) ? broken(e) : RemoteFailure.unreached(reach, e);
        }
        if (response.getCode() == 200) {
            requireClickHouse(response);
            return response;
        }
        throw failure(response);
    }

    /// Whether who had taken our connection is gone, or the way there. Before a server has answered
    /// once it may also be something that does not speak HTTP.
    private static boolean isBrokenOff(IOException e) {
        return e instanceof NoHttpResponseException
                || e instanceof ConnectionClosedException
                || (e instanceof SocketException
                        && !(e instanceof ConnectException)
                        && !(e instanceof NoRouteToHostException));
    }

    private void requireClickHouse(ClassicHttpResponse response) {
        if (RemoteAnswer.header(response, "X-ClickHouse-Query-Id") == null
                && RemoteAnswer.header(response, "X-ClickHouse-Summary") == null) {
            close(response);
            throw RemoteFailure.strange(reach, secret, 200, null);
        }
    }

    private MillraceException failure(ClassicHttpResponse response) {
        try (response) {
            var refusal = RemoteAnswer.refusal(response);
            return refusal != null
                    ? RemoteFailure.refused(reach, secret, refusal)
                    : RemoteFailure.strange(
                            reach,
                            secret,
                            response.getCode(),
                            RemoteAnswer.header(response, "Location"));
        } catch (IOException e) {
            return broken(e);
        }
    }

    private String authorization() {
        return reach.user() == null
                ? "Bearer " + secret.text()
                : "Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        (reach.user() + ":" + secret.text())
                                                .getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static void close(ClassicHttpResponse response) {
        try {
            response.close();
        } catch (IOException e) {
            LOG.debug("an answer could not be closed", e);
        }
    }

    @Override
    public void close() {
        try {
            http.close();
        } catch (IOException e) {
            LOG.debug("a client could not be closed", e);
        }
        if (overseer != this) {
            overseer.close();
        }
    }
}
