package dev.millrace.validate;

import static dev.millrace.validate.ListedRecords.Field.plain;
import static dev.millrace.validate.ListedRecords.Field.quoted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.millrace.ColumnValues;
import dev.millrace.core.Batch;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnData;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Digest;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.Rejection;
import dev.millrace.core.RejectionCode;
import dev.millrace.core.RejectionCount;
import dev.millrace.core.RejectionFile;
import dev.millrace.core.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ValidatorTest {
    private static final List<String> HEADER = List.of("id", "note", "name", "amount", "day");

    /// `note` is in the header and not in the model; `extra` the other way round.
    private static final ModelDefinition DEFINITION =
            new ModelDefinition(
                    List.of(
                            column("day", "Date"),
                            column("id", "UInt32"),
                            column("extra", "Nullable(Int16)"),
                            column("amount", "Nullable(Float64)"),
                            column("name", "String"),
                            column("more", "Nullable(String)")),
                    null,
                    "id",
                    List.of(),
                    null);

    private static Column column(String name, String type) {
        return new Column(name, ColumnTypes.parse(type));
    }

    private static Validator validator() {
        return new Validator(OneField.model(DEFINITION), 3, HEADER);
    }

    @Test
    void goodRowsAreInTheBatchAsTheyStand() {
        var records =
                new ListedRecords()
                        .startingAt(100)
                        .row("1", "n", "Köln", "2.5", "1970-01-02")
                        .row("2", "", "", "", "1970-01-03");
        var validated = validator().validate(records, 2, 100, 10);

        assertThat(validated.read()).isEqualTo(2);
        assertThat(validated.rejected()).isZero();
        assertThat(validated.rejections()).isEmpty();
        assertThat(validated.counts()).isEmpty();
        var batch = validated.batch();
        assertThat(values(batch, 0)).containsExactly(1, 0, 2, 0);
        assertThat(values(batch, 1)).containsExactly(1, 0, 0, 0, 2, 0, 0, 0);
        assertThat(values(batch, 2)).containsExactly(0, 0, 0, 0);
        assertThat(values(batch, 3))
                .containsExactly(0, 0, 0, 0, 0, 0, 4, 0x40, 0, 0, 0, 0, 0, 0, 0, 0);
        assertThat(values(batch, 4)).containsExactly(5, 'K', 0xC3, 0xB6, 'l', 'n', 0);
        assertThat(values(batch, 5)).containsExactly(0, 0);
        assertThat(nulls(batch, 0)).isNull();
        assertThat(nulls(batch, 2)).containsExactly(1, 1);
        assertThat(nulls(batch, 3)).containsExactly(0, 1);
        assertThat(nulls(batch, 5)).containsExactly(1, 1);
        assertThat(batch.columns()).extracting(ColumnData::column).isEqualTo(DEFINITION.columns());
        assertThat(batch.digest())
                .isEqualTo(Digest.of(new long[] {Source.rowId(3, 100), Source.rowId(3, 101)}, 2));
    }

    @Test
    void everyProblemOfARowIsReportedAndTheRecordShownOnce() {
        var records =
                new ListedRecords()
                        .row("1", "", "a", "1", "1970-01-01")
                        .row("-7", "", "b", "NaN", "")
                        .row("2", "", "c", "1", "1970-01-01");
        var validated = validator().validate(records, 3, 100, 10);

        assertThat(validated.read()).isEqualTo(3);
        assertThat(validated.rejected()).isEqualTo(1);
        assertThat(validated.batch().rows()).isEqualTo(2);
        assertThat(validated.rejections())
                .containsExactly(
                        new Rejection(
                                3,
                                2,
                                "-7",
                                "day",
                                "Date",
                                RejectionCode.NULL_VALUE,
                                "",
                                "The field is empty, and 'day' cannot be NULL: write a value, or make the column"
                                        + " Nullable(Date)",
                                "-7,,b,NaN,"),
                        new Rejection(
                                3,
                                2,
                                "-7",
                                "id",
                                "UInt32",
                                RejectionCode.OUT_OF_RANGE,
                                "-7",
                                "'-7' does not fit UInt32, which holds 0 to 4294967295",
                                ""),
                        new Rejection(
                                3,
                                2,
                                "-7",
                                "amount",
                                "Nullable(Float64)",
                                RejectionCode.NOT_A_NUMBER,
                                "NaN",
                                "'NaN' is not allowed in 'amount': write a finite number",
                                ""));
        assertThat(validated.counts())
                .containsExactlyInAnyOrder(
                        new RejectionCount(RejectionCode.NULL_VALUE, "day", 1),
                        new RejectionCount(RejectionCode.OUT_OF_RANGE, "id", 1),
                        new RejectionCount(RejectionCode.NOT_A_NUMBER, "amount", 1));
    }

    @Test
    void aShortRecordLacksEachColumnBeyondItsEnd() {
        var rejections = rejections(new ListedRecords().row("x"));
        assertThat(rejections)
                .extracting(Rejection::error, Rejection::column, Rejection::type)
                .containsExactly(
                        tuple(RejectionCode.MISSING_COLUMN, "day", "Date"),
                        tuple(RejectionCode.NOT_AN_INTEGER, "id", "UInt32"),
                        tuple(RejectionCode.MISSING_COLUMN, "amount", "Nullable(Float64)"),
                        tuple(RejectionCode.MISSING_COLUMN, "name", "String"),
                        tuple(RejectionCode.MISSING_COLUMN, "note", ""));
        assertThat(rejections.get(0).message())
                .isEqualTo(
                        "The required column 'day' is missing: the record has 1 of the header's 5 fields");
        assertThat(rejections.get(2).message())
                .isEqualTo(
                        "The column 'amount' is missing: the record has 1 of the header's 5 fields");
        assertThat(rejections).extracting(Rejection::eventId).containsOnly("x");
    }

    @Test
    void aRecordThatIsShortOfAnIgnoredFieldOnlyIsRejectedToo() {
        var validator = new Validator(OneField.model(column("a", "UInt8")), 0, List.of("a", "b"));
        var validated = validator.validate(new ListedRecords().row("1"), 1, 1, 10);
        assertThat(validated.batch().rows()).isZero();
        assertThat(validated.rejections())
                .extracting(Rejection::error, Rejection::column)
                .containsExactly(tuple(RejectionCode.MISSING_COLUMN, "b"));
    }

    @Test
    void aLongRecordHasOneExtraColumnBesidesItsOtherProblems() {
        var rejections =
                rejections(
                        new ListedRecords().row("1", "", "a", "x", "1970-01-01", "more", "still"));
        assertThat(rejections)
                .extracting(Rejection::error, Rejection::column, Rejection::observed)
                .containsExactly(
                        tuple(RejectionCode.NOT_A_NUMBER, "amount", "x"),
                        tuple(RejectionCode.EXTRA_COLUMN, "", "more"));
    }

    @Test
    void aMalformedRecordIsOneProblem() {
        var rejections =
                rejections(
                        new ListedRecords()
                                .malformed("The quote in field 2 does not close", "1,\"a"));
        assertThat(rejections)
                .containsExactly(
                        new Rejection(
                                3,
                                1,
                                "",
                                "",
                                "",
                                RejectionCode.MALFORMED_RECORD,
                                "1,\"a",
                                "The quote in field 2 does not close",
                                "1,\"a"));
    }

    @Test
    void anEmptyFieldIsNullOnlyWhereThatIsWhatTheSourceSays() {
        assertThat(OneField.read("Nullable(String)", plain("")).isNull()).isTrue();
        assertThat(OneField.read("Nullable(String)", quoted("")).isNull()).isFalse();
        assertThat(OneField.read("Nullable(String)", plain(" ")).text()).isEqualTo(" ");
        assertThat(OneField.read("String", plain("")).text()).isEmpty();
        for (var type :
                List.of("Int8", "Int256", "Float32", "Float64", "Bool", "Date", "DateTime")) {
            for (var empty : List.of(plain(""), quoted(""), plain(" \t"))) {
                assertThat(OneField.read(type, empty).error()).isEqualTo(RejectionCode.NULL_VALUE);
                assertThat(OneField.read("Nullable(" + type + ")", empty).isNull())
                        .isEqualTo(!empty.quoted());
            }
        }
    }

    @Test
    void whatARejectedRowLeftIsNotUnderANull() {
        var validator =
                new Validator(
                        OneField.model(
                                column("a", "Nullable(UInt8)"),
                                column("b", "Nullable(String)"),
                                column("c", "UInt8")),
                        0,
                        List.of("a", "b", "c"));
        var records =
                new ListedRecords()
                        .row("255", "left", "bad")
                        .row("", "", "1")
                        .row("", "", "bad")
                        .row("7", "kept", "2");
        var batch = validator.validate(records, 1, 1, 10).batch();
        assertThat(values(batch, 0)).containsExactly(0, 7);
        assertThat(nulls(batch, 0)).containsExactly(1, 0);
        assertThat(values(batch, 1)).containsExactly(0, 4, 'k', 'e', 'p', 't');
        assertThat(nulls(batch, 1)).containsExactly(1, 0);
        assertThat(values(batch, 2)).containsExactly(1, 2);
    }

    @Test
    void problemsBeyondTheLimitAreOnlyCounted() {
        var records = new ListedRecords();
        for (var i = 0; i < 50; i++) {
            records.row("x", "", "a", "y", "1970-01-01");
        }
        var validated = validator().validate(records, 50, 1, 7);
        assertThat(validated.rejections()).hasSize(7);
        assertThat(validated.rejected()).isEqualTo(50);
        assertThat(validated.counts())
                .containsExactlyInAnyOrder(
                        new RejectionCount(RejectionCode.NOT_AN_INTEGER, "id", 50),
                        new RejectionCount(RejectionCode.NOT_A_NUMBER, "amount", 50));
    }

    @Test
    void longTextsAreShownInPart() {
        var clef = "𝄞".repeat(3_000);
        var rejection =
                rejections(new ListedRecords().row("x" + clef, "", "", "", "1970-01-01"))
                        .getFirst();
        assertThat(rejection.observed()).isEqualTo("x" + "𝄞".repeat(99));
        assertThat(rejection.eventId()).isEqualTo(rejection.observed());
        assertThat(rejection.raw()).isEqualTo("x" + "𝄞".repeat(2047));
        assertThat(rejection.message())
                .startsWith("'x" + "𝄞".repeat(29) + "…' is not a whole number");
    }

    @Test
    void anIgnoredNameOfAnyLengthIsShownInPart() {
        var name = "n".repeat(100_000);
        var header = List.of("id", "name", "amount", "day", name, name + "2");
        var validated =
                new Validator(OneField.model(DEFINITION), 3, header)
                        .validate(new ListedRecords().row("1", "a", "", "1970-01-01"), 1, 50, 10);

        var shown = "n".repeat(Rejection.MAX_OBSERVED);
        assertThat(validated.counts())
                .containsExactly(new RejectionCount(RejectionCode.MISSING_COLUMN, shown, 2));
        assertThat(validated.rejections())
                .hasSize(2)
                .allSatisfy(r -> {
                    assertThat(r.column()).isEqualTo(shown);
                    assertThat(r.message()).hasSizeLessThan(400);
                });
        assertThat(RejectionFile.read(RejectionFile.write(validated.rejections())))
                .isEqualTo(validated.rejections());
    }

    @Test
    void aSplitOfSoManyRecordsStaysWithinItsBudget() {
        // 8 for the row's number, then day, id, extra, amount, name and more
        var rowBytes = 8 + 2 + 4 + (2 + 1) + (8 + 1) + 1 + (1 + 1);
        assertThat(Validator.maxRecords(DEFINITION, 100L * rowBytes)).isEqualTo(100);
        assertThat(Validator.maxRecords(DEFINITION, 100L * rowBytes - 1)).isEqualTo(99);
        assertThat(Validator.maxRecords(DEFINITION, 0)).isEqualTo(1);
        assertThat(Validator.maxRecords(DEFINITION, Long.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void defaultsCountInTheBudgetOfASplit() {
        var text = "d".repeat(3_000);
        var columns =
                List.of(
                        column("id", "UInt32"),
                        ColumnReaderTest.marked("String", text),
                        ColumnReaderTest.marked("Array(FixedString(256))", "['a', 'b']", "-"));
        assertThat(columns)
                .extracting(c -> Validator.maxRecords(definition(c), 1_000_000))
                .containsExactly(
                        1_000_000 / (8 + 4),
                        1_000_000 / (8 + 2 + 3_000),
                        1_000_000 / (8 + 8 + 2 * 256));
    }

    private static ModelDefinition definition(Column column) {
        return new ModelDefinition(List.of(column), null, null, List.of(), null);
    }

    @Test
    void aSplitTakesTheRoomOfItsExpectedRecords() {
        for (var rows : List.of(1, 3, 100)) {
            var records = new ListedRecords();
            for (var i = 0; i < rows; i++) {
                records.row("1", "", "", "", "1970-01-01");
            }
            var batch = validator().validate(records, rows, rows * 20, 10).batch();
            var fixedBytes =
                    batch.columns().stream()
                            .filter(c -> c.column().type().widthBytes() > 0)
                            .flatMap(c -> c.runs().stream())
                            .mapToInt(run -> run.bytes().length)
                            .sum();
            assertThat(fixedBytes).isEqualTo(rows * (2 + 4 + (2 + 1) + (8 + 1)));
            assertThat(batch.rowIds()).hasSize(rows);
        }
    }

    @Test
    void aSplitWithoutRecordsIsAnEmptyBatch() {
        var validated = validator().validate(new ListedRecords(), 0, 0, 10);
        assertThat(validated.read()).isZero();
        assertThat(validated.batch().rows()).isZero();
        assertThat(validated.batch().columns())
                .hasSize(6)
                .allMatch(c -> ColumnValues.of(c, 0).isEmpty());
        assertThat(validated.batch().digest()).isEqualTo(Digest.EMPTY);
    }

    @Test
    void aBatchIsNotTouchedByTheNextSplit() {
        var validator = validator();
        var first =
                validator.validate(
                        new ListedRecords().row("1", "", "one", "1", "1970-01-02"), 1, 50, 10);
        var before = values(first.batch());
        validator.validate(
                new ListedRecords().startingAt(9).row("2", "", "two", "2", "1970-01-03"),
                1,
                50,
                10);
        assertThat(values(first.batch())).isEqualTo(before);
        assertThat(first.batch().rowIds()[0]).isEqualTo(Source.rowId(3, 1));
    }

    /// Random tables with random bad cells, whatever the caller expected: the batch is that of the
    /// good rows alone, and every bad cell is a rejection.
    @Test
    void theBatchIsTheGoodRowsExactly() {
        var random = new Random(11);
        for (var i = 0; i < 300; i++) {
            assertGoodRowsExactly(random);
        }
    }

    private static void assertGoodRowsExactly(Random random) {
        var mixed = new ListedRecords();
        var good = new ListedRecords();
        var goodRows = new ArrayList<Long>();
        var badCells = 0;
        var badRows = 0;
        var rows = random.nextInt(200);
        for (var row = 1; row <= rows; row++) {
            var cells = goodCells(random);
            var bad =
                    new boolean[] {
                        random.nextInt(8) == 0, random.nextInt(8) == 0, random.nextInt(8) == 0
                    };
            if (!bad[0] && !bad[1] && !bad[2]) {
                good.row(cells);
                goodRows.add(Source.rowId(3, row));
            } else {
                badRows++;
            }
            badCells += spoil(cells, bad);
            mixed.row(cells);
        }
        var expected = validator().validate(good, rows, rows * 30, 1000).batch();
        var validated =
                validator().validate(mixed, random.nextInt(rows + 1), random.nextInt(1000), 1000);

        assertThat(validated.read()).isEqualTo(rows);
        assertThat(validated.rejected()).isEqualTo(badRows);
        assertThat(validated.rejections()).hasSize(badCells);
        assertThat(validated.rejections()).filteredOn(r -> !r.raw().isEmpty()).hasSize(badRows);
        assertThat(LongStream.of(validated.batch().rowIds()).limit(validated.batch().rows()))
                .containsExactlyElementsOf(goodRows);
        assertThat(values(validated.batch())).isEqualTo(values(expected));
    }

    private static String[] goodCells(Random random) {
        return new String[] {
            Integer.toUnsignedString(random.nextInt()),
            "ignored",
            "é".repeat(random.nextInt(200)),
            random.nextInt(3) == 0 ? "" : Double.toString(random.nextGaussian()),
            "2024-02-" + (10 + random.nextInt(20))
        };
    }

    private static int spoil(String[] cells, boolean[] bad) {
        var fields = new int[] {0, 3, 4};
        return (int)
                IntStream.range(0, 3)
                        .filter(i -> bad[i])
                        .peek(i -> cells[fields[i]] = i == 2 ? "2024-02-30" : "-1x")
                        .count();
    }

    @Test
    void randomBytesAreHeldOrRejected() {
        var random = new Random(17);
        var types =
                List.of(
                        "Int8",
                        "UInt64",
                        "Int256",
                        "Float32",
                        "Float64",
                        "Bool",
                        "Date",
                        "DateTime",
                        "String");
        var columns = types.stream().map(type -> column(type, type)).toArray(Column[]::new);
        var records = new ListedRecords();
        for (var row = 0; row < 20_000; row++) {
            records.row(types.stream().map(_ -> noise(random)).toArray(ListedRecords.Field[]::new));
        }
        var validated =
                new Validator(OneField.model(columns), 0, types).validate(records, 10, 10, 1_000);
        assertThat(validated.read()).isEqualTo(20_000);
        assertThat(validated.batch().rows() + validated.rejected()).isEqualTo(20_000);
    }

    private static ListedRecords.Field noise(Random random) {
        var bytes = new byte[random.nextInt(24)];
        random.nextBytes(bytes);
        var likely = "0123456789-+.:eTZ \t".getBytes(UTF_8);
        for (var i = 0; i < bytes.length; i++) {
            if (random.nextInt(20) > 0) {
                bytes[i] = likely[random.nextInt(likely.length)];
            }
        }
        return new ListedRecords.Field(bytes, random.nextBoolean());
    }

    private static List<Rejection> rejections(ListedRecords records) {
        var validated = validator().validate(records, 1, 1, 100);
        assertThat(validated.batch().rows()).isZero();
        return validated.rejections();
    }

    private static List<List<@Nullable Object>> values(Batch batch) {
        return batch.columns().stream().map(c -> ColumnValues.of(c, batch.rows())).toList();
    }

    /// The bytes of a column's last run, as numbers.
    private static int[] values(Batch batch, int column) {
        var run = batch.columns().get(column).runs().getLast();
        return IntStream.range(0, run.length()).map(i -> run.bytes()[i] & 0xFF).toArray();
    }

    private static byte @Nullable [] nulls(Batch batch, int column) {
        var runs = batch.columns().get(column).runs();
        return runs.size() == 1
                ? null
                : Arrays.copyOf(runs.getFirst().bytes(), runs.getFirst().length());
    }
}
