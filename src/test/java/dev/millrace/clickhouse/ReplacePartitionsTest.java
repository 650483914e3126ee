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
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplacePartitionsTest {
    private static final LoadMode MODE = LoadMode.REPLACE_PARTITIONS;

    private final Model model = model(List.of("id"), "p", "id UInt64", "p UInt16");
    private final NotedInMemory journal = new NotedInMemory();
    private Staging old;
    private Staging staging;
    private String before;
    private String after;

    /// The table has the partitions 0 to 3, the load 2 to 4.
    @BeforeEach
    void aTableWithRowsAndALoadThatReplacesSome() {
        var other = published(10, _ -> 0);
        old = published(50, i -> i % 3 + 1);
        staging = Fixture.loaded(model, 30, i -> i % 3 + 2);
        assertThat(other.job()).isNotEqualTo(old.job());
        before = rows(quoted(model));
        after =
                Stream.concat(
                                before.lines().filter(l -> partition(l) < 2),
                                rows(quoted(staging)).lines())
                        .sorted()
                        .map(l -> l + "\n")
                        .reduce("", String::concat);
    }

    private Staging published(int rows, IntUnaryOperator partition) {
        var published = Fixture.loaded(model, rows, partition);
        publish(published, SINK.staged(published));
        SINK.discard(published.job());
        return published;
    }

    private static int partition(String line) {
        return Integer.parseInt(line.strip().split(" ", -1)[1]);
    }

    @Test
    void onlyThePartitionsThatTheRowsFallIntoAreReplaced() {
        var load = load(staging, MODE);
        assertThat(SINK.held(load, journal)).isEqualTo(Held.NOTHING);
        SINK.publish(load, journal);
        assertThat(rows(quoted(model))).isEqualTo(after);
        assertThat(SINK.held(load, journal)).isEqualTo(Held.ALL);
        assertThat(SINK.replaced(load, journal)).isEqualTo(new Replaced.Of(Set.of(old.job())));
    }

    @Test
    void anEmptyTableGetsTheRowsAndUndoEmptiesItAgain() {
        execute("TRUNCATE TABLE %s".formatted(quoted(model)));
        SINK.publish(load(staging, MODE), journal);
        assertThat(rows(quoted(model))).isEqualTo(rows(quoted(staging)));
        assertThat(SINK.replaced(load(staging, MODE), journal)).isEqualTo(Replaced.NOTHING);
        SINK.undo(fenced(1), journal);
        assertThat(rows(quoted(model))).isEmpty();
    }

    /// One that died in front of its note, one behind it, and then: some or all is kept, some or
    /// all is replaced, ClickHouse died within one partition, a column has come.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "unnoted",
                "noted",
                "noted;DROP TABLE {k} SYNC",
                "noted;CREATE TABLE {k0} AS {t}",
                "noted;{k} 2 FROM {t}",
                "noted;{k} 2 FROM {t};{k} 3 FROM {t}",
                "noted;{k} 2 FROM {t};{k} 3 FROM {t};{t} 2 FROM {s}",
                "noted;{k} 2 FROM {t};{k} 3 FROM {t};{t} 2 FROM {s};{t} 3 FROM {s}",
                "noted;{k} 2 FROM {t};{k} 3 FROM {t};{t} 2 FROM {s};{t} 3 FROM {s};{t} 4 FROM {s}",
                "noted;{k} 2 FROM {t};{k} 3 FROM {t};"
                        + "ALTER TABLE {t} ATTACH PARTITION ID '2' FROM {s}",
                "noted;{k} 2 FROM {t};{k} 3 FROM {t};ALTER TABLE {t} DROP PARTITION ID '3'",
                "noted;{k} 2 FROM {t};{k} 3 FROM {t};{t} 4 FROM {s};ALTER TABLE {t} ADD COLUMN d Int8 DEFAULT 7",
            })
    void fromEveryStateThatAnEarlierAttemptCanLeaveTheRowsAreThereOnce(String left) {
        var first = fenced(1);
        var dying = left.startsWith("un") ? DyingJournal.beforeNote() : DyingJournal.afterNote();
        assertThatThrownBy(() -> SINK.publish(first, dying)).isInstanceOf(DyingJournal.Death.class);
        assertThat(rows(quoted(model))).isEqualTo(before);
        Stream.of(left.split(";", -1)).skip(1).forEach(this::change);

        SINK.publish(fenced(2), dying.left());
        SINK.publish(fenced(3), dying.left());

        assertThat(rows(quoted(model))).isEqualTo(after);
        assertThat(SINK.replaced(fenced(4), dying.left()))
                .isEqualTo(new Replaced.Of(Set.of(old.job())));
        SINK.undo(fenced(5), dying.left());
        assertThat(rows(quoted(model))).isEqualTo(before);
    }

    /// @param step SQL, or `TABLE PARTITION FROM TABLE`
    private void change(String step) {
        var sql =
                step.replaceFirst(
                        "^(\\{\\w+}) (\\d) FROM", "ALTER TABLE $1 REPLACE PARTITION ID '$2' FROM");
        execute(
                sql.replace("{k}", kept(1))
                        .replace("{k0}", kept(0))
                        .replace("{t}", quoted(model))
                        .replace("{s}", quoted(staging.withEpoch(1))));
    }

    @Test
    void partOfAPartitionIsUncertain() {
        var load = load(staging, MODE);
        SINK.publish(load, journal);
        execute(
                "ALTER TABLE %s DELETE WHERE p = 3 AND id %% 2 = 0 SETTINGS mutations_sync = 2"
                        .formatted(quoted(model)));
        assertThat(SINK.held(load, journal)).isEqualTo(Held.PART);
        assertThatThrownBy(() -> SINK.publish(load, journal))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.PUBLISH_UNCERTAIN));
    }

    @Test
    void whatAFrozenOwnerSendsLateChangesNothing() {
        SINK.publish(load(staging, MODE), journal);
        var late =
                List.of(
                        "ALTER TABLE %s REPLACE PARTITION ID '2' FROM %s"
                                .formatted(quoted(model), quoted(staging)),
                        "ALTER TABLE %s REPLACE PARTITION ID '2' FROM %s"
                                .formatted(kept(0), quoted(model)),
                        "ALTER TABLE %s REPLACE PARTITION ID '2' FROM %s"
                                .formatted(quoted(model), kept(0)),
                        "ALTER TABLE %s DELETE WHERE 1%s"
                                .formatted(quoted(model), PublishedRows.unlessGone(kept(0))));
        var later = fenced(1);
        late.forEach(ReplacePartitionsTest::assertThatItFails);
        SINK.publish(later, journal);
        assertThat(rows(quoted(model))).isEqualTo(after);
        execute("CREATE TABLE %s AS %s".formatted(kept(0), quoted(model)));
        SINK.undo(fenced(2), journal);
        assertThat(rows(quoted(model))).isEqualTo(before);
    }

    @Test
    void undoBringsBackWhatWasThereHoweverOftenItIsRepeated() {
        SINK.publish(load(staging, MODE), journal);
        SINK.undo(fenced(1), journal);
        SINK.undo(fenced(2), journal);
        assertThat(rows(quoted(model))).isEqualTo(before);
        assertThat(keptTables()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{t} 2 FROM {k}",
                "{t} 2 FROM {k};{t} 3 FROM {k}",
                "{t} 2 FROM {k};{t} 3 FROM {k};ALTER TABLE {t} DROP PARTITION ID '4'",
                "{t} 2 FROM {k};ALTER TABLE {t} ADD COLUMN d Int8 DEFAULT 7",
                "ALTER TABLE {t} DROP PARTITION ID '2'",
                "ALTER TABLE {t} ATTACH PARTITION ID '2' FROM {k}"
            })
    void anUndoThatDiedHalfWayIsFinished(String left) {
        SINK.publish(fenced(1), journal);
        Stream.of(left.split(";", -1)).forEach(this::change);
        SINK.undo(fenced(2), journal);
        assertThat(rows(quoted(model))).isEqualTo(before);
    }

    @Test
    void rowsOfOthersElsewhereDoNotStopAnUndo() {
        SINK.publish(load(staging, MODE), journal);
        execute("INSERT INTO %s (id, p) VALUES (1, 0)".formatted(quoted(model)));
        SINK.undo(fenced(1), journal);
        assertThat(rows(quoted(model)).lines()).hasSize(61);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO {t} (id, p) VALUES (1, 3)|the partition '3'",
                "INSERT INTO {t} (id, p) VALUES (1, 4)|the partition '4'",
                "DROP TABLE {k} SYNC|no longer kept"
            })
    void whatCannotBeUndoneExactlyIsRefusedAndStays(String change) {
        SINK.publish(fenced(1), journal);
        var parts = change.split("\\|", -1);
        change(parts[0]);
        var there = rows(quoted(model));
        var load = fenced(2);
        assertThatThrownBy(() -> SINK.undo(load, journal))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNDO_REFUSED))
                .hasMessageContaining(parts[1]);
        assertThat(rows(quoted(model))).isEqualTo(there);
    }

    @Test
    void keptRowsHaveTheColumnsThatTheTableGotSince() {
        SINK.publish(load(staging, MODE), journal);
        SINK.prepare(next(model, "id UInt64", "p UInt16", "later Nullable(String)"));
        SINK.undo(fenced(1), journal);
        assertThat(rows(quoted(model))).isEqualTo(before);
    }

    @Test
    void aTableWithoutPartitionsIsReplacedWhole() {
        var whole = model("id UInt64", "p UInt16");
        var first = Fixture.loaded(whole, 20, i -> i % 4);
        publish(first, SINK.staged(first));
        var there = rows(quoted(whole));
        var second = Fixture.loaded(whole, 30, i -> i % 4);
        SINK.publish(load(second, MODE), journal);
        assertThat(rows(quoted(whole))).isEqualTo(rows(quoted(second)));
        SINK.undo(load(second, MODE), journal);
        assertThat(rows(quoted(whole))).isEqualTo(there);
    }

    @Test
    void manyPartitionsAreReplacedInFewStatements() {
        var many = model(List.of("id"), "p", "id UInt64", "p UInt16");
        var first = Fixture.loaded(many, 250, i -> i);
        publish(first, SINK.staged(first));
        var there = rows(quoted(many));
        var second = Fixture.loaded(many, 500, i -> i % 250 + 1);
        SINK.publish(load(second, MODE), journal);
        assertThat(rows(quoted(many))).isEqualTo(rows(quoted(second)));
        execute("SYSTEM FLUSH LOGS");
        var window =
                ("SELECT %s FROM system.query_log WHERE type = 'QueryFinish' AND query LIKE"
                        + " 'ALTER TABLE %s REPLACE PARTITION%%'");
        assertThat(number(window.formatted("count()", quoted(many)))).isEqualTo(3);
        System.out.printf(
                "replace-partitions: 250 partitions in %,d ms%n",
                number(
                        window.formatted(
                                "dateDiff('millisecond', min(query_start_time_microseconds),"
                                        + " max(event_time_microseconds))",
                                quoted(many))));
        SINK.undo(load(second, MODE), journal);
        assertThat(rows(quoted(many))).isEqualTo(there);
    }

    @Test
    void discardKeepsWhatWasReplacedAndForgetDoesNot() {
        SINK.publish(load(staging, MODE), journal);
        SINK.discard(staging.job());
        assertThat(keptTables()).isOne();
        SINK.forget(staging.job());
        assertThat(keptTables()).isZero();
        assertThat(rows(quoted(model))).isEqualTo(after);
    }

    /// The load as an owner of a later epoch has it, who has fenced.
    private Publishable fenced(int epoch) {
        var later = staging.withEpoch(epoch);
        SINK.fence(later);
        return load(later, MODE);
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
