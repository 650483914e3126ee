package dev.millrace.catalog;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Locks that hold across processes: PostgreSQL's advisory locks, each on a connection of its own,
/// so that a lock is gone when its process is. A process that is frozen keeps its connections: so
/// PostgreSQL ends one on which nothing is said for a while, and whoever holds a lock says
/// something now and then. Thread-safe.
///
/// Two destinations whose names have the same 64-bit hash merely wait for each other.
final class DestinationLocks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DestinationLocks.class);

    /// The most connections that this process spends on locks, held or waited for.
    private static final int MOST_CONNECTIONS = 8;

    /// After so long without a word PostgreSQL takes the lock back: a little more than a lease.
    private static final Duration SILENCE = Duration.ofSeconds(20);

    /// A connection that has rested for longer is closed: PostgreSQL may be about to end it.
    private static final Duration REST = Duration.ofSeconds(10);

    private static final Duration SPEAK_EVERY = Duration.ofSeconds(4);

    private final JdbcConnections connections;
    private final Semaphore free = new Semaphore(MOST_CONNECTIONS, true);
    private final ConcurrentMap<String, Line> lines = new ConcurrentHashMap<>();
    private final Deque<Rested> resting = new ConcurrentLinkedDeque<>();

    DestinationLocks(JdbcConnections connections) {
        this.connections = connections;
    }

    /// Those of this process who want one destination. Only the first of them takes a connection,
    /// so that many who wait for one destination keep nobody from another.
    ///
    /// @param turn whose turn it is
    /// @param length how many they are, the first one included
    private record Line(Semaphore turn, int length) {
        Line longerBy(int more) {
            return new Line(turn, length + more);
        }
    }

    /// A connection that holds no lock, and may hold the next one for a while: to connect takes
    /// longer than many a job holds its lock.
    ///
    /// @param sinceNanos when it last said something
    private record Rested(Connection connection, long sinceNanos) {
        boolean isFresh() {
            return System.nanoTime() - sinceNanos < REST.toNanos();
        }
    }

    /// @param deadline when the limit has passed, by [System#nanoTime]
    private record Wish(String destination, Duration limit, long deadline) {
        long nanosLeft() {
            return deadline - System.nanoTime();
        }

        MillraceException notHad(@Nullable Exception cause) {
            return new MillraceException(
                    ErrorCode.CATALOG_UNAVAILABLE,
                    "The lock of the destination %s was not had within %s s"
                            .formatted(destination, limit.toSeconds()),
                    "Another job changes that destination; wait for it.",
                    cause);
        }
    }

    void locked(String destination, Duration limit, Runnable action) {
        var wish = new Wish(destination, limit, System.nanoTime() + limit.toNanos());
        var turn = join(destination);
        try {
            having(turn, wish, () -> having(free, wish, () -> lockedInDatabase(wish, action)));
        } finally {
            leave(destination);
        }
    }

    private Semaphore join(String destination) {
        return lines.compute(
                        destination,
                        (_, line) ->
                                line == null
                                        ? new Line(new Semaphore(1, true), 1)
                                        : line.longerBy(1))
                .turn();
    }

    private void leave(String destination) {
        lines.computeIfPresent(
                destination, (_, line) -> line.length() == 1 ? null : line.longerBy(-1));
    }

    private static void having(Semaphore permits, Wish wish, Runnable action) {
        try {
            if (!permits.tryAcquire(wish.nanosLeft(), TimeUnit.NANOSECONDS)) {
                throw wish.notHad(null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw wish.notHad(e);
        }
        try {
            action.run();
        } finally {
            permits.release();
        }
    }

    private void lockedInDatabase(Wish wish, Runnable action) {
        var connection = lock(wish);
        var done = new CountDownLatch(1);
        var speaker =
                Thread.ofVirtual()
                        .name("lock-" + wish.destination())
                        .start(() -> speak(wish, connection, done));
        try {
            action.run();
        } finally {
            done.countDown();
            await(speaker);
            unlock(wish, connection);
        }
    }

    /// The lock, on a connection that has rested or else on a new one.
    private Connection lock(Wish wish) {
        for (var rested = resting.pollLast(); rested != null; rested = resting.pollLast()) {
            if (rested.isFresh()) {
                try {
                    lock(rested.connection(), wish);
                    return rested.connection();
                } catch (SQLException e) {
                    close(wish.destination(), rested.connection());
                    if (Failures.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                        throw wish.notHad(e);
                    }
                    LOG.debug("lock destination={} connects again", wish.destination(), e);
                }
            } else {
                close(wish.destination(), rested.connection());
            }
        }
        return lockAnew(wish);
    }

    private static void speak(Wish wish, Connection connection, CountDownLatch done) {
        try (var statement = connection.createStatement()) {
            while (!done.await(SPEAK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                statement.execute("select 1");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            LOG.warn("lock=lost destination={} why=\"{}\"", wish.destination(), e.getMessage());
        }
    }

    private static void await(Thread speaker) {
        try {
            speaker.join(SPEAK_EVERY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Connection lockAnew(Wish wish) {
        Connection connection = null;
        try {
            connection = connections.open("millrace-lock", wish.limit());
            lock(connection, wish);
            return connection;
        } catch (SQLException e) {
            if (connection != null) {
                close(wish.destination(), connection);
            }
            if (Failures.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw wish.notHad(e);
            }
            throw Failures.translate("lock the destination %s", wish.destination(), e);
        }
    }

    private static void lock(Connection connection, Wish wish) throws SQLException {
        // 0 would be no limit
        var millis = Math.max(1, wish.nanosLeft() / 1_000_000);
        try (var statement = connection.createStatement()) {
            statement.execute(
                    "set lock_timeout = %d; set idle_session_timeout = %d"
                            .formatted(millis, SILENCE.toMillis()));
        }
        try (var statement =
                connection.prepareStatement("select pg_advisory_lock(hashtextextended(?, 0))")) {
            statement.setString(1, wish.destination());
            statement.execute();
        }
    }

    /// Lets the connection rest, unless it has lost the lock meanwhile, or says anything else than
    /// that it has given it up. A session's end is its locks' end.
    private void unlock(Wish wish, Connection connection) {
        if (isUnlocked(wish, connection)) {
            resting.addLast(new Rested(connection, System.nanoTime()));
        } else {
            close(wish.destination(), connection);
        }
    }

    private static boolean isUnlocked(Wish wish, Connection connection) {
        try (var statement =
                connection.prepareStatement("select pg_advisory_unlock(hashtextextended(?, 0))")) {
            statement.setString(1, wish.destination());
            try (var answer = statement.executeQuery()) {
                return answer.next() && answer.getBoolean(1);
            }
        } catch (SQLException e) {
            LOG.debug("lock destination={} not given up", wish.destination(), e);
            return false;
        }
    }

    private static void close(String destination, Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.warn("lock destination={} close=\"{}\"", destination, e.getMessage());
        }
    }

    /// Closes the connections that hold no lock.
    @Override
    public void close() {
        for (var rested = resting.pollLast(); rested != null; rested = resting.pollLast()) {
            close("none", rested.connection());
        }
    }
}
