package dev.millrace.catalog;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts the changes that flows wait for: those that PostgreSQL tells of, whichever process made
/// them, and those of this process a moment earlier. Thread-safe.
final class Changes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

    /// How long PostgreSQL may be silent before it is asked whether it is still there.
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration RECONNECT = Duration.ofMillis(500);
    private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(20);

    private final Connections connections;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread listener;
    private long count = 1; // so that a caller who has seen 0 changes need not wait
    private boolean closed;
    private @Nullable Connection connection;

    Changes(Connections connections) {
        this.connections = connections;
        this.listener = Thread.ofVirtual().name("catalog-changes").unstarted(this::listen);
    }

    void start() {
        listener.start();
    }

    /// Wakes everyone who waits.
    void happened() {
        lock.lock();
        try {
            count++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the count is not `seen`, and returns it.
    long await(long seen, Duration limit) {
        lock.lock();
        try {
            var nanos = limit.toNanos();
            while (count == seen && !closed && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return count;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return count;
        } finally {
            lock.unlock();
        }
    }

    private void listen() {
        var connected = true;
        while (!isClosed()) {
            try (var own = connections.open("millrace-changes", STATEMENT_LIMIT)) {
                adopt(own);
                execute(own, "listen millrace");
                if (!connected) {
                    LOG.info("catalog changes=heard again");
                    connected = true;
                }
                happened(); // whatever was missed while nobody listened
                hear(own);
            } catch (SQLException e) {
                if (connected && !isClosed()) {
                    LOG.warn("catalog changes=not heard reason=\"{}\"", e.getMessage());
                    connected = false;
                }
                pause();
            } finally {
                adopt(null);
            }
        }
    }

    private void hear(Connection own) throws SQLException {
        var postgres = own.unwrap(PGConnection.class);
        while (!isClosed()) {
            var notifications = postgres.getNotifications((int) SILENCE.toMillis());
            if (notifications != null && notifications.length > 0) {
                happened();
            } else {
                execute(own, "select 1");
            }
        }
    }

    private static void execute(Connection own, String sql) throws SQLException {
        try (var statement = own.createStatement()) {
            statement.execute(sql);
        }
    }

    /// Lets [#close] reach the connection on which the listener waits.
    private void adopt(@Nullable Connection own) {
        lock.lock();
        try {
            connection = own;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void pause() {
        lock.lock();
        try {
            var nanos = RECONNECT.toNanos();
            while (!closed && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Connection own;
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            own = connection;
        } finally {
            lock.unlock();
        }
        try {
            if (own != null) {
                own.abort(Runnable::run);
            }
            listener.join(SILENCE);
        } catch (SQLException e) {
            LOG.debug("catalog changes=connection not closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
