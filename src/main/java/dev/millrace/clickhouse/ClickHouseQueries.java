package dev.millrace.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.QueryEngine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers users' queries as the server's user `reader`, with the server's `readonly` on: what may
/// be read is what that user was granted, and nothing can be changed or ended ([ReadOnlyCheck]).
/// The answer streams in constant memory; an error that comes after its first rows is an exception
/// like any other. Thread-safe; an interrupt ends what runs.
public final class ClickHouseQueries implements QueryEngine, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClickHouseQueries.class);
    private static final Pattern FORMAT = Pattern.compile("[A-Za-z0-9]{1,64}");

    private final ClickHouseSettings settings;
    private final ClickHouseConnection connection;
    private final Client client;
    private volatile @Nullable Long profile;

    /// @param connection ends queries that take too long, which a reader may not; not closed here
    public ClickHouseQueries(ClickHouseConnection connection) {
        this.settings = connection.settings();
        this.connection = connection;
        this.client =
                ClickHouseConnection.client(settings, settings.reader(), settings.queryLimit());
    }

    /// Runs one statement and streams its answer. `out` is neither flushed nor closed, and has
    /// received a part of the answer when an error came late.
    ///
    /// @throws MillraceException QUERY_REFUSED with ClickHouse's own words, also when the query
    ///   took too long or its format is unknown; CLICKHOUSE_UNAVAILABLE when the server does not
    ///   answer to the end; INTERNAL_ERROR when `out` fails
    @Override
    public void query(String sql, String format, OutputStream out) {
        if (!FORMAT.matcher(format).matches()) {
            throw new MillraceException(
                    ErrorCode.QUERY_REFUSED, "'%s' is not an output format".formatted(format));
        }
        var statement = Statement.of(sql);
        var deadline = System.nanoTime() + settings.queryLimit().toNanos();
        var response = send(statement, format, deadline);
        try {
            copy(response, statement, out, deadline);
        } catch (MillraceException e) {
            killUnwanted(statement);
            throw e;
        } finally {
            close(response);
        }
    }

    /// An interrupt says that nobody waits for the answer any more.
    private void killUnwanted(Statement statement) {
        if (Thread.interrupted()) {
            kill(statement);
            Thread.currentThread().interrupt();
        }
    }

    private QueryResponse send(Statement statement, String format, long deadline) {
        // the limit of time is kept here: a reader whose profile says readonly = 1 may send none
        var options =
                new QuerySettings()
                        .setQueryId(statement.queryId())
                        .httpHeader("X-ClickHouse-Format", format);
        try {
            if (profile() == 0) {
                options.serverSetting("readonly", "1");
            }
            requireReading(statement.sql());
            return ClickHouseConnection.await(client.query(statement.sql(), options));
        } catch (MillraceException e) {
            throw e;
        } catch (Exception e) {
            throw failure(e, statement, deadline);
        }
    }

    private void requireReading(String sql) {
        var question = ReadOnlyCheck.question(sql);
        var options = new QuerySettings();
        if (profile() != 1) {
            options.serverSetting("max_query_size", ReadOnlyCheck.size(question));
        }
        ReadOnlyCheck.require(client.queryAll(question, options).getFirst().getString("head"));
    }

    /// The `readonly` of the user's profile: one that has 1 or 2 refuses to be told it again, and
    /// one that has 1 lets nothing be set.
    private long profile() {
        var known = profile;
        if (known == null) {
            known =
                    client.queryAll("SELECT toInt64(getSetting('readonly')) AS r")
                            .getFirst()
                            .getLong("r");
            profile = known;
        }
        return known;
    }

    private void copy(
            QueryResponse response, Statement statement, OutputStream out, long deadline) {
        var answer = new AnswerStream(out);
        var in = response.getInputStream();
        while (read(in, answer)) {
            pass(answer::pass, statement);
            if (System.nanoTime() >= deadline) {
                throw tooLong(statement, null);
            }
        }
        pass(answer::finish, statement);
    }

    private boolean read(InputStream in, AnswerStream answer) {
        try {
            return answer.readFrom(in);
        } catch (IOException e) {
            var problem = answer.problem();
            throw problem != null
                    ? refused(Refusal.parse(problem), e)
                    : ClickHouseConnection.unavailable(settings, e);
        }
    }

    private interface Passing {
        void run() throws IOException;
    }

    private void pass(Passing part, Statement statement) {
        try {
            part.run();
        } catch (IOException e) {
            throw readerGone(statement, e);
        }
    }

    private MillraceException readerGone(Statement statement, IOException e) {
        kill(statement);
        return new MillraceException(
                ErrorCode.INTERNAL_ERROR, "The answer could not be passed on: " + e, e);
    }

    private MillraceException failure(Exception e, Statement statement, long deadline) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        killUnwanted(statement);
        var refusal = Refusal.in(e);
        if (refusal != null) {
            return refused(refusal, e);
        }
        return System.nanoTime() >= deadline
                ? tooLong(statement, e)
                : ClickHouseConnection.unavailable(settings, e);
    }

    private MillraceException refused(Refusal refusal, @Nullable Throwable cause) {
        return switch (refusal.code()) {
            case Refusal.TOO_MANY_SIMULTANEOUS_QUERIES, Refusal.AUTHENTICATION_FAILED ->
                    refusal.toException(settings.stagingDatabase(), cause);
            default -> new MillraceException(ErrorCode.QUERY_REFUSED, refusal.text(), cause);
        };
    }

    private MillraceException tooLong(Statement statement, @Nullable Throwable cause) {
        kill(statement);
        return new MillraceException(
                ErrorCode.QUERY_REFUSED,
                "The query took longer than %d s".formatted(settings.queryLimit().toSeconds()),
                "Read less: filter, aggregate, or add a LIMIT.",
                cause);
    }

    /// Ends the statement on the server, as far as that can be done.
    private void kill(Statement statement) {
        try {
            connection.execute(
                    Statement.of(
                            "KILL QUERY WHERE query_id = %s ASYNC"
                                    .formatted(Sql.literal(statement.queryId()))));
        } catch (MillraceException e) {
            LOG.debug("kill query_id={} failed", statement.queryId(), e);
        }
    }

    private static void close(QueryResponse response) {
        try {
            response.close();
        } catch (Exception e) {
            LOG.debug("close query_id={} failed", response.getQueryId(), e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
