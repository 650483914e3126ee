package dev.millrace.catalog;

import com.zaxxer.hikari.HikariDataSource;
import dev.millrace.core.JobId;
import java.sql.SQLException;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// Runs transactions: READ COMMITTED, again when PostgreSQL undid one because of another beside it.
/// Thread-safe.
final class Database implements AutoCloseable {
    /// How often a transaction is tried that collides with others.
    private static final int MOST_TRIES = 5;

    private final HikariDataSource pool;
    private final Changes changes;
    private final Jdbi jdbi;

    Database(HikariDataSource pool, Changes changes) {
        this.pool = pool;
        this.changes = changes;
        this.jdbi = Jdbi.create(pool);
        jdbi.registerArrayType(String.class, "text");
        jdbi.registerArrayType(Long.class, "bigint");
        jdbi.registerArrayType(Integer.class, "integer");
        jdbi.registerArrayType(UUID.class, "uuid");
    }

    /// The statements of one transaction. They may run again, so they change nothing but the
    /// database.
    interface Work<T extends @Nullable Object> {
        T run(Handle handle);
    }

    /// Runs a transaction that nobody waits for.
    ///
    /// @param doing what it is for, to stand after "could not" in an error's message
    <T extends @Nullable Object> T read(String doing, Work<T> work) {
        return run(doing, () -> jdbi.inTransaction(handle -> work.run(ours(handle))));
    }

    /// Runs a single statement that nobody waits for: it is a transaction by itself, and goes to
    /// PostgreSQL and back once instead of twice.
    ///
    /// @param work one statement
    <T extends @Nullable Object> T single(String doing, Work<T> work) {
        return run(doing, () -> jdbi.withHandle(handle -> work.run(ours(handle))));
    }

    private <T extends @Nullable Object> T run(String doing, Supplier<T> transaction) {
        for (var tries = 1; ; tries++) {
            try {
                return transaction.get();
            } catch (JdbiException e) {
                if (tries == MOST_TRIES || !Failures.isConflict(e)) {
                    throw Failures.translate(doing, e);
                }
            }
        }
    }

    /// Runs a transaction whose outcome others wait for, and wakes those in this process.
    /// PostgreSQL tells the other processes.
    <T extends @Nullable Object> T change(String doing, Work<T> work) {
        try {
            return read(doing, work);
        } finally {
            changes.happened();
        }
    }

    /// The same when only those wait who wait for this job.
    <T extends @Nullable Object> T change(JobId job, String doing, Work<T> work) {
        try {
            return read(doing, work);
        } finally {
            changes.happened(job);
        }
    }

    /// The same with a single statement.
    <T extends @Nullable Object> T changeSingle(JobId job, String doing, Work<T> work) {
        try {
            return single(doing, work);
        } finally {
            changes.happened(job);
        }
    }

    private Handle ours(Handle handle) {
        try {
            var session = handle.getConnection().unwrap(PGConnection.class).getBackendPID();
            changes.isOurs(session);
            return handle;
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
