package dev.millrace.clickhouse;

import static dev.millrace.clickhouse.Fixture.SINK;
import static dev.millrace.clickhouse.Fixture.answer;
import static dev.millrace.clickhouse.Fixture.execute;
import static dev.millrace.clickhouse.Fixture.existing;
import static dev.millrace.clickhouse.Fixture.model;
import static dev.millrace.clickhouse.Fixture.next;
import static dev.millrace.clickhouse.Fixture.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.LoadMode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExistingTableTest {
    @Test
    void preparingChangesNothingAndSaysWhatIsThere() {
        var table =
                UserTable.of(
                        "id UInt64, p UInt8, n Nullable(String), d UInt8 DEFAULT 7",
                        "MergeTree ORDER BY id");
        var before = answer("SHOW CREATE TABLE " + table.quoted());
        assertThat(SINK.prepare(table.model())).containsEntry("d", "7").containsEntry("n", "NULL");
        assertThat(answer("SHOW CREATE TABLE " + table.quoted())).isEqualTo(before);
    }

    @Test
    void aTableThatIsNotThereIsNotMade() {
        var model = existing("none_" + UUID.randomUUID().toString().replace("-", ""), "id UInt64");
        assertRefused(() -> SINK.prepare(model), ErrorCode.INVALID_MODEL, "There is no table");
        assertThat(answer("EXISTS TABLE millrace." + model.table())).isEqualTo("0\n");
    }

    @Test
    void everythingThatIsInTheWayIsNamedAtOnce() {
        var table =
                UserTable.of(
                        "id UInt32, m UInt8 MATERIALIZED 1, exact String, _millrace_row UInt64",
                        "MergeTree ORDER BY id");
        var model = existing(table.name(), "id UInt64", "p UInt8", "m UInt8");
        assertThatThrownBy(() -> SINK.prepare(model))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_CHANGE_REFUSED))
                .hasMessageContainingAll(
                        "its column 'id' is UInt32, not UInt64",
                        "it has no column 'p' UInt8",
                        "its column 'm' is MATERIALIZED",
                        "its column 'exact' String is not in the model",
                        "its column '_millrace_row' has a name of Millrace's");
    }

    @Test
    void keysThatTheModelNamesMustBeTheTables() {
        var table = UserTable.of("MergeTree PARTITION BY p ORDER BY (p, id)");
        var same = model(List.of("p", "id"), "p", "id UInt64", "p UInt8");
        SINK.prepare(asExisting(same, table));
        var other = model(List.of("id"), "id", "id UInt64", "p UInt8");
        assertThatThrownBy(() -> SINK.prepare(asExisting(other, table)))
                .hasMessageContainingAll("sorted by (p, id), not by (id)", "partitioned by (p)");
    }

    private static Model asExisting(Model model, UserTable table) {
        var d = model.definition();
        return new Model(
                model.id(),
                model.name(),
                1,
                new ModelDefinition(
                        d.columns(),
                        table.name(),
                        true,
                        null,
                        d.key(),
                        d.keep(),
                        d.orderBy(),
                        d.partitionBy(),
                        d.unknownColumns()),
                "test",
                "default",
                model.createdAt());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Memory",
                "Log",
                "Null",
                "SummingMergeTree ORDER BY id",
                "AggregatingMergeTree ORDER BY id",
                "CollapsingMergeTree(s) ORDER BY id",
                "Merge('millrace', 'none')",
                "Buffer('', '', 1, 1, 1, 1, 1, 1, 1)"
            })
    void anEngineThatWasNotTriedIsRefused(String engine) {
        var table = UserTable.of("id UInt64, p UInt8, s Int8 DEFAULT 1", engine);
        assertThatThrownBy(() -> SINK.prepare(table.model()))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.TABLE_ENGINE_REFUSED);
                            assertThat(e.remedy()).startsWith("Load into");
                        })
                .hasMessageContaining(engine.split("[ (]", 2)[0]);
    }

    @Test
    void aViewIsRefused() {
        var table = UserTable.of("MergeTree ORDER BY id");
        execute(
                "CREATE VIEW %s_v AS SELECT * FROM %1$s"
                        .formatted(table.quoted().replace("`", "")));
        assertRefused(
                () -> SINK.prepare(existing(table.name() + "_v", "id UInt64")),
                ErrorCode.TABLE_ENGINE_REFUSED,
                "View");
    }

    @Test
    void itIsNeverDropped() {
        var table = UserTable.of("MergeTree ORDER BY id");
        assertRefused(() -> SINK.drop(table.model()), ErrorCode.TABLE_NOT_OURS, "user's own");
        assertThat(table.rows()).isZero();
    }

    @Test
    void aTableHasOneName() {
        var table = UserTable.of("MergeTree ORDER BY id");
        assertRefused(
                () -> SINK.prepare(existing("millrace." + table.name(), "id UInt64", "p UInt8")),
                ErrorCode.INVALID_MODEL,
                "in Millrace's database");
        assertRefused(
                () -> SINK.prepare(existing("millrace_staging.x", "id UInt64", "p UInt8")),
                ErrorCode.INVALID_MODEL,
                "Millrace's own");
        assertRefused(
                () -> SINK.prepare(existing("system.one", "dummy UInt8")),
                ErrorCode.TABLE_ENGINE_REFUSED,
                "SystemOne");
    }

    @Test
    void somebodyElsesTableIsLoadedIntoOnlyWhenTheModelSaysSo() {
        var model = model("id UInt64");
        execute(
                "CREATE TABLE %s (id UInt64) ENGINE = MergeTree ORDER BY id"
                        .formatted(Fixture.quoted(model)));
        assertThatThrownBy(() -> SINK.prepare(model))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.remedy()).contains("\"existingTable\": true"));
    }

    @Test
    void aNewColumnMustBeInTheTableAlready() {
        var table = UserTable.of("MergeTree ORDER BY id");
        var wider = existing(table.name(), "id UInt64", "p UInt8", "n Nullable(String)");
        assertRefused(
                () -> SINK.prepare(wider),
                ErrorCode.MODEL_CHANGE_REFUSED,
                "it has no column 'n' Nullable(String)");
        execute("ALTER TABLE %s ADD COLUMN n Nullable(String)".formatted(table.quoted()));
        SINK.prepare(wider);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP COLUMN p|has no column 'p' UInt8",
                "MODIFY COLUMN p UInt16|'p' is UInt16, not UInt8",
                "ADD COLUMN exact UInt8|'exact' UInt8",
                "DROP COLUMN n|lost its column 'n'",
                "MODIFY COLUMN n Nullable(UInt16)|'n' became Nullable(UInt16)"
            })
    void aTableThatIsAlteredDuringALoadGetsNothingThatDoesNotFit(String alterAndMessage) {
        var table = UserTable.of("id UInt64, p UInt8, n Nullable(UInt8)", "MergeTree ORDER BY id");
        var load = table.load(10);
        var parts = alterAndMessage.split("\\|", -1);
        execute("ALTER TABLE %s %s".formatted(table.quoted(), parts[0]));
        assertRefused(load::publish, ErrorCode.MODEL_CHANGE_REFUSED, parts[1]);
        assertThat(table.rows()).isZero();
    }

    @Test
    void aColumnThatComesDuringALoadIsFilledByItsDefault() {
        var table = UserTable.of("MergeTree ORDER BY id");
        var load = table.load(2);
        execute("ALTER TABLE %s ADD COLUMN d UInt8 DEFAULT 7".formatted(table.quoted()));
        load.publish();
        assertThat(table.content()).isEqualTo("1\t1\t7\n2\t2\t7\n");
    }

    @Test
    void itsRowsAreNotReplaced() {
        var table = UserTable.of("MergeTree ORDER BY id");
        var load = table.load(2);
        for (var mode : List.of(LoadMode.REPLACE, LoadMode.REPLACE_PARTITIONS)) {
            assertRefused(
                    () -> SINK.open(load.with(mode).what()), ErrorCode.TABLE_NOT_OURS, "replaced");
        }
    }

    @Test
    void anEarlierVersionOfTheModelStillFits() {
        var model = model("id UInt64");
        open(model);
        SINK.prepare(next(model, "id UInt64", "n Nullable(String)"));
        open(model);
    }

    private static void assertRefused(ThrowingCallable call, ErrorCode code, String why) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(why);
    }
}
