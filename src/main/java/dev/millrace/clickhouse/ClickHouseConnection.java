package dev.millrace.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ClientFaultCause;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.GenericRecord;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;

/// The one place from which statements go to a ClickHouse server: it gives them their query id and
/// their limits of time, and says what went wrong in Millrace's words. Thread-safe; repeats nothing
/// by itself.
///
/// Every method throws MillraceException: CLICKHOUSE_UNAVAILABLE when the server does not answer or
/// cannot do it now, STAGING_MISSING when a staging table is not there, DISK_FULL, and
/// CLICKHOUSE_REFUSED with ClickHouse's own words for everything else.
public final class ClickHouseConnection implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    // the server closes an idle connection after 30 s; one that it has just closed would fail us
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(20);
    private static final Duration ANSWER_MARGIN = Duration.ofSeconds(30);
    private static final int MAX_CONNECTIONS = 64;

    private final ClickHouseSettings settings;
    private final Client client;

    /// Connects when the first statement is sent.
    public ClickHouseConnection(ClickHouseSettings settings) {
        this.settings = settings;
        this.client =
                client(settings, settings.writer(), settings.statementLimit().plus(ANSWER_MARGIN));
    }

    /// A client whose statements may keep silent for `silence`; no compression (over loopback it
    /// costs ten times what it saves) and no repeating.
    static Client client(
            ClickHouseSettings settings, ClickHouseSettings.Login login, Duration silence) {
        return new Client.Builder()
                .addEndpoint(settings.endpoint().toString())
                .setUsername(login.user())
                .setPassword(login.password())
                .setDefaultDatabase(settings.database())
                .compressClientRequest(false)
                .compressServerResponse(false)
                .retryOnFailures(ClientFaultCause.None)
                .setMaxRetries(0)
                .setMaxConnections(MAX_CONNECTIONS)
                .setConnectTimeout(CONNECT_LIMIT.toMillis())
                .setConnectionRequestTimeout(CONNECT_LIMIT.toMillis(), ChronoUnit.MILLIS)
                .setKeepAliveTimeout(KEEP_ALIVE.toMillis(), ChronoUnit.MILLIS)
                .setSocketTimeout(silence.toMillis())
                .setClientName("millrace")
                .build();
    }

    ClickHouseSettings settings() {
        return settings;
    }

    /// Runs a statement to its end; its answer, if it has one, is dropped. (The client's own
    /// `execute` would need a free thread of the JVM's common pool for that.)
    void execute(Statement statement) {
        var options = new QuerySettings();
        apply(statement, options);
        run(() -> {
            var response = await(client.query(statement.sql(), options));
            try {
                return response.getInputStream().transferTo(OutputStream.nullOutputStream());
            } finally {
                response.close();
            }
        });
    }

    /// Runs a query and reads its few rows.
    <T> List<T> rows(Statement statement, Function<GenericRecord, T> row) {
        var options = new QuerySettings();
        apply(statement, options);
        return run(() -> client.queryAll(statement.sql(), options)).stream().map(row).toList();
    }

    /// Runs a query of exactly one row.
    <T> T row(Statement statement, Function<GenericRecord, T> row) {
        return rows(statement, row).getFirst();
    }

    /// Runs a query made by [Lineage#digest].
    Digest digest(Statement statement) {
        return row(
                statement,
                r -> new Digest(r.getLong("rows"), r.getLong("row_sum"), r.getLong("row_hash")));
    }

    /// Inserts one block.
    ///
    /// @param statement whose SQL is the table's quoted name
    /// @return how many rows the server says that it took, whether or not it knew them already
    long insert(Statement statement, NativeBlock block) {
        var options = new InsertSettings();
        options.setQueryId(statement.queryId());
        statement.settings().forEach(options::serverSetting);
        options.serverSetting("max_execution_time", limitSeconds());
        var into = "%s (%s)".formatted(statement.sql(), block.columnList());
        return run(() -> {
            var inserted = client.insert(into, block::writeTo, ClickHouseFormat.Native, options);
            try (var response = await(inserted)) {
                return response.getWrittenRows();
            }
        });
    }

    /// An answer has a few rows: for the server to write them by several threads costs it as much
    /// as to find them.
    private void apply(Statement statement, QuerySettings options) {
        options.setQueryId(statement.queryId());
        options.serverSetting("output_format_parallel_formatting", "0");
        statement.settings().forEach(options::serverSetting);
        options.serverSetting("max_execution_time", limitSeconds());
    }

    private String limitSeconds() {
        return Long.toString(settings.statementLimit().toSeconds());
    }

    private <T> T run(Callable<T> work) {
        try {
            return work.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(settings, e);
        } catch (Exception e) {
            var refusal = Refusal.in(e);
            throw refusal != null
                    ? refusal.toException(settings.stagingDatabase(), e)
                    : unavailable(settings, e);
        }
    }

    /// What to say when the server did not answer.
    static MillraceException unavailable(ClickHouseSettings settings, Throwable cause) {
        var last = cause;
        for (var next = last.getCause(); next != null; next = next.getCause()) {
            last = next;
        }
        return new MillraceException(
                ErrorCode.CLICKHOUSE_UNAVAILABLE,
                "ClickHouse at %s does not answer: %s".formatted(settings.endpoint(), last),
                "Check that the server runs and that its HTTP port can be reached.",
                cause);
    }

    static <T> T await(Future<T> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
