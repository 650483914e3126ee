package dev.millrace.clickhouse;

import static dev.millrace.clickhouse.Fixture.SINK;
import static dev.millrace.clickhouse.Fixture.answer;
import static dev.millrace.clickhouse.Fixture.execute;
import static dev.millrace.clickhouse.Fixture.latest;
import static dev.millrace.clickhouse.Fixture.load;
import static dev.millrace.clickhouse.Fixture.number;
import static dev.millrace.clickhouse.Fixture.open;
import static dev.millrace.clickhouse.Fixture.published;
import static dev.millrace.clickhouse.Fixture.quoted;
import static dev.millrace.clickhouse.Fixture.split;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.NotedInMemory;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Held;
import dev.millrace.core.Journal;
import dev.millrace.core.LoadMode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.Publishable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpsertTest {
    private static final String[] COLUMNS = {"id UInt64", "p UInt8", "v UInt64"};
    private static final int ROWS = 60;

    /// A load and what its owner has noted.
    private record Upsert(Publishable what, Journal journal) {
        /// Rows in two splits, so that some keys come twice: later values are larger.
        static Upsert of(Model model, long number, int firstKey) {
            var staging = open(model, number);
            for (var split = 0; split < 2; split++) {
                var batch = new BatchRows(model.definition().columns());
                for (var i = 0; i < ROWS; i++) {
                    var key = key(firstKey, split, i);
                    batch.add(row(split, i), key, key % 3, value(number, split, i));
                }
                SINK.write(staging, split(staging, split), batch.batch());
            }
            return new Upsert(load(staging, LoadMode.UPSERT), new NotedInMemory());
        }

        /// What the table should have of a load of this number by now.
        static void add(Map<Long, Long> rule, long number, int firstKey) {
            for (var split = 0; split < 2; split++) {
                for (var i = 0; i < ROWS; i++) {
                    rule.merge(key(firstKey, split, i), value(number, split, i), Math::max);
                }
            }
        }

        private static long key(int firstKey, int split, int i) {
            return (long) firstKey + (split == 0 ? i : i / 2);
        }

        private static long row(int split, int i) {
            return split * (long) ROWS + i + 1;
        }

        private static long value(long number, int split, int i) {
            return number * 1_000_000 + row(split, i);
        }

        Upsert publish() {
            SINK.publish(what, journal);
            return this;
        }

        Upsert with(Journal other) {
            return new Upsert(what, other);
        }

        void undo() {
            SINK.undo(what, journal);
        }

        Held held() {
            return SINK.held(what, journal);
        }
    }

    private static String text(Map<Long, Long> rule) {
        var text = new StringBuilder();
        rule.forEach((key, value) -> text.append(key).append('\t').append(value).append('\n'));
        return text.toString();
    }

    private static String latestRows(Model model) {
        return answer("SELECT id, v FROM %s FINAL ORDER BY id".formatted(quoted(model)));
    }

    private static void merge(Model model) {
        execute("OPTIMIZE TABLE %s FINAL".formatted(quoted(model)));
    }

    private static Model partitioned() {
        return latest(List.of("id", "p"), "p", COLUMNS);
    }

    /// A model whose table merges nothing until it is told to.
    private static Model quiet() {
        var model = latest(List.of("id"), null, COLUMNS);
        SINK.prepare(model);
        execute("SYSTEM STOP MERGES " + quoted(model));
        return model;
    }

    @ParameterizedTest
    @CsvSource({"1,2,3", "1,3,2", "2,1,3", "2,3,1", "3,1,2", "3,2,1"})
    void whateverOrderLoadsFinishInTheLaterJobAndTheLaterRowWin(long a, long b, long c) {
        var model = partitioned();
        var rule = new TreeMap<Long, Long>();
        for (var number : List.of(a, b, c)) {
            var first = (int) (20 * number);
            Upsert.of(model, number, first).publish().publish();
            Upsert.add(rule, number, first);
            assertThat(latestRows(model)).isEqualTo(text(rule));
        }
        merge(model);
        assertThat(latestRows(model)).isEqualTo(text(rule));
        assertThat(number("SELECT count() FROM " + quoted(model))).isEqualTo(rule.size());
        assertThat(answer("SELECT * FROM %s LIMIT 1".formatted(quoted(model))).split("\t", -1))
                .hasSize(3);
    }

    @Test
    void preparingAgainIsFineAndAnotherEngineIsNot() {
        var model = partitioned();
        SINK.prepare(model);
        SINK.prepare(model);
        execute("DROP TABLE %s SYNC".formatted(quoted(model)));
        execute(
                "CREATE TABLE %s (id UInt64, p UInt8, v UInt64, %s) ENGINE = MergeTree PARTITION BY p ORDER BY (id, p)"
                        .formatted(quoted(model), Lineage.declaration()));
        assertThatThrownBy(() -> SINK.prepare(model))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TABLE_NOT_OURS))
                .hasMessageContaining("its engine is MergeTree, not ReplacingMergeTree");
    }

    @Test
    void undoBringsBackWhatTheLoadHasReplacedAsLongAsNothingWasMerged() {
        var model = quiet();
        Upsert.of(model, 1, 0).publish();
        var before = latestRows(model);
        var second = Upsert.of(model, 2, 30).publish();
        assertThat(latestRows(model)).isNotEqualTo(before);
        second.undo();
        second.undo();
        assertThat(latestRows(model)).isEqualTo(before);
        assertThat(published(second.what().job(), model)).isEqualTo(Digest.EMPTY);
        merge(model);
        assertThat(latestRows(model)).isEqualTo(before);
    }

    @Test
    void mergesAmongALoadsOwnRowsDoNotStandInTheWayOfUndo() {
        var model = latest(List.of("id"), null, COLUMNS);
        var only = Upsert.of(model, 1, 0).publish();
        merge(model);
        assertThat(published(only.what().job(), model).rows()).isEqualTo(ROWS);
        only.undo();
        assertThat(number("SELECT count() FROM " + quoted(model))).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void undoIsRefusedOnceRowsWereMergedWithOthersAndChangesNothing(int undone) {
        var model = quiet();
        var loads = List.of(Upsert.of(model, 1, 0).publish(), Upsert.of(model, 2, 0).publish());
        execute("SYSTEM START MERGES " + quoted(model));
        merge(model);
        var before = latestRows(model);
        assertThatThrownBy(loads.get(undone - 1)::undo)
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNDO_REFUSED))
                .hasMessageContaining("the older values are gone");
        assertThat(latestRows(model)).isEqualTo(before);
        assertMergesGoOn(model);
    }

    private static void assertMergesGoOn(Model model) {
        Upsert.of(model, 9, 0).publish();
        merge(model);
        assertThat(
                        number(
                                "SELECT count() FROM system.parts WHERE active AND database = 'millrace' AND table = '%s'"
                                        .formatted(model.table())))
                .isEqualTo(1);
    }

    @Test
    void undoOfOneOfTwoPartitionsThatWereMergedIsRefusedAsAWhole() {
        var model = partitioned();
        SINK.prepare(model);
        execute("SYSTEM STOP MERGES " + quoted(model));
        Upsert.of(model, 1, 0).publish();
        var second = Upsert.of(model, 2, 0).publish();
        execute("SYSTEM START MERGES " + quoted(model));
        execute("OPTIMIZE TABLE %s PARTITION 1 FINAL".formatted(quoted(model)));
        var before = latestRows(model);
        assertThatThrownBy(second::undo)
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNDO_REFUSED));
        assertThat(latestRows(model)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoDiesBehindTheAttachIsFollowedByWhoFindsAllThere(boolean merged) {
        var model = latest(List.of("id"), null, COLUMNS);
        Upsert.of(model, 1, 0).publish();
        var load = Upsert.of(model, 2, 10);
        var dying = new DyingAtSecond();
        assertThatThrownBy(() -> load.with(dying).publish()).isInstanceOf(DyingJournal.Death.class);
        if (merged) {
            merge(model);
        }
        var rows = number("SELECT count() FROM " + quoted(model));
        var next = load.with(dying.left);
        assertThat(next.held()).isEqualTo(Held.ALL);
        next.publish();
        assertThat(number("SELECT count() FROM " + quoted(model))).isLessThanOrEqualTo(rows);
        assertRule(model);
    }

    @Test
    void whatCannotBeToldAnyMoreIsAttachedAgainAndChangesNothing() {
        var model = latest(List.of("id"), null, COLUMNS);
        Upsert.of(model, 1, 0).publish();
        var load = Upsert.of(model, 2, 10).publish();
        merge(model);
        var forgotten = load.with(new NotedInMemory());
        assertThat(forgotten.held()).isEqualTo(Held.PART);
        forgotten.publish();
        assertRule(model);
    }

    private static void assertRule(Model model) {
        var rule = new TreeMap<Long, Long>();
        Upsert.add(rule, 1, 0);
        Upsert.add(rule, 2, 10);
        assertThat(latestRows(model)).isEqualTo(text(rule));
        merge(model);
        assertThat(latestRows(model)).isEqualTo(text(rule));
    }

    @Test
    void aWholeTableOfLatestRowsCanBeReplacedAndBroughtBack() {
        var model = latest(List.of("id"), null, COLUMNS);
        Upsert.of(model, 1, 0).publish();
        var before = latestRows(model);
        var load = Upsert.of(model, 2, 1000);
        var replace =
                new Upsert(load(load.what().staging(), LoadMode.REPLACE), load.journal()).publish();
        merge(model);
        assertThat(replace.held()).isEqualTo(Held.ALL);
        replace.publish();
        assertThat(number("SELECT min(id) FROM " + quoted(model))).isEqualTo(1000);
        replace.undo();
        assertThat(latestRows(model)).isEqualTo(before);
    }

    /// Dies in front of the note that all was seen attached.
    private static final class DyingAtSecond implements Journal {
        private final NotedInMemory left = new NotedInMemory();

        @Override
        public Optional<String> last() {
            return left.last();
        }

        @Override
        public void note(String note) {
            if (left.last().isPresent()) {
                throw new DyingJournal.Death();
            }
            left.note(note);
        }
    }
}
