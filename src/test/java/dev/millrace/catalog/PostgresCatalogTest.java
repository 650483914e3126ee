package dev.millrace.catalog;

import static dev.millrace.catalog.PostgresModelsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.Catalog;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobState;
import dev.millrace.core.MillraceException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PostgresCatalogTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final String LOCK_CONNECTIONS =
            """
            select count(*) from pg_stat_activity
            where datname = current_database() and application_name = 'millrace-lock'
            """;

    private final CatalogDatabase database = new CatalogDatabase();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void serversThatStartTogetherBringTheDatabaseUpToDateOnce() throws Exception {
        var catalogs = Race.of(3, database::open);

        for (var catalog : catalogs) {
            assertThat(catalog.jobs().list(null, 1)).isEmpty();
            catalog.check();
        }
        catalogs.forEach(Catalog::close);
        try (var again = database.open()) {
            again.check();
        }
    }

    @Test
    void aChangeIsHeardInAnotherProcessWithinASecond() throws Exception {
        try (var one = database.open();
                var other = database.open()) {
            var job = CatalogDatabase.job(one);
            var changes =
                    List.<Runnable>of(
                            () -> CatalogDatabase.begin(one, job),
                            () ->
                                    one.splits()
                                            .add(
                                                    CatalogDatabase.first(job),
                                                    CatalogDatabase.split(job, 0),
                                                    true),
                            () -> CatalogDatabase.lease(one, job, "a"),
                            () -> one.jobs().releaseAll("a"),
                            () -> one.splits().start(CatalogDatabase.announcement(job, 0), "w"),
                            () -> one.splits().record(CatalogDatabase.entry(job, 0)),
                            () -> one.jobs().cancel(job));
            for (var change : changes) {
                var seen = quiet(other);
                Race.of(
                        () -> {
                            change.run();
                            return 0;
                        },
                        () -> {
                            var begin = System.nanoTime();
                            assertThat(other.awaitChange(seen, LIMIT)).isNotEqualTo(seen);
                            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                                    .isLessThan(Duration.ofSeconds(1));
                            return 0;
                        });
            }
        }
    }

    /// Waits until nothing changes any more.
    private static long quiet(Catalog catalog) {
        var seen = catalog.awaitChange(0, LIMIT);
        for (var next = catalog.awaitChange(seen, Duration.ofMillis(200));
                next != seen;
                next = catalog.awaitChange(seen, Duration.ofMillis(200))) {
            seen = next;
        }
        return seen;
    }

    @Test
    void aChangeBetweenTwoWaitsIsNotMissed() {
        try (var one = database.open();
                var other = database.open()) {
            var job = CatalogDatabase.job(one);
            CatalogDatabase.begin(one, job);
            var seen = 0L;
            // whoever looks after each wait sees the last change without a time limit passing
            for (var splits = 1; splits <= 200; splits++) {
                one.splits()
                        .add(CatalogDatabase.first(job), CatalogDatabase.split(job, splits), true);
                while (other.jobs().get(job).splits() < splits) {
                    var next = other.awaitChange(seen, LIMIT);
                    assertThat(next).isNotEqualTo(seen);
                    seen = next;
                }
            }
        }
    }

    /// The other process hears of all of them by PostgreSQL.
    @Test
    void whoWaitsForAJobIsWokenByNoOther() {
        try (var one = database.open();
                var other = database.open()) {
            var job = CatalogDatabase.job(one);
            var another = CatalogDatabase.job(one);
            CatalogDatabase.begin(one, job);
            CatalogDatabase.begin(one, another);
            quiet(one);
            for (var catalog : List.of(one, other)) {
                var seen = quiet(catalog);
                one.splits()
                        .add(
                                CatalogDatabase.first(another),
                                CatalogDatabase.split(another, catalog == one ? 0 : 1),
                                true);
                assertThat(catalog.awaitChange(another::equals, seen, LIMIT)).isNotEqualTo(seen);

                var begin = System.nanoTime();
                catalog.awaitChange(job::equals, seen, Duration.ofMillis(300));
                assertThat(Duration.ofNanos(System.nanoTime() - begin))
                        .isGreaterThanOrEqualTo(Duration.ofMillis(300));
            }
        }
    }

    @Test
    void aWaitEndsAtItsLimit() {
        try (var catalog = database.open()) {
            var seen = quiet(catalog);
            var next = catalog.awaitChange(seen, Duration.ofMillis(50));
            // on a busy machine its listener may have come only now, which counts as a change
            for (var i = 0; i < 10 && next != seen; i++) {
                seen = next;
                next = catalog.awaitChange(seen, Duration.ofMillis(50));
            }

            assertThat(next).isEqualTo(seen);
        }
    }

    @Test
    void closingWakesWhoeverWaits() throws Exception {
        var catalog = database.open();
        var seen = quiet(catalog);
        Race.of(
                () -> catalog.awaitChange(seen, LIMIT),
                () -> {
                    catalog.close();
                    return 0L;
                });

        assertRefused(ErrorCode.CATALOG_UNAVAILABLE, catalog::check);
    }

    @Test
    void cutConnectionsAreSurvived() {
        try (var catalog = database.open();
                var other = database.open()) {
            var job = CatalogDatabase.job(catalog);
            for (var round = 0; round < 3; round++) {
                var seen = quiet(catalog);
                database.cutConnections();

                worksOrSaysUnavailable(() -> catalog.jobs().get(job));
                // a reconnection counts as a change
                assertThat(catalog.awaitChange(seen, LIMIT)).isNotEqualTo(seen);
                eventually(() -> other.jobs().touchUpload(CatalogDatabase.first(job)));
                eventually(() -> catalog.jobs().get(job));
            }

            // and the listener hears the other process again
            var seen = quiet(catalog);
            other.jobs().cancel(job);
            assertThat(catalog.awaitChange(seen, LIMIT)).isNotEqualTo(seen);
            assertThat(catalog.jobs().get(job).state()).isEqualTo(JobState.CANCELLED);
        }
    }

    private static boolean worksOrSaysUnavailable(Runnable call) {
        try {
            call.run();
            return true;
        } catch (MillraceException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CATALOG_UNAVAILABLE);
            return false;
        }
    }

    /// A pool of four has four broken connections at most.
    private static void eventually(Runnable call) {
        for (var tries = 0; tries < 4; tries++) {
            if (worksOrSaysUnavailable(call)) {
                return;
            }
        }
        call.run();
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsUnavailable() {
        var nowhere =
                new PostgresCatalog.Settings("jdbc:postgresql://127.0.0.1:1/none", "u", "p", 1);

        assertRefused(ErrorCode.CATALOG_UNAVAILABLE, () -> PostgresCatalog.open(nowhere));
    }

    @Test
    void aDatabaseThatDoesNotExistIsAMistakeOfConfiguration() {
        var s = database.settings();
        var wrong = new PostgresCatalog.Settings(s.jdbcUrl() + "_x", s.user(), s.password(), 1);

        assertRefused(ErrorCode.INVALID_CONFIGURATION, () -> PostgresCatalog.open(wrong));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://u:secret@h/d",
                "jdbc:postgresql://h/d?password=secret",
                "jdbc:postgresql://h/d?ssl=true&User=secret"
            })
    void anAddressWithAUserOrAPasswordIsRefusedAndNotRepeated(String url) {
        assertThatThrownBy(() -> new PostgresCatalog.Settings(url, "u", "p", 1))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
                            assertThat(e.getMessage()).doesNotContain("secret");
                            assertThat(e.remedy()).contains("postgres.user", "postgres.password");
                        });
    }

    @Test
    void settingsDoNotShowTheirPassword() {
        assertThat(new PostgresCatalog.Settings("jdbc:postgresql://h/d", "u", "secret", 1))
                .hasToString("jdbc:postgresql://h/d as u");
    }

    @Test
    void oneAtATimeHoldsADestination() throws Exception {
        try (var one = database.open();
                var other = database.open()) {
            var inside = new AtomicInteger();
            var most = new AtomicInteger();
            var runs =
                    Race.of(
                            12,
                            () -> {
                                for (var c : List.of(one, other)) {
                                    c.locked(
                                            "purchases",
                                            LIMIT,
                                            () -> {
                                                most.accumulateAndGet(
                                                        inside.incrementAndGet(), Math::max);
                                                one.check();
                                                inside.decrementAndGet();
                                            });
                                }
                                return true;
                            });

            assertThat(runs).hasSize(12);
            assertThat(most).hasValue(1);
        }
    }

    @Test
    void aLockIsWaitedForNoLongerThanItsLimit() throws Exception {
        try (var one = database.open();
                var other = database.open()) {
            var held = new CountDownLatch(1);
            var done = new CountDownLatch(1);
            Race.of(
                    () -> {
                        one.locked("a", LIMIT, () -> holdUntil(held, done));
                        return 0;
                    },
                    () -> {
                        assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
                        try {
                            assertRefused(
                                    ErrorCode.CATALOG_UNAVAILABLE,
                                    () ->
                                            other.locked(
                                                    "a",
                                                    Duration.ofMillis(100),
                                                    () -> {
                                                        throw new AssertionError();
                                                    }));
                            other.locked("b", Duration.ofSeconds(5), () -> {});
                        } finally {
                            done.countDown();
                        }
                        return 0;
                    });
        }
    }

    @Test
    void manyWhoWaitForOneDestinationKeepNobodyFromAnother() throws Exception {
        var held = new CountDownLatch(1);
        var done = new CountDownLatch(1);
        var inside = new AtomicInteger();
        try (var one = database.open();
                var other = database.open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var holder =
                    threads.submit(() -> other.locked("a", LIMIT, () -> holdUntil(held, done)));
            assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
            var waiting =
                    Stream.generate(() ->
                                    thread(() -> one.locked("a", LIMIT, inside::incrementAndGet)))
                            .limit(20)
                            .toList();
            try {
                awaitWaiting(waiting, 12);
                assertThat(database.number(LOCK_CONNECTIONS)).isLessThanOrEqualTo(2);
                one.locked("b", Duration.ofSeconds(5), () -> {});
                assertThat(inside).hasValue(0);
            } finally {
                done.countDown();
            }
            holder.get(10, TimeUnit.SECONDS);
            for (var thread : waiting) {
                thread.join(LIMIT);
            }
            assertThat(inside).hasValue(20);
        }
    }

    private static Thread thread(Runnable run) {
        return Thread.ofPlatform().daemon().start(run);
    }

    /// Waits until so many threads wait for others of this process.
    private static void awaitWaiting(List<Thread> threads, int count) {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (threads.stream().filter(t -> t.getState() == Thread.State.TIMED_WAITING).count()
                < count) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static void holdUntil(CountDownLatch held, CountDownLatch done) {
        held.countDown();
        try {
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLockIsGivenUpWhenItsActionFails() {
        try (var catalog = database.open()) {
            assertThatThrownBy(() ->
                            catalog.locked(
                                    "a",
                                    LIMIT,
                                    () -> {
                                        throw new IllegalStateException("broken");
                                    }))
                    .hasMessage("broken");

            catalog.locked("a", LIMIT, () -> {});
        }
    }

    @Test
    void aLockIsHadAlsoWhenTheConnectionOfTheLastOneIsGone() {
        try (var catalog = database.open()) {
            catalog.locked("a", LIMIT, () -> {});
            database.cutConnections();
            var done = new AtomicInteger();

            catalog.locked("a", LIMIT, done::incrementAndGet);

            assertThat(done).hasValue(1);
        }
    }

    @Test
    void whatHasHeldALockDoesNotHoldItBesidesTheNext() {
        try (var one = database.open();
                var other = database.open()) {
            var done = new AtomicInteger();
            one.locked("a", LIMIT, () -> {});

            one.locked(
                    "b",
                    LIMIT,
                    () -> other.locked("a", Duration.ofSeconds(5), done::incrementAndGet));

            assertThat(done).hasValue(1);
        }
    }
}
