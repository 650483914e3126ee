package dev.millrace.clickhouse;

import static dev.millrace.clickhouse.Fixture.CONNECTION;
import static dev.millrace.clickhouse.Fixture.SINK;
import static dev.millrace.clickhouse.Fixture.execute;
import static dev.millrace.clickhouse.Fixture.load;
import static dev.millrace.clickhouse.Fixture.model;
import static dev.millrace.clickhouse.Fixture.next;
import static dev.millrace.clickhouse.Fixture.number;
import static dev.millrace.clickhouse.Fixture.publish;
import static dev.millrace.clickhouse.Fixture.quoted;
import static dev.millrace.clickhouse.Fixture.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.NotedInMemory;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Held;
import dev.millrace.core.LoadMode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.Publishable;
import dev.millrace.core.Replaced;
import dev.millrace.core.Staging;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplaceTableTest {
    private final Model model = model(List.of("id"), "p", "id UInt64", "p UInt16");
    private final NotedInMemory journal = new NotedInMemory();
    private Staging staging;
    private String before;
    private String after;

    @BeforeEach
    void aTableWithRowsAndALoadThatReplacesThem() {
        var old = Fixture.loaded(model, 50, i -> i % 4);
        publish(old, SINK.staged(old));
        SINK.discard(old.job());
        staging = Fixture.loaded(model, 30, i -> i % 3 + 2);
        before = rows(quoted(model));
        after = rows(quoted(staging));
        assertThat(before.lines()).hasSize(50);
        assertThat(after.lines()).hasSize(30);
    }

    @Test
    void theRowsTakeThePlaceOfAllThatAreThere() {
        var load = load(staging, LoadMode.REPLACE);
        assertThat(SINK.held(load, journal)).isEqualTo(Held.NOTHING);
        SINK.publish(load, journal);
        assertThat(rows(quoted(model))).isEqualTo(after);
        assertThat(rows(quoted(staging))).isEqualTo(after);
        assertThat(SINK.held(load, journal)).isEqualTo(Held.ALL);
        assertThat(SINK.replaced(load, journal)).isEqualTo(new Replaced.Everything());
    }

    @Test
    void anEmptyTableIsReplacedTooAndUndoEmptiesItAgain() {
        execute("TRUNCATE TABLE %s".formatted(quoted(model)));
        SINK.publish(load(staging, LoadMode.REPLACE), journal);
        assertThat(rows(quoted(model))).isEqualTo(after);
        SINK.undo(fenced(1), journal);
        assertThat(rows(quoted(model))).isEmpty();
    }

    @Test
    void repeatingItDoesNotBringTheOldRowsBack() {
        SINK.publish(load(staging, LoadMode.REPLACE), journal);
        SINK.publish(load(staging, LoadMode.REPLACE), journal);
        SINK.publish(fenced(1), journal);
        SINK.publish(fenced(2), journal);
        assertThat(rows(quoted(model))).isEqualTo(after);
        SINK.undo(fenced(3), journal);
        assertThat(rows(quoted(model))).isEqualTo(before);
    }

    /// A copy that is not noted, one that is, one that has lost rows or got them twice, one of an
    /// older epoch beside it, and one that the table has left behind by a new column.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "unnoted",
                "noted",
                "noted;ALTER TABLE {k} DELETE WHERE id % 2 = 0 SETTINGS mutations_sync = 2",
                "noted;ALTER TABLE {k} ATTACH PARTITION ALL FROM {s}",
                "noted;TRUNCATE TABLE {k}",
                "noted;DROP TABLE {k} SYNC",
                "noted;CREATE TABLE {k0} AS {t}",
                "noted;ALTER TABLE {t} ADD COLUMN more UInt8 DEFAULT 7"
            })
    void fromEveryStateThatAnEarlierAttemptCanLeaveTheRowsAreThereOnce(String left) {
        var first = fenced(1);
        var dying = left.startsWith("un") ? DyingJournal.beforeNote() : DyingJournal.afterNote();
        assertThatThrownBy(() -> SINK.publish(first, dying)).isInstanceOf(DyingJournal.Death.class);
        assertThat(rows(quoted(model))).isEqualTo(before);
        Stream.of(left.split(";", -1)).skip(1).forEach(this::damage);

        var second = fenced(2);
        assertThat(SINK.held(second, dying.left())).isEqualTo(Held.NOTHING);
        SINK.publish(second, dying.left());

        assertThat(rows(quoted(model))).isEqualTo(after);
        SINK.undo(fenced(3), dying.left());
        assertThat(rows(quoted(model))).isEqualTo(before);
    }

    private void damage(String sql) {
        execute(
                sql.replace("{k}", kept(1))
                        .replace("{k0}", kept(0))
                        .replace("{t}", quoted(model))
                        .replace("{s}", quoted(staging.withEpoch(1))));
    }

    @Test
    void whatAFrozenOwnerSendsLateChangesNothing() {
        var dying = DyingJournal.afterNote();
        assertThatThrownBy(() -> SINK.publish(load(staging, LoadMode.REPLACE), dying))
                .isInstanceOf(DyingJournal.Death.class);
        var late =
                List.of(
                        "EXCHANGE TABLES %s AND %s".formatted(quoted(model), kept(0)),
                        "ALTER TABLE %s ATTACH PARTITION ALL FROM %s"
                                .formatted(kept(0), quoted(staging)),
                        "ALTER TABLE %s ATTACH PARTITION ALL FROM %s"
                                .formatted(quoted(model), quoted(staging)));
        var load = fenced(1);
        late.forEach(ReplaceTableTest::assertThatItFails);
        assertThat(SINK.held(load, dying.left())).isEqualTo(Held.NOTHING);
        SINK.publish(load, dying.left());
        late.forEach(ReplaceTableTest::assertThatItFails);

        // a CREATE alone succeeds, and then nobody takes its table for the one that is kept
        execute("CREATE TABLE %s AS %s".formatted(kept(0), quoted(model)));
        assertThat(rows(quoted(model))).isEqualTo(after);
        var undoing = fenced(2);
        assertThatItFails("EXCHANGE TABLES %s AND %s".formatted(quoted(model), kept(1)));
        SINK.undo(undoing, dying.left());
        assertThat(rows(quoted(model))).isEqualTo(before);
    }

    @Test
    void undoBringsTheOldRowsBackHoweverOftenItIsRepeated() {
        SINK.publish(load(staging, LoadMode.REPLACE), journal);
        SINK.undo(fenced(1), journal);
        SINK.undo(fenced(2), journal);
        assertThat(rows(quoted(model))).isEqualTo(before);
        assertThat(SINK.held(fenced(3), journal)).isEqualTo(Held.NOTHING);
    }

    @Test
    void anUndoThatDiedBehindTheWayBackIsNotUndoneItself() {
        SINK.publish(load(staging, LoadMode.REPLACE), journal);
        execute("EXCHANGE TABLES %s AND %s".formatted(quoted(model), kept(0)));
        SINK.undo(fenced(1), journal);
        assertThat(rows(quoted(model))).isEqualTo(before);
        assertThat(keptTables()).isZero();
    }

    @Test
    void oldRowsHaveTheColumnsThatTheTableGotSince() {
        SINK.publish(load(staging, LoadMode.REPLACE), journal);
        SINK.prepare(next(model, "id UInt64", "p UInt16", "later Nullable(String)"));
        SINK.undo(fenced(1), journal);
        assertThat(rows(quoted(model))).isEqualTo(before);
        assertThat(number("SELECT countIf(later IS NULL) FROM " + quoted(model))).isEqualTo(50);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO {t} (id, p) VALUES (1, 1)|rows of others",
                "ALTER TABLE {t} ADD INDEX i p TYPE minmax|altered since",
                "DROP TABLE {k} SYNC|no longer kept",
                "EXCHANGE TABLES {t} AND {s}|not the table any more"
            })
    void whatCannotBeUndoneExactlyIsRefusedAndStays(String change) {
        SINK.publish(load(staging, LoadMode.REPLACE), journal);
        var parts = change.split("\\|", -1);
        execute(
                parts[0].replace("{t}", quoted(model))
                        .replace("{k}", kept(0))
                        .replace("{s}", quoted(staging)));
        var there = rows(quoted(model));
        assertThatThrownBy(() -> SINK.undo(load(staging, LoadMode.REPLACE), journal))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNDO_REFUSED))
                .hasMessageContaining(parts[1]);
        assertThat(rows(quoted(model))).isEqualTo(there);
    }

    @Test
    void aTableThatSomebodyPutInItsPlaceIsLeftAlone() {
        SINK.publish(load(staging, LoadMode.REPLACE), journal);
        execute("EXCHANGE TABLES %s AND %s".formatted(quoted(model), quoted(staging)));
        var load = load(staging, LoadMode.REPLACE);
        assertThat(SINK.held(load, journal)).isEqualTo(Held.UNKNOWN);
        assertThatThrownBy(() -> SINK.publish(load, journal))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.PUBLISH_UNCERTAIN));
    }

    @Test
    void stagingThatLacksRowsReplacesNothing() {
        var load = load(staging, LoadMode.REPLACE);
        execute(
                "ALTER TABLE %s DELETE WHERE id = 7 SETTINGS mutations_sync = 2"
                        .formatted(quoted(staging)));
        assertThatThrownBy(() -> SINK.publish(load, journal))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_FAILED));
        assertThat(rows(quoted(model))).isEqualTo(before);
        assertThat(SINK.held(load, journal)).isEqualTo(Held.NOTHING);
    }

    @Test
    void discardKeepsWhatWasReplacedAndForgetDoesNot() {
        SINK.publish(load(staging, LoadMode.REPLACE), journal);
        SINK.discard(staging.job());
        assertThat(rows(kept(0))).isEqualTo(before);
        SINK.forget(staging.job());
        SINK.forget(staging.job());
        assertThat(keptTables()).isZero();
        assertThat(rows(quoted(model))).isEqualTo(after);
    }

    @Test
    void aViewReadsTheRowsThatAreThere() {
        var view = Sql.identifier("millrace", "v_" + model.table());
        execute("CREATE VIEW %s AS SELECT id, p FROM %s".formatted(view, quoted(model)));
        SINK.publish(load(staging, LoadMode.REPLACE), journal);
        assertThat(number("SELECT count() FROM " + view)).isEqualTo(30);
        SINK.undo(fenced(1), journal);
        assertThat(number("SELECT count() FROM " + view)).isEqualTo(50);
    }

    /// The load as an owner of a later epoch has it, who has fenced.
    private Publishable fenced(int epoch) {
        var later = staging.withEpoch(epoch);
        SINK.fence(later);
        return load(later, LoadMode.REPLACE);
    }

    private String kept(int epoch) {
        return new KeptTable(CONNECTION, staging.withEpoch(epoch)).name();
    }

    private long keptTables() {
        return StagingTable.tables(CONNECTION, KeptTable.prefix(staging.job())).size();
    }

    private static void assertThatItFails(String sql) {
        assertThatThrownBy(() -> execute(sql))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.STAGING_MISSING));
    }
}
