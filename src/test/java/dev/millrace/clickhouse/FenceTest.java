package dev.millrace.clickhouse;

import static dev.millrace.clickhouse.Fixture.CONNECTION;
import static dev.millrace.clickhouse.Fixture.SINK;
import static dev.millrace.clickhouse.Fixture.execute;
import static dev.millrace.clickhouse.Fixture.ids;
import static dev.millrace.clickhouse.Fixture.model;
import static dev.millrace.clickhouse.Fixture.number;
import static dev.millrace.clickhouse.Fixture.open;
import static dev.millrace.clickhouse.Fixture.publish;
import static dev.millrace.clickhouse.Fixture.published;
import static dev.millrace.clickhouse.Fixture.quoted;
import static dev.millrace.clickhouse.Fixture.split;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobId;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Staging;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class FenceTest {
    private static final String LONG =
            "SELECT sum(sleepEachRow(0.1)) FROM system.numbers"
                    + " SETTINGS max_block_size = 1, max_threads = 1";

    @Test
    void afterTheFenceTheRowsAreUnderTheNewNameOnly() {
        var staging = open(model("id UInt64"));
        var batch = ids(staging.model(), 1, 10);
        SINK.write(staging, split(staging, 0), batch);
        var later = staging.withEpoch(3);
        SINK.fence(later);
        assertThat(SINK.isOpen(staging)).isFalse();
        assertThat(SINK.isOpen(later)).isTrue();
        assertThat(SINK.staged(later)).isEqualTo(batch.digest());
        assertThatThrownBy(() -> SINK.staged(staging)).satisfies(FenceTest::saysStagingMissing);
    }

    @Test
    void aWriteAfterTheFenceFindsNoStaging() {
        var staging = open(model("id UInt64"));
        SINK.fence(staging.withEpoch(1));
        var batch = ids(staging.model(), 1, 10);
        assertThatThrownBy(() -> SINK.write(staging, split(staging, 0), batch))
                .satisfies(FenceTest::saysStagingMissing);
        assertThat(SINK.staged(staging.withEpoch(1)).rows()).isZero();
    }

    @Test
    void aRepeatedWriteIsStillKnownAfterTheFence() {
        var staging = open(model("id UInt64"));
        var batch = ids(staging.model(), 1, 10);
        SINK.write(staging, split(staging, 0), batch);
        var later = staging.withEpoch(1);
        SINK.fence(later);
        SINK.write(later, split(later, 0), batch);
        assertThat(SINK.staged(later)).isEqualTo(batch.digest());
    }

    @Test
    void theFenceCanBeRepeatedAndRaisedAgain() {
        var staging = open(model("id UInt64"));
        SINK.fence(staging.withEpoch(1));
        SINK.fence(staging.withEpoch(1));
        SINK.fence(staging.withEpoch(2));
        assertThat(SINK.isOpen(staging.withEpoch(2))).isTrue();
    }

    @Test
    void anOwnerThatIsBehindCannotFence() {
        var staging = open(model("id UInt64"));
        SINK.fence(staging.withEpoch(2));
        assertThatThrownBy(() -> SINK.fence(staging.withEpoch(1)))
                .satisfies(FenceTest::saysStagingMissing);
        assertThat(SINK.isOpen(staging.withEpoch(2))).isTrue();
    }

    @Test
    void stagingOfAnotherAttemptIsNotTaken() {
        var staging = open(model("id UInt64"));
        var second = new Staging(staging.job(), 1, 2, 5, staging.model());
        assertThatThrownBy(() -> SINK.fence(second)).satisfies(FenceTest::saysStagingMissing);
        assertThat(SINK.isOpen(staging)).isTrue();
    }

    @Test
    void theFenceEndsTheJobsStatementsAndNoOthers() {
        var staging = open(model("id UInt64"));
        var earlier = start(Statement.ofJob(staging.job(), 0, LONG));
        var insert =
                start(
                        Statement.ofJob(
                                staging.job(),
                                0,
                                "INSERT INTO %s SELECT number + sleepEachRow(0.1) FROM system.numbers"
                                                .formatted(quoted(staging))
                                        + " SETTINGS max_block_size = 1, max_threads = 1"));
        var without =
                start(
                        new Statement(
                                "millrace-%s-x".formatted(staging.job().uuid()), LONG, Map.of()));
        var newer = start(Statement.ofJob(staging.job(), 1, LONG));
        var stranger = start(Statement.ofJob(new JobId(UUID.randomUUID()), 0, LONG));
        SINK.fence(staging.withEpoch(1));
        assertThat(earlier.isRunning()).isFalse();
        assertThat(insert.isRunning()).isFalse();
        assertThat(without.isRunning()).isFalse();
        assertThat(newer.isRunning()).isTrue();
        assertThat(stranger.isRunning()).isTrue();
        newer.end();
        stranger.end();
    }

    @Test
    void theFenceWaitsForAMutationThatItsStatementHasLeftBehind() {
        var model = model("id UInt64");
        var staging = open(model);
        SINK.write(staging, split(staging, 0), ids(model, 1, 100));
        publish(staging, SINK.staged(staging));
        execute("SYSTEM STOP MERGES " + quoted(model));
        execute(
                "ALTER TABLE %s DELETE WHERE _millrace_job = '%s' SETTINGS mutations_sync = 0"
                        .formatted(quoted(model), staging.job().uuid()));
        var fence = Fixture.inBackground(() -> SINK.fence(staging.withEpoch(1)));
        await(() -> SINK.isOpen(staging.withEpoch(1)));
        assertThat(fence).isNotDone();
        execute("SYSTEM START MERGES " + quoted(model));
        assertThat(fence).succeedsWithin(Duration.ofSeconds(20));
        assertThat(published(staging.job(), model).rows()).isZero();
    }

    @Test
    void theFenceOfAStagingThatIsGoneStillEndsTheJobsStatements() {
        var staging = open(model("id UInt64"));
        var earlier = start(Statement.ofJob(staging.job(), 0, LONG));
        execute("DROP TABLE %s SYNC".formatted(quoted(staging)));
        assertThatThrownBy(() -> SINK.fence(staging.withEpoch(1)))
                .satisfies(FenceTest::saysStagingMissing);
        assertThat(earlier.isRunning()).isFalse();
        assertThat(published(staging.job(), staging.model())).isEqualTo(Digest.EMPTY);
    }

    @Test
    void theFenceOfAStagingThatIsGoneStillWaitsForAMutation() {
        var model = model("id UInt64");
        var staging = open(model);
        SINK.write(staging, split(staging, 0), ids(model, 1, 100));
        publish(staging, SINK.staged(staging));
        execute("DROP TABLE %s SYNC".formatted(quoted(staging)));
        execute("SYSTEM STOP MERGES " + quoted(model));
        execute(
                "ALTER TABLE %s DELETE WHERE _millrace_job = '%s' SETTINGS mutations_sync = 0"
                        .formatted(quoted(model), staging.job().uuid()));
        try (var impatient = new ClickHouseConnection(withFenceLimit(Duration.ofMillis(300)))) {
            assertThatThrownBy(() -> new ClickHouseSink(impatient).fence(staging.withEpoch(1)))
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCE_TIMEOUT));
        } finally {
            execute("SYSTEM START MERGES " + quoted(model));
        }
        assertThatThrownBy(() -> SINK.fence(staging.withEpoch(1)))
                .satisfies(FenceTest::saysStagingMissing);
        assertThat(published(staging.job(), model)).isEqualTo(Digest.EMPTY);
    }

    @Test
    void theFenceGivesUpInTheEnd() {
        var model = model("id UInt64");
        var staging = open(model);
        SINK.write(staging, split(staging, 0), ids(model, 1, 100));
        publish(staging, SINK.staged(staging));
        execute("SYSTEM STOP MERGES " + quoted(model));
        execute(
                "ALTER TABLE %s DELETE WHERE _millrace_job = '%s' SETTINGS mutations_sync = 0"
                        .formatted(quoted(model), staging.job().uuid()));
        try (var impatient = new ClickHouseConnection(withFenceLimit(Duration.ofMillis(300)))) {
            assertThatThrownBy(() -> new ClickHouseSink(impatient).fence(staging.withEpoch(1)))
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCE_TIMEOUT));
        } finally {
            execute("SYSTEM START MERGES " + quoted(model));
        }
    }

    private static ClickHouseSettings withFenceLimit(Duration limit) {
        var s = Fixture.settings();
        return new ClickHouseSettings(
                s.endpoint(),
                s.writer(),
                s.reader(),
                s.database(),
                s.stagingDatabase(),
                s.statementLimit(),
                limit,
                s.queryLimit());
    }

    private static void saysStagingMissing(Throwable e) {
        assertThat(e)
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        m -> assertThat(m.code()).isEqualTo(ErrorCode.STAGING_MISSING));
    }

    /// A statement that runs until it is ended.
    private record Running(String queryId, CompletableFuture<Void> result) {
        boolean isRunning() {
            return number(
                            "SELECT count() FROM system.processes WHERE query_id = "
                                    + Sql.literal(queryId))
                    == 1;
        }

        void end() {
            execute("KILL QUERY WHERE query_id = %s SYNC".formatted(Sql.literal(queryId)));
            assertThat(result).failsWithin(Duration.ofSeconds(20));
        }
    }

    private static Running start(Statement statement) {
        var result = Fixture.inBackground(() -> CONNECTION.execute(statement));
        var running = new Running(statement.queryId(), result);
        await(() -> result.isDone() || running.isRunning());
        assertThat(result).isNotDone();
        return running;
    }

    private static void await(BooleanSupplier condition) {
        var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }
}
