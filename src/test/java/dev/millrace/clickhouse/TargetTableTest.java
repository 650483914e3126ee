package dev.millrace.clickhouse;

import static dev.millrace.clickhouse.Fixture.SINK;
import static dev.millrace.clickhouse.Fixture.answer;
import static dev.millrace.clickhouse.Fixture.execute;
import static dev.millrace.clickhouse.Fixture.ids;
import static dev.millrace.clickhouse.Fixture.model;
import static dev.millrace.clickhouse.Fixture.next;
import static dev.millrace.clickhouse.Fixture.open;
import static dev.millrace.clickhouse.Fixture.publish;
import static dev.millrace.clickhouse.Fixture.quoted;
import static dev.millrace.clickhouse.Fixture.split;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnReading.ClockChange;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTableTest {
    @Test
    void aModelGetsATableWithItsColumnsAndKeys() {
        var model = model(List.of("b", "a"), "toYYYYMM(d)", "a UInt8", "b String", "d Date");
        SINK.prepare(model);
        assertThat(
                        answer(
                                "DESCRIBE TABLE %s SETTINGS describe_compact_output = 1"
                                        .formatted(quoted(model))))
                .isEqualTo(
                        """
                        a\tUInt8
                        b\tString
                        d\tDate
                        _millrace_job\tLowCardinality(UUID)
                        _millrace_row\tUInt64
                        """);
        assertThat(answer("SHOW CREATE TABLE " + quoted(model)))
                .contains("ORDER BY (b, a)", "PARTITION BY toYYYYMM(d)");
    }

    static Stream<Model> models() {
        return Stream.of(
                model("a UInt8"),
                model(List.of("a"), null, "a UInt8"),
                model(List.of("a b", "c"), "c", "a b UInt8", "c String"),
                model(List.of(), "toStartOfHour(`t`)", "`t` DateTime", "n Nullable(Bool)"));
    }

    @ParameterizedTest
    @MethodSource("models")
    void preparingAgainIsFine(Model model) {
        SINK.prepare(model);
        SINK.prepare(model);
    }

    @Test
    void rowsThatAreThereHaveNullInANewNullableColumn() {
        var model = model("id UInt64");
        publishOneRow(model);
        SINK.prepare(next(model, "n Nullable(String)", "id UInt64"));
        assertThat(answer("SELECT id, n FROM " + quoted(model))).isEqualTo("1\t\\N\n");
    }

    @Test
    void rowsThatAreThereWouldHaveNoValueInAnyOtherNewColumn() {
        var model = model("id UInt64");
        publishOneRow(model);
        assertRefused(
                next(model, "id UInt64", "n UInt8"),
                ErrorCode.MODEL_CHANGE_REFUSED,
                "the new column 'n' UInt8");
    }

    @Test
    void aTablesDefaultStaysWhateverTheModelSaysLater() {
        var model = model("id UInt64");
        publishOneRow(model);
        SINK.prepare(withDefault(model, 2, "7"));
        SINK.prepare(withDefault(model, 3, "8"));
        SINK.prepare(next(model, "id UInt64"));
        assertThat(answer("SELECT id, n FROM " + quoted(model))).isEqualTo("1\t7\n");
    }

    @Test
    void preparingSaysWhatRowsHaveInColumnsThatWereThere() {
        var model = model("id UInt64");
        assertThat(SINK.prepare(model)).isEmpty();
        SINK.prepare(withDefault(model, 2, "7"));
        assertThat(SINK.prepare(withDefault(model, 2, "8")))
                .containsEntry("n", "CAST('7', 'UInt8')")
                .containsEntry("id", "defaultValueOfTypeName('UInt64')");
    }

    private static Model withDefault(Model model, int version, String value) {
        return withNew(model, version, column("n", "UInt8", value));
    }

    private static Model withNew(Model model, int version, Column column) {
        var columns = new ArrayList<>(model.definition().columns());
        columns.add(column);
        return version(model, version, columns);
    }

    private static Column column(String name, String type, String defaultText) {
        var reading =
                new ColumnReading(
                        List.of(), List.of(), defaultText, List.of(), false, ClockChange.REJECT);
        return new Column(name, ColumnTypes.parse(type), reading, ColumnConstraints.NONE);
    }

    private static Model version(Model model, int version, List<Column> columns) {
        return new Model(
                model.id(),
                model.name(),
                version,
                new ModelDefinition(columns, null, null, List.of(), null),
                model.owner(),
                model.workspace(),
                model.createdAt());
    }

    @Test
    void aDroppedTableIsGoneWithItsRowsAndCanBeMadeAgain() {
        var model = model("id UInt64");
        publishOneRow(model);
        SINK.drop(model);
        SINK.drop(model);
        assertThat(answer("EXISTS TABLE " + quoted(model))).isEqualTo("0\n");
        SINK.prepare(model);
        assertThat(answer("SELECT count() FROM " + quoted(model))).isEqualTo("0\n");
    }

    @Test
    void aTableThatMillraceDidNotMakeIsNeverDropped() {
        var model = model("id UInt64");
        make(model, "id UInt64", "MergeTree ORDER BY tuple()");
        assertThatThrownBy(() -> SINK.drop(model))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TABLE_NOT_OURS));
        assertThat(answer("EXISTS TABLE " + quoted(model))).isEqualTo("1\n");
    }

    @Test
    void anEmptyTableTakesAnyNewColumn() {
        var model = model("id UInt64");
        SINK.prepare(model);
        SINK.prepare(next(model, "id UInt64", "n UInt8"));
        assertThat(answer("DESCRIBE TABLE %s".formatted(quoted(model)))).contains("\nn\tUInt8");
    }

    @Test
    void anotherTypeIsRefused() {
        var model = model("id UInt64", "x String");
        SINK.prepare(model);
        assertRefused(
                next(model, "id UInt32", "x String"),
                ErrorCode.MODEL_CHANGE_REFUSED,
                "its column 'id' is UInt64, not UInt32");
    }

    @Test
    void aColumnThatTheModelDropsIsRefusedUnlessItCanBeLeftOut() {
        var model =
                model(
                        "id UInt64",
                        "x String",
                        "n Nullable(String)",
                        "l LowCardinality(Nullable(String))");
        SINK.prepare(model);
        SINK.prepare(next(model, "id UInt64", "x String"));
        assertRefused(
                next(model, "id UInt64", "n Nullable(String)"),
                ErrorCode.MODEL_CHANGE_REFUSED,
                "'x' String");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PARTITION BY tuple() ORDER BY id",
                "PARTITION BY p ORDER BY (id, p)",
                "PARTITION BY p ORDER BY tuple()"
            })
    void otherKeysAreRefused(String keys) {
        var model = model(List.of("id"), "p", "id UInt64", "p UInt8");
        make(model, "id UInt64, p UInt8, " + Lineage.declaration(), "MergeTree " + keys);
        assertRefused(model, ErrorCode.MODEL_CHANGE_REFUSED, "by (");
    }

    @Test
    void aTableThatMillraceDidNotMakeIsLeftAlone() {
        var plain = model("id UInt64");
        make(plain, "id UInt64", "MergeTree ORDER BY tuple()");
        assertRefused(plain, ErrorCode.TABLE_NOT_OURS, "no column _millrace_job");
        var visible = model("id UInt64");
        make(
                visible,
                "id UInt64, _millrace_job UUID, _millrace_row UInt64",
                "MergeTree ORDER BY tuple()");
        assertRefused(visible, ErrorCode.TABLE_NOT_OURS, "MATERIALIZED");
        var replacing = model("id UInt64");
        make(
                replacing,
                "id UInt64, " + Lineage.declaration(),
                "ReplacingMergeTree ORDER BY tuple()");
        assertRefused(replacing, ErrorCode.TABLE_NOT_OURS, "ReplacingMergeTree");
    }

    @Test
    void aKeyThatClickHouseDoesNotTakeIsTheModelsFault() {
        assertRefused(
                model(List.of(), "f", "f Float64"), ErrorCode.INVALID_MODEL, "ClickHouse refused");
        assertRefused(
                model(List.of(), "toYYYYMM(s)", "s String"),
                ErrorCode.INVALID_MODEL,
                "ClickHouse refused");
    }

    @Test
    void aModelOfTheMostColumnsWithTheLongestNamesAndDefaultsGetsItsTable() {
        var id = new Column("id", ColumnTypes.parse("UInt64"));
        var wide = new ArrayList<>(List.of(id));
        for (var i = 1; i < 10_000; i++) {
            wide.add(column("%0128d".formatted(i), "Nullable(String)", "d".repeat(200)));
        }
        var model = model("id UInt64");
        publishOneRow(model);
        SINK.prepare(version(model, 2, wide.subList(0, 2_000)));
        assertThat(
                        answer(
                                "SELECT id, `%s` FROM %s"
                                        .formatted(wide.get(1_999).name(), quoted(model))))
                .isEqualTo("1\t%s\n".formatted("d".repeat(200)));
        SINK.prepare(version(model("id UInt64"), 1, wide));
    }

    @Test
    void anEnumerationOfTheMostNamesGetsItsTable() {
        var names =
                IntStream.range(0, 30_000)
                        .mapToObj("'name %d' = %1$d"::formatted)
                        .collect(Collectors.joining(", ", "Enum16(", ")"));
        var model = version(model("id UInt64"), 1, List.of(column("e", names, "name 29999")));
        SINK.prepare(model);
        assertThat(answer("DESCRIBE TABLE " + quoted(model))).contains("name 29999");
    }

    static Stream<Arguments> defaults() {
        return Stream.of(
                arguments(
                        "Array(String)", "[\"a\", 'b' , \"it's\\n\\/\"]", "['a','b','it\\'s\\n/']"),
                arguments("Array(String)", "['\\0, NULL']", "['\\0, NULL']"),
                arguments("Array(Nullable(String))", "[null, 'NULL']", "[NULL,'NULL']"),
                arguments("Array(Date)", "[2020-01-01]", "['2020-01-01']"),
                arguments(
                        "Array(DateTime('Europe/Berlin'))",
                        "[2020-01-01T12:00:00+01:00]",
                        "['2020-01-01 12:00:00']"),
                arguments("Array(Bool)", "[yes, \"OFF\", 1]", "[true,false,true]"),
                arguments("Array(Array(Int8))", "[[ -0, '+01'],[], [\t2 ]]", "[[0,1],[],[2]]"),
                arguments(
                        "Array(Array(Nullable(Decimal(9, 2))))",
                        "[[NULL], [.5, 1e2]]",
                        "[[NULL],[0.5,100]]"),
                arguments(
                        "Array(LowCardinality(Nullable(UUID)))",
                        "[0123456789abcdef0123456789ABCDEF]",
                        "['01234567-89ab-cdef-0123-456789abcdef']"),
                arguments("Array(IPv4)", "[1.2.3.4]", "['1.2.3.4']"),
                arguments("Array(Enum8('a]' = 1))", "['a]']", "['a]']"),
                arguments("Array(Float32)", "[0e99999, 5., +.5]", "[0,5,0.5]"),
                arguments("Decimal(9, 2)", "0e99999", "0"),
                arguments("Decimal(76, 0)", "-0.0e-5", "0"),
                arguments("Decimal(18, 2)", "+001.50000e0", "1.5"),
                arguments("UInt8", "-0", "0"),
                arguments("UInt256", "+007", "7"),
                arguments("Float64", "-0e-99999", "-0"),
                arguments("Float32", "0e99999", "0"),
                arguments("Nullable(Bool)", "Y", "true"),
                arguments("String", "a\\b'c\n", "a\\\\b\\'c\\n"));
    }

    @ParameterizedTest
    @MethodSource("defaults")
    void rowsThatAreThereGetADefaultHoweverItIsWritten(String type, String text, String stored) {
        var model = model("id UInt64");
        publishOneRow(model);
        SINK.prepare(withNew(model, 2, column("n", type, text)));
        assertThat(answer("SELECT n FROM " + quoted(model))).isEqualTo(stored + "\n");
    }

    @Test
    void aDefaultThatClickHouseRefusesIsTheModelsFaultAndNamesItsColumn() {
        var model = model("id UInt64");
        SINK.prepare(model);
        var columns =
                List.of(
                        column("a", "UInt8", "1"),
                        column("b", "Date", "x"),
                        column("c", "UInt8", "2"));
        assertRefused(
                version(model("id UInt64"), 1, columns),
                ErrorCode.INVALID_MODEL,
                "ClickHouse refused the default 'x' of column 'b' Date");
        assertRefused(
                withNew(model, 2, columns.get(1)), ErrorCode.INVALID_MODEL, "of column 'b' Date");
        assertThat(answer("DESCRIBE TABLE " + quoted(model))).doesNotContain("\nb\t");
    }

    @Test
    void aTableMayHaveAPercentSignInItsName() {
        execute("CREATE TABLE millrace.`5%d` (id UInt64) ENGINE = MergeTree ORDER BY id");
        var layout = TableLayout.read(Fixture.CONNECTION, new TableName("millrace", "5%d"));
        assertThat(layout.orElseThrow().columns()).containsOnlyKeys("id");
    }

    private static void make(Model model, String columns, String engine) {
        execute("CREATE TABLE %s (%s) ENGINE = %s".formatted(quoted(model), columns, engine));
    }

    private static void publishOneRow(Model model) {
        var staging = open(model);
        SINK.write(staging, split(staging, 0), ids(model, 1, 1));
        publish(staging, SINK.staged(staging));
    }

    private static void assertRefused(Model model, ErrorCode code, String why) {
        assertThatThrownBy(() -> SINK.prepare(model))
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(why);
    }
}
