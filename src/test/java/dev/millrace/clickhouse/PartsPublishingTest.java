package dev.millrace.clickhouse;

import static dev.millrace.clickhouse.Fixture.SINK;
import static dev.millrace.clickhouse.Fixture.answer;
import static dev.millrace.clickhouse.Fixture.execute;
import static dev.millrace.clickhouse.Fixture.model;
import static dev.millrace.clickhouse.Fixture.number;
import static dev.millrace.clickhouse.Fixture.published;
import static dev.millrace.clickhouse.Fixture.quoted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.Engines;
import dev.millrace.NotedInMemory;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Held;
import dev.millrace.core.MillraceException;
import dev.millrace.embedded.Engine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartsPublishingTest {
    private static final String PLAIN = "MergeTree PARTITION BY p ORDER BY id";

    @ParameterizedTest
    @ValueSource(
            strings = {
                PLAIN,
                "MergeTree ORDER BY tuple()",
                "ReplacingMergeTree PARTITION BY p ORDER BY id SETTINGS index_granularity = 1024",
                "ReplacingMergeTree(p) PRIMARY KEY id ORDER BY (id, p)",
                "MergeTree ORDER BY id TTL toDateTime(id) + INTERVAL 100 YEAR",
                "MergeTree ORDER BY id SETTINGS min_bytes_for_wide_part = 0, old_parts_lifetime = 600"
            })
    void aUsersTableGetsTheRowsOnceHoweverOftenItIsRepeated(String engine) {
        var table = UserTable.of(engine);
        table.insert(1000, 10);
        var load = table.load(100);
        load.publish();
        load.publish();
        assertThat(load.held()).isEqualTo(Held.ALL);
        assertThat(table.rows()).isEqualTo(110);
        assertThat(number("SELECT sum(id) FROM " + table.quoted())).isEqualTo(5050 + 10045);
    }

    @Test
    void indicesAndProjectionsAreTheTables() {
        var table =
                UserTable.of(
                        "id UInt64, p UInt8, INDEX i p TYPE minmax, PROJECTION s (SELECT p, count()"
                                + " GROUP BY p), CONSTRAINT c CHECK id > 0",
                        PLAIN);
        var load = table.load(10);
        load.publish();
        assertThat(table.rows()).isEqualTo(10);
        assertThat(answer("DESCRIBE TABLE " + table.quoted())).doesNotContain("_millrace");
    }

    @Test
    void whoComesBehindTheAttachFindsAllAndAttachesNothing() {
        var table = UserTable.of(PLAIN);
        var load = table.load(100);
        load.attachAndDie();
        assertThat(load.held()).isEqualTo(Held.ALL);
        load.publish();
        assertThat(table.rows()).isEqualTo(100);
    }

    @Test
    void whoComesInFrontOfTheAttachFindsNothingAndAttaches() {
        var table = UserTable.of(PLAIN);
        var load = table.load(100);
        load.noteAndDie();
        assertThat(load.held()).isEqualTo(Held.NOTHING);
        load.publish();
        assertThat(table.rows()).isEqualTo(100);
    }

    @Test
    void equalContentOfAnotherJobIsNotTakenForThisOnes() {
        var table = UserTable.of(PLAIN);
        var first = table.load(100);
        var second = table.load(100);
        second.noteAndDie();
        first.publish();
        assertThat(second.held()).isEqualTo(Held.NOTHING);
        second.publish();
        assertThat(table.rows()).isEqualTo(200);
    }

    @Test
    void equalRowsThatSomebodyInsertsMeanwhileAreNotTakenForTheLoads() {
        var table = UserTable.of(PLAIN);
        var load = table.load(100);
        load.noteAndDie();
        table.insert(1, 100);
        assertThat(load.held()).isEqualTo(Held.NOTHING);
        load.publish();
        assertThat(table.rows()).isEqualTo(200);
    }

    @Test
    void mergesBehindTheAttachHideNothingAsLongAsTheirSourcesAreListed() {
        var table = UserTable.of("ReplacingMergeTree PARTITION BY p ORDER BY id");
        table.insert(50, 100);
        var load = table.load(100);
        load.attachAndDie();
        table.insert(90, 10);
        execute("OPTIMIZE TABLE %s FINAL".formatted(table.quoted()));
        assertThat(load.held()).isEqualTo(Held.ALL);
        load.publish();
        assertThat(table.rows()).isEqualTo(149);
    }

    @Test
    void mergesOfOthersRowsInFrontOfTheAttachHideNothingEither() {
        var table = UserTable.of("MergeTree ORDER BY id");
        var load = table.load(100);
        load.noteAndDie();
        table.insert(1000, 10);
        table.insert(2000, 10);
        execute("OPTIMIZE TABLE %s FINAL".formatted(table.quoted()));
        assertThat(load.held()).isEqualTo(Held.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void mergesOfWhichTheSourcesAreGoneMakeItUncertain(boolean attached) {
        var table =
                UserTable.of(
                        "MergeTree ORDER BY id SETTINGS old_parts_lifetime = 0,"
                                + " cleanup_delay_period = 0, max_cleanup_delay_period = 0,"
                                + " cleanup_delay_period_random_add = 0,"
                                + " merge_tree_clear_old_parts_interval_seconds = 0");
        table.insert(500, 10);
        var load = table.load(100);
        if (attached) {
            load.attachAndDie();
        } else {
            load.noteAndDie();
            table.insert(1000, 10);
        }
        execute("OPTIMIZE TABLE %s FINAL".formatted(table.quoted()));
        await(table, "NOT active", 0);
        assertThat(load.held()).isEqualTo(Held.UNKNOWN);
        assertUncertain(load, table);
    }

    private static void assertUncertain(UserTable.Load load, UserTable table) {
        var rows = table.rows();
        assertThatThrownBy(load::publish)
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.PUBLISH_UNCERTAIN);
                            var remedy = String.valueOf(e.remedy());
                            execute(remedy.substring(remedy.indexOf("SELECT")));
                        });
        assertThat(table.rows()).isEqualTo(rows);
    }

    @Test
    void aPartitionThatSomebodyDropsBehindTheAttachMakesItUncertain() {
        var table = UserTable.of(PLAIN);
        var load = table.load(100);
        load.attachAndDie();
        execute("ALTER TABLE %s DROP PARTITION 1".formatted(table.quoted()));
        assertThat(load.held()).isEqualTo(Held.UNKNOWN);
        assertUncertain(load, table);
    }

    @Test
    void aTableThatIsEmptiedBehindTheAttachDoesNotHoldTheLoad() {
        var table = UserTable.of(PLAIN);
        var load = table.load(100);
        load.attachAndDie();
        execute("TRUNCATE TABLE " + table.quoted());
        assertThat(load.held()).isNotEqualTo(Held.ALL);
    }

    @Test
    void aTableThatIsEmptiedInFrontOfTheAttachGetsTheRows() {
        var table = UserTable.of(PLAIN);
        table.insert(1000, 10);
        var load = table.load(100);
        load.noteAndDie();
        execute("TRUNCATE TABLE " + table.quoted());
        load.publish();
        assertThat(table.rows()).isEqualTo(100);
    }

    @Test
    void rowsThatSomebodyChangedBehindTheAttachAreStillThere() {
        var table = UserTable.of(PLAIN);
        var load = table.load(100);
        load.attachAndDie();
        execute(
                "ALTER TABLE %s DELETE WHERE id = 7 SETTINGS mutations_sync = 2"
                        .formatted(table.quoted()));
        assertThat(load.held()).isEqualTo(Held.ALL);
        load.publish();
        assertThat(table.rows()).isEqualTo(99);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aServerThatDiesBehindTheAttachStillTells(boolean attached) throws Exception {
        var table = UserTable.of(PLAIN);
        table.insert(1000, 10);
        var load = table.load(100);
        if (attached) {
            load.attachAndDie();
        } else {
            load.noteAndDie();
        }
        var process = Engines.process(Engine.CLICKHOUSE);
        process.destroyForcibly();
        process.onExit().get(10, TimeUnit.SECONDS);
        awaitServer();
        assertThat(load.held()).isEqualTo(attached ? Held.ALL : Held.NOTHING);
        load.publish();
        assertThat(table.rows()).isEqualTo(110);
    }

    @Test
    void undoIsRefusedWhereRowsDoNotSayWhoseTheyAre() {
        var table = UserTable.of(PLAIN);
        var load = table.load(10);
        load.publish();
        assertThatThrownBy(() -> SINK.undo(load.what(), load.journal()))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNDO_REFUSED))
                .hasMessageContaining("do not say which job");
        assertThat(table.rows()).isEqualTo(10);
    }

    @Test
    void aTableOfMillracesWithATtlIsPublishedToAndUndoneAlthoughRowsLeaveByThemselves() {
        var model = model(List.of("id"), null, "id UInt64", "p UInt8");
        SINK.prepare(model);
        execute(
                "ALTER TABLE %s MODIFY TTL toDateTime(if(id < 50, id, 4000000000))"
                        .formatted(quoted(model)));
        var staging = Fixture.loaded(model, 100, i -> i % 4);
        var load = Fixture.load(staging, SINK.staged(staging));
        var journal = new NotedInMemory();
        SINK.publish(load, journal);
        execute("OPTIMIZE TABLE %s FINAL".formatted(quoted(model)));
        assertThat(published(staging.job(), model).rows()).isEqualTo(51);
        assertThat(SINK.held(load, journal)).isEqualTo(Held.ALL);
        SINK.publish(load, journal);
        assertThat(published(staging.job(), model).rows()).isEqualTo(51);
        SINK.undo(load, journal);
        assertThat(published(staging.job(), model)).isEqualTo(Digest.EMPTY);
    }

    private static void await(UserTable table, String condition, long count) {
        var sql =
                "SELECT count() FROM system.parts WHERE database = 'millrace' AND table = '%s' AND %s"
                        .formatted(table.name(), condition);
        var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (number(sql) != count) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static void awaitServer() {
        var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try {
                SINK.check();
                return;
            } catch (MillraceException e) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                LockSupport.parkNanos(100_000_000);
            }
        }
    }
}
