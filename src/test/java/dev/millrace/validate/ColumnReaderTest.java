package dev.millrace.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.ColumnValues;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnData;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnReading.ClockChange;
import dev.millrace.core.ColumnReading.OuterBlanks;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.RejectionCode;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a model says of a column besides its type.
class ColumnReaderTest {

    @Test
    void aNullMarkerIsNullAndAnEmptyFieldIsStillWhatItWas() {
        var amounts = marked("Nullable(Int32)", null, "N/A", "-");
        assertThat(read(amounts, "N/A").isNull()).isTrue();
        assertThat(read(amounts, " - ").isNull()).isTrue();
        assertThat(read(amounts, "").isNull()).isTrue();
        assertThat(read(amounts, "-1").littleEndian().getInt(0)).isEqualTo(-1);
        assertThat(read(amounts, "n/a").error()).isEqualTo(RejectionCode.NOT_AN_INTEGER);
        assertThat(read(marked("Int32", null, "N/A"), "N/A").error())
                .isEqualTo(RejectionCode.NULL_VALUE);
    }

    @Test
    void aNullMarkerInQuotesIsAText() {
        var names = marked("Nullable(String)", null, "NULL");
        assertThat(read(names, "NULL").isNull()).isTrue();
        assertThat(OneField.read(names, ListedRecords.Field.quoted("NULL")).text())
                .isEqualTo("NULL");
        var days = marked("Nullable(Date)", null, "NULL");
        assertThat(OneField.read(days, ListedRecords.Field.quoted("NULL")).isNull()).isTrue();
    }

    @Test
    void anUnquotedBackslashNIsNullAsInClickHousesCsv() {
        for (var type : List.of("UInt8", "String", "Date", "Array(UInt8)", "FixedString(2)")) {
            var read = OneField.read(type, "\\N");
            assertThat(read.error()).as(type).isEqualTo(RejectionCode.NULL_VALUE);
            assertThat(read.message()).startsWith("'\\N' stands for NULL, and 'x' cannot be NULL");
        }
        assertThat(OneField.read("Nullable(UInt8)", " \\N ").isNull()).isTrue();
        assertThat(OneField.read("Nullable(String)", "\\N").isNull()).isTrue();
        assertThat(OneField.read("String", ListedRecords.Field.quoted("\\N")).text())
                .isEqualTo("\\N");
    }

    @Test
    void nothingInQuotesIsAnEmptyTextAndNotNull() {
        var nothing = ListedRecords.Field.quoted("");
        for (var type : List.of("UInt8", "Nullable(UInt8)", "Nullable(Date)", "Nullable(UUID)")) {
            assertThat(OneField.read(type, nothing).error())
                    .as(type)
                    .isEqualTo(RejectionCode.NULL_VALUE);
        }
        assertThat(OneField.read("Nullable(UInt8)", nothing).message())
                .contains("empty text in quotes", "null marker");
        assertThat(OneField.read("Nullable(String)", nothing).text()).isEmpty();
        assertThat(OneField.read(marked("Nullable(UInt8)", null, ""), nothing).isNull()).isTrue();
    }

    @Test
    void aDefaultTakesThePlaceOfANullMarkerAndNotOfAnEmptyField() {
        var count = marked("UInt8", "7", "?");
        assertThat(read(count, "?").bytes()).containsExactly(7);
        assertThat(read(count, "").error()).isEqualTo(RejectionCode.NULL_VALUE);
        assertThat(read(marked("UInt8", "7", ""), "").bytes()).containsExactly(7);
        assertThat(read(marked("Nullable(UInt8)", "7", "?"), "").isNull()).isTrue();
        assertThat(read(marked("String", "none", "?"), "?").text()).isEqualTo("none");
    }

    @Test
    void aColumnThatTheSourceLacksHasItsDefaultInEveryRow() {
        var columns =
                new Column[] {
                    new Column("id", ColumnTypes.parse("UInt8")),
                    marked("UInt16", "513"),
                    marked("String", "köln"),
                    marked("Array(UInt8)", "[1, 2]"),
                    marked("Nullable(String)", null)
                };
        for (var i = 1; i < columns.length; i++) {
            columns[i] =
                    new Column(
                            "c" + i,
                            columns[i].type(),
                            columns[i].reading(),
                            columns[i].constraints());
        }
        var batch =
                new Validator(OneField.model(columns), 0, List.of("id"))
                        .validate(new ListedRecords().row("1").row("x").row("2"), 1, 1, 9)
                        .batch();
        assertThat(batch.rows()).isEqualTo(2);
        for (var row = 0; row < 2; row++) {
            assertThat(value(batch.columns().get(1), row))
                    .isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
            assertThat(value(batch.columns().get(2), row))
                    .isEqualTo(ByteBuffer.wrap("köln".getBytes(StandardCharsets.UTF_8)));
            assertThat(value(batch.columns().get(3), row))
                    .isEqualTo(
                            List.of(
                                    ByteBuffer.wrap(new byte[] {1}),
                                    ByteBuffer.wrap(new byte[] {2})));
            assertThat(value(batch.columns().get(4), row)).isNull();
        }
    }

    private static @Nullable Object value(ColumnData data, int row) {
        return ColumnValues.of(data, 2).get(row);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Int8|-5|100|-5 0 100|-6 101",
                "UInt64|1|18446744073709551614|1 9 18446744073709551614|0 18446744073709551615",
                "Int256|-7|7|-7 0 7|-8 8",
                "Float64|-0.5|1e3|-0.5 0 1000|-0.51 1000.1",
                "Float32|0|1|0 0.5 1|-0.1 1.5",
                "Date|2020-01-01|2020-12-31|2020-01-01 2020-06-01 2020-12-31|2019-12-31 2021-01-01",
                "String|b|d|b bzz c d|a e dd",
            })
    void boundsAreWithin(String type, String min, String max, String good, String bad) {
        var column =
                constrained(type, new ColumnConstraints(min, max, null, List.of(), null, null));
        for (var text : List.of(good.split(" ", -1))) {
            assertThat(read(column, text).error()).as(text).isNull();
        }
        for (var text : List.of(bad.split(" ", -1))) {
            var read = read(column, text);
            assertThat(read.error()).as(text).isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
            assertThat(read.message()).contains("'" + text + "' is not allowed in 'x'");
        }
    }

    @Test
    void theMessageSaysWhichConstraintIsBroken() {
        var column =
                constrained(
                        "Int32", new ColumnConstraints("0", "120", null, List.of(), null, null));
        assertThat(read(column, "-1").message())
                .isEqualTo("'-1' is not allowed in 'x': it must be at least 0");
        assertThat(read(column, "121").message())
                .isEqualTo("'121' is not allowed in 'x': it must be at most 120");
    }

    @Test
    void allowedValuesAreComparedAsValues() {
        var numbers = constrained("Int16", allowed("1", "20"));
        assertThat(read(numbers, "+01").error()).isNull();
        assertThat(read(numbers, "2").message())
                .isEqualTo("'2' is not allowed in 'x': it must be one of '1', '20'");
        var texts = constrained("LowCardinality(Nullable(String))", allowed("EUR", "USD"));
        assertThat(read(texts, "USD").error()).isNull();
        assertThat(read(texts, "").isNull()).isTrue();
        assertThat(read(texts, "usd").error()).isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
    }

    @Test
    void outerBlanksOfAnUnquotedTextAreKeptTrimmedOrRefusedAsTheModelSays() {
        assertThat(read(blanks("String", OuterBlanks.KEEP), " a b ").text()).isEqualTo(" a b ");
        assertThat(read(blanks("String", OuterBlanks.TRIM), " a b ").text()).isEqualTo("a b");
        assertThat(read(blanks("Nullable(String)", OuterBlanks.TRIM), "  ").isNull()).isTrue();
        assertThat(read(blanks("String", OuterBlanks.TRIM), "  ").text()).isEmpty();
        var strict = blanks("Nullable(String)", OuterBlanks.REJECT);
        for (var text : List.of(" a", "a ", "\ta", " ")) {
            assertThat(read(strict, text).message())
                    .endsWith("it must be without blanks at its ends, or in quotes");
        }
        assertThat(read(strict, "a b").text()).isEqualTo("a b");
        assertThat(read(strict, "").isNull()).isTrue();
        var quoted = ListedRecords.Field.quoted(" a ");
        for (var outer : OuterBlanks.values()) {
            assertThat(OneField.read(blanks("String", outer), quoted).text()).isEqualTo(" a ");
        }
    }

    /// A block is read another way than one field, and faster; what it makes of a field is the
    /// same, however that is written.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    Int8                            | 1
                    Nullable(UInt64)                | 1
                    Int128                          | 1
                    Float32                         | 1
                    Nullable(Float64)               | 12.5
                    Decimal(9, 2)                   | 12.5
                    Date                            | 2020-02-29
                    Date32                          | 2020-02-29
                    DateTime                        | 2020-02-29 23:59:58
                    DateTime64(3)                   | 2020-02-29 23:59:58
                    Nullable(DateTime)              | 2020-02-29 23:59:58
                    String                          | a
                    FixedString(3)                  | a
                    Enum8('a' = 1, ' ' = 2, '' = 3) | a
                    Bool                            | true
                    UUID                            | c0a80101-0000-4000-8000-000000000001
                    IPv4                            | 10.0.0.1
                    """)
    void aBlockIsReadAsItsFieldsAre(String type, String good) {
        var around =
                Stream.of(
                                "%s",
                                " %s", "%s ", "\t%s", "%s\t", " %s ", "%s Z", "-%s", "%s.", ".%s",
                                "%s%s")
                        .map(t -> t.replace("%s", good));
        var others =
                Stream.of("", " ", "\\N", " \\N", "\\", "-", ".", "+", "nan", " inf", "-Infinity ");
        for (var text : Stream.concat(around, others).toList()) {
            for (var delimiter : List.of(",", "-", " ", "9", "Z")) {
                for (var written = RecordBlock.UNQUOTED; written <= RecordBlock.NESTED; written++) {
                    var block = block(List.of(good, text, good), delimiter);
                    if (written != RecordBlock.UNQUOTED) {
                        block.expectQuotes();
                        block.quotes[1] = written;
                    }
                    var name = "'%s' (%d) before '%s'".formatted(text, written, delimiter);
                    requireReadAsAlone(name, new Column("x", ColumnTypes.parse(type)), block);
                    requireReadAsAlone(name, nonFinite(type), block);
                }
            }
        }
    }

    private static Column nonFinite(String type) {
        var allowed = type.contains("Float");
        var reading =
                new ColumnReading(
                        List.of(), List.of(), null, List.of(), allowed, ClockChange.REJECT);
        return new Column("x", ColumnTypes.parse(type), reading, ColumnConstraints.NONE);
    }

    /// A block of one column, with a delimiter behind each field.
    private static RecordBlock block(List<String> fields, String delimiter) {
        var block = new RecordBlock(1);
        var text = new StringBuilder();
        for (var field : fields) {
            block.starts[block.records] = text.length();
            text.append(field);
            block.ends[block.records++] = text.length();
            text.append(delimiter);
        }
        block.bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        return block;
    }

    private static void requireReadAsAlone(String name, Column column, RecordBlock block) {
        var rows = block.records;
        var together = new ColumnReader(column, 1, new ElementRoom());
        together.begin(rows, block.bytes.length);
        var fits = together.readAll(block, 0, 0);
        var alone = new ColumnReader(column, 1, new ElementRoom());
        alone.begin(rows, block.bytes.length);
        var fit = true;
        for (var row = 0; row < rows; row++) {
            var start = block.starts[row];
            var end = block.ends[row];
            fit &= alone.read(block.bytes, start, end, block.written(row), row) == null;
            alone.keep();
        }
        assertThat(fits).as(name).isEqualTo(fit);
        if (fit) {
            together.keep();
            assertThat(ColumnValues.of(together.finish(rows), rows))
                    .as(name)
                    .isEqualTo(ColumnValues.of(alone.finish(rows), rows));
        }
    }

    private static Column blanks(String type, OuterBlanks outer) {
        var reading =
                new ColumnReading(
                        List.of(), List.of(), null, List.of(), false, ClockChange.REJECT, outer);
        return new Column("x", ColumnTypes.parse(type), reading, ColumnConstraints.NONE);
    }

    @Test
    void aPatternFitsTheWholeText() {
        var column =
                constrained(
                        "String",
                        new ColumnConstraints(null, null, "[A-Z]{2}\\d+", List.of(), null, null));
        assertThat(read(column, "DE12").error()).isNull();
        assertThat(read(column, "xDE12").error()).isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
        assertThat(read(column, "DE12\n").error()).isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
    }

    /// A backtracking matcher would not come back from this one.
    @Test
    void aPatternTakesNoLongerThanItsText() {
        var column =
                constrained(
                        "String",
                        new ColumnConstraints(null, null, "(a+)+b", List.of(), null, null));
        assertThat(read(column, "a".repeat(50_000)).error())
                .isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
    }

    @Test
    void aLengthIsInCharactersOfATextAndElementsOfAnArray() {
        var text = constrained("String", new ColumnConstraints(null, null, null, List.of(), 2, 4));
        assertThat(read(text, "köln").error()).isNull();
        assertThat(read(text, "😀😀").error()).isNull();
        assertThat(read(text, "é").message())
                .endsWith("it must be at least 2 characters long and at most 4 characters long");
        assertThat(read(text, "zurich").error()).isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
        var array =
                constrained(
                        "Array(UInt8)", new ColumnConstraints(null, null, null, List.of(), 1, 2));
        assertThat(read(array, "[1,2]").error()).isNull();
        assertThat(read(array, "[]").error()).isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
        assertThat(read(array, "[1,2,3]").error()).isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
    }

    @Test
    void notANumberIsWithinNoBounds() {
        var reading =
                new ColumnReading(List.of(), List.of(), null, List.of(), true, ClockChange.REJECT);
        var free = new Column("x", ColumnTypes.parse("Float64"), reading, ColumnConstraints.NONE);
        assertThat(read(free, "-NaN").error()).isNull();
        assertThat(read(free, "inf").littleEndian().getDouble(0)).isInfinite();
        var bound =
                new Column(
                        "x",
                        ColumnTypes.parse("Float64"),
                        reading,
                        new ColumnConstraints("0", null, null, List.of(), null, null));
        assertThat(read(bound, "nan").error()).isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
        assertThat(read(bound, "inf").error()).isNull();
        assertThat(read(bound, "-inf").error()).isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
    }

    @Test
    void whatDoesNotSuitTheTypeIsRefusedBeforeAnySource() {
        assertRefused("UInt8", new ColumnConstraints("-1", null, null, List.of(), null, null));
        assertRefused("UInt8", new ColumnConstraints("9", "1", null, List.of(), null, null));
        assertRefused("Bool", new ColumnConstraints("0", null, null, List.of(), null, null));
        assertRefused("UInt8", new ColumnConstraints(null, null, "\\d+", List.of(), null, null));
        assertRefused("UInt8", new ColumnConstraints(null, null, null, List.of(), 1, null));
        assertRefused("String", new ColumnConstraints(null, null, "(", List.of(), null, null));
        assertRefused("String", new ColumnConstraints(null, null, null, List.of(), 3, 2));
        assertRefused("Array(UInt8)", allowed("1"));
        assertRefused("Date", allowed("2020-02-30"));
        assertDefaultRefused("UInt8", "256");
        assertDefaultRefused("Date", "tomorrow");
    }

    private static void assertRefused(String type, ColumnConstraints constraints) {
        var definition = OneField.model(constrained(type, constraints)).definition();
        assertThat(catchThrowableOfType(MillraceException.class, () -> Validator.check(definition)))
                .extracting(MillraceException::code)
                .isEqualTo(ErrorCode.INVALID_MODEL);
    }

    private static void assertDefaultRefused(String type, String value) {
        var definition = OneField.model(marked(type, value)).definition();
        var refusal =
                catchThrowableOfType(MillraceException.class, () -> Validator.check(definition));
        assertThat(refusal.what()).contains("The default of column 'x'").contains(value);
    }

    /// Random values within bounds and without them, as BigInteger would have it.
    @Test
    void boundsHoldForEveryIntegerType() {
        var random = new Random(5);
        for (var type : List.of("Int8", "UInt8", "Int64", "UInt64", "Int128", "UInt256")) {
            for (var i = 0; i < 200; i++) {
                var bits = Integer.parseInt(type.replaceAll("\\D", ""));
                var numbers =
                        IntStream.range(0, 3)
                                .mapToObj(_ -> {
                                    var n = new BigInteger(bits - 1, random);
                                    return type.startsWith("U") || random.nextBoolean()
                                            ? n
                                            : n.negate();
                                })
                                .sorted()
                                .toList();
                var value = numbers.get(random.nextInt(3));
                var min = numbers.get(random.nextInt(2));
                var max = numbers.get(2);
                var column =
                        constrained(
                                type,
                                new ColumnConstraints(
                                        min.toString(),
                                        max.toString(),
                                        null,
                                        List.of(),
                                        null,
                                        null));
                var holds = value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
                assertThat(read(column, value.toString()).error() == null)
                        .as("%s: %s in %s to %s", type, value, min, max)
                        .isEqualTo(holds);
            }
        }
    }

    private static ColumnConstraints allowed(String... values) {
        return new ColumnConstraints(null, null, null, List.of(values), null, null);
    }

    private static Column constrained(String type, ColumnConstraints constraints) {
        return new Column("x", ColumnTypes.parse(type), ColumnReading.PLAIN, constraints);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Int8",
                "UInt64",
                "Int256",
                "Float32",
                "Decimal(5, 2)",
                "Date",
                "Array(Int8)"
            })
    void anEmptyDefaultIsRefusedWithTheModel(String type) {
        var refusal =
                catchThrowableOfType(
                        MillraceException.class, () -> read(marked(type, "", "-"), "1"));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_MODEL);
        assertThat(refusal.what())
                .startsWith("The default of column 'x' is no ")
                .endsWith("it is empty; leave it out for none");
    }

    @Test
    void anElementThatADefaultCannotHaveIsNamed() {
        var column = marked("Array(UInt8)", "[1, 300]", "-");
        assertThat(catchThrowableOfType(MillraceException.class, () -> read(column, "[1]")).what())
                .endsWith("Element 2: '300' does not fit UInt8, which holds 0 to 255");
    }

    @Test
    void aDefaultOfMoreThanFourKilobytesIsRefusedWithTheModel() {
        assertThat(read(marked("String", "d".repeat(4_000), "-"), "-").text()).hasSize(4_000);
        assertDefaultTooLong(marked("String", "d".repeat(4_097)), 4_097);
        assertDefaultTooLong(marked("UInt8", "0".repeat(5_000)), 5_000);
        var elements = String.join(",", Collections.nCopies(20, "'x'"));
        assertDefaultTooLong(marked("Array(FixedString(256))", "[" + elements + "]"), 8 + 5_120);
    }

    private static void assertDefaultTooLong(Column column, int bytes) {
        var definition = OneField.model(column).definition();
        assertThat(catchThrowableOfType(MillraceException.class, () -> Validator.check(definition)))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MODEL))
                .extracting(MillraceException::what)
                .isEqualTo(
                        "The default of column 'x' takes %d bytes, more than 4096"
                                .formatted(bytes));
    }

    static Column marked(String type, @Nullable String value, String... markers) {
        var reading =
                new ColumnReading(
                        List.of(), List.of(markers), value, List.of(), false, ClockChange.REJECT);
        return new Column("x", ColumnTypes.parse(type), reading, ColumnConstraints.NONE);
    }

    private static OneField read(Column column, String text) {
        return OneField.read(column, ListedRecords.Field.plain(text));
    }
}
