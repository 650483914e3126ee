package dev.millrace.catalog;

import dev.millrace.core.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
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

    private final JdbcConnections connections;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread listener;
    private final Latest latest = new Latest();
    private final Sessions ours = new Sessions();
    private boolean closed;
    private @Nullable Connection connection;

    Changes(JdbcConnections connections) {
        this.connections = connections;
        this.listener = Thread.ofVirtual().name("catalog-changes").unstarted(this::listen);
    }

    void start() {
        listener.start();
    }

    /// Wakes everyone who waits.
    void happened() {
        happened(Latest::ofAny);
    }

    /// Wakes those who wait for a job.
    void happened(JobId job) {
        happened(l -> l.of(job));
    }

    private void happened(Consumer<Latest> change) {
        lock.lock();
        try {
            change.accept(latest);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Notes that a session of PostgreSQL is this process's: what it tells is known already.
    void isOurs(int session) {
        ours.add(session);
    }

    /// Waits for a change behind the first `seen` ones, and returns how many there were.
    ///
    /// @param of the jobs of which a change counts
    long await(Predicate<JobId> of, long seen, Duration limit) {
        lock.lock();
        try {
            var nanos = limit.toNanos();
            while (!latest.isAny(of, seen) && !closed && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return latest.count();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return latest.count();
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
                for (var notification : notifications) {
                    hear(notification);
                }
            } else {
                execute(own, "select 1");
            }
        }
    }

    /// A program of an earlier version does not say which job it was.
    private void hear(PGNotification notification) {
        var job = Rows.uuidOrNull(notification.getParameter());
        if (job == null) {
            happened();
        } else if (!ours.contains(notification.getPID())) {
            happened(new JobId(job));
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
