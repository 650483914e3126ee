package dev.millrace.catalog;

import com.zaxxer.hikari.HikariDataSource;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

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
        for (var tries = 1; ; tries++) {
            try {
                return jdbi.inTransaction(work::run);
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
        var result = read(doing, work);
        changes.happened();
        return result;
    }

    @Override
    public void close() {
        pool.close();
    }
}
