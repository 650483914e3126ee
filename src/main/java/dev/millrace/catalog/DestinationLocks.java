package dev.millrace.catalog;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Locks that hold across processes: PostgreSQL's advisory locks, each on a connection of its own,
/// so that a lock is gone when its process is. Thread-safe.
///
/// Two destinations whose names have the same 64-bit hash merely wait for each other.
final class DestinationLocks {
    private static final Logger LOG = LoggerFactory.getLogger(DestinationLocks.class);

    /// The most connections that this process spends on locks, held or waited for.
    private static final int MOST_CONNECTIONS = 8;

    private final Connections connections;
    private final Semaphore free = new Semaphore(MOST_CONNECTIONS, true);

    DestinationLocks(Connections connections) {
        this.connections = connections;
    }

    void locked(String destination, Duration limit, Runnable action) {
        var deadline = System.nanoTime() + limit.toNanos();
        if (!acquired(limit)) {
            throw notHad(destination, limit, null);
        }
        try {
            var connection = lock(destination, limit, deadline);
            try {
                action.run();
            } finally {
                unlock(destination, connection);
            }
        } finally {
            free.release();
        }
    }

    private boolean acquired(Duration limit) {
        try {
            return free.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Connection lock(String destination, Duration limit, long deadline) {
        Connection connection = null;
        try {
            connection = connections.open("millrace-lock", limit);
            lock(connection, destination, deadline);
            return connection;
        } catch (SQLException e) {
            if (connection != null) {
                unlock(destination, connection);
            }
            if (Failures.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw notHad(destination, limit, e);
            }
            throw Failures.translate("lock the destination %s", destination, e);
        }
    }

    private static void lock(Connection connection, String destination, long deadline)
            throws SQLException {
        // 0 would be no limit
        var millis = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
        try (var statement = connection.createStatement()) {
            statement.execute("set lock_timeout = " + millis);
        }
        try (var statement =
                connection.prepareStatement("select pg_advisory_lock(hashtextextended(?, 0))")) {
            statement.setString(1, destination);
            statement.execute();
        }
    }

    /// A session's end is its locks' end.
    private static void unlock(String destination, Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.warn("lock destination={} close=\"{}\"", destination, e.getMessage());
        }
    }

    private static MillraceException notHad(
            String destination, Duration limit, @Nullable SQLException cause) {
        return new MillraceException(
                ErrorCode.CATALOG_UNAVAILABLE,
                "The lock of the destination %s was not had within %s s"
                        .formatted(destination, limit.toSeconds()),
                "Another job changes that destination; wait for it.",
                cause);
    }
}
