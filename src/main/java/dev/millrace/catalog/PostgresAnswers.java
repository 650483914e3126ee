package dev.millrace.catalog;

import dev.millrace.core.AnswerCatalog;
import dev.millrace.core.KeptAnswer;
import dev.millrace.core.KeyedRequest;
import dev.millrace.core.KeyedRequest.Answered;
import dev.millrace.core.KeyedRequest.Known;
import dev.millrace.core.KeyedRequest.Other;
import dev.millrace.core.KeyedRequest.Running;
import dev.millrace.core.KeyedRequest.Turn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/// The answers to requests that may be repeated. Thread-safe.
final class PostgresAnswers implements AnswerCatalog {
    /// Narrows a statement to the request of a turn, as long as nobody began it anew.
    private static final String THIS_TURN =
            "request = :request and term = :term and status is null and runner is not null";

    private final Database database;

    PostgresAnswers(Database database) {
        this.database = database;
    }

    @Override
    public Known begin(KeyedRequest request, String runner, Duration silence) {
        return database.read(
                "begin the request '%s' of '%s'".formatted(request.key(), request.subject()),
                handle -> {
                    var turn = take(handle, request, runner, silence);
                    return turn.isPresent() ? turn.get() : known(handle, request);
                });
    }

    private static Optional<Known> take(
            Handle handle, KeyedRequest request, String runner, Duration silence) {
        var sql =
                """
                insert into answer (subject, key, fingerprint, runner)
                values (:subject, :key, :fingerprint, :runner)
                on conflict (subject, key) do update
                set term = answer.term + 1, runner = excluded.runner, alive_at = now()
                where answer.status is null and answer.fingerprint = excluded.fingerprint
                  and (answer.runner is null
                       or answer.alive_at < now() - :silence * interval '1 millisecond')
                returning request, term
                """;
        return bound(handle.createQuery(sql), request)
                .bind("fingerprint", request.fingerprint())
                .bind("runner", runner)
                .bind("silence", silence.toMillis())
                .map((rs, _) -> (Known) new Turn(Rows.uuid(rs, "request"), rs.getInt("term")))
                .findOne();
    }

    /// What is known of a request that cannot be begun. One that was forgotten a moment ago counts
    /// as running: its sender asks again.
    private static Known known(Handle handle, KeyedRequest request) {
        return bound(
                        handle.createQuery(
                                "select * from answer where subject = :subject and key = :key"),
                        request)
                .map((rs, _) -> known(rs, request))
                .findOne()
                .orElse(new Running());
    }

    private static Known known(ResultSet rs, KeyedRequest request) throws SQLException {
        if (!rs.getString("fingerprint").equals(request.fingerprint())) {
            return new Other();
        }
        if (rs.getObject("status") == null) {
            return new Running();
        }
        return new Answered(
                new KeptAnswer(
                        rs.getInt("status"),
                        rs.getString("content_type"),
                        rs.getString("location"),
                        rs.getString("tag"),
                        rs.getBytes("body")));
    }

    private static <S extends SqlStatement<S>> S bound(S statement, KeyedRequest request) {
        return statement
                .bind("subject", Rows.storable(request.subject()))
                .bind("key", request.key());
    }

    @Override
    public boolean touch(Turn turn) {
        return change("touch", turn, "alive_at = now()");
    }

    @Override
    public void giveUp(Turn turn) {
        change("give up", turn, "alive_at = now(), runner = null");
    }

    private boolean change(String doing, Turn turn, String change) {
        return database.read(
                "%s the request %s".formatted(doing, turn.request()),
                handle ->
                        bound(
                                                handle.createUpdate(
                                                        "update answer set %s where %s"
                                                                .formatted(change, THIS_TURN)),
                                                turn)
                                        .execute()
                                == 1);
    }

    @Override
    public boolean keep(Turn turn, KeptAnswer answer) {
        var sql =
                """
                update answer
                set status = :status, content_type = :contentType, location = :location,
                    tag = :tag, body = :body, alive_at = now(), runner = null
                where\s
                """
                        + THIS_TURN;
        return database.read(
                "keep the answer to the request %s".formatted(turn.request()),
                handle ->
                        bound(handle.createUpdate(sql), turn)
                                        .bind("status", answer.status())
                                        .bind("contentType", answer.contentType())
                                        .bind("location", answer.location())
                                        .bind("tag", answer.tag())
                                        .bind("body", answer.body())
                                        .execute()
                                == 1);
    }

    private static <S extends SqlStatement<S>> S bound(S statement, Turn turn) {
        return statement.bind("request", turn.request()).bind("term", turn.term());
    }

    @Override
    public int expire(Duration age) {
        return database.read(
                "forget old answers",
                handle ->
                        handle.createUpdate(
                                        """
                                        delete from answer
                                        where alive_at < now() - :age * interval '1 millisecond'
                                        """)
                                .bind("age", age.toMillis())
                                .execute());
    }

    /// Those that processes were doing that are gone.
    static int releaseAll(Handle handle, String runnerPrefix) {
        return handle.createUpdate(
                        "update answer set runner = null where starts_with(runner, :prefix)")
                .bind("prefix", runnerPrefix)
                .execute();
    }
}
