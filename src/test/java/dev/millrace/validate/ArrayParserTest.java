package dev.millrace.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.millrace.ColumnValues;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Rejection;
import dev.millrace.core.RejectionCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrayParserTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|",
                "[ ]|",
                "['']|<>",
                "['a','b']|<a><b>",
                "[ 'a' , \"b\" ]|<a><b>",
                "['a,b','c]d']|<a,b><c]d>",
                "['it\\'s','\\\\','\\/']|<it's><\\></>",
                "[\"say \\\"no\\\"\"]|<say \"no\">",
                "['NULL','null']|<NULL><null>",
                "['köln']|<köln>",
            })
    void textsStandInQuotes(String text, @Nullable String expected) {
        assertThat(texts(OneField.read("Array(String)", text)))
                .isEqualTo(expected == null ? "" : expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[1,2,3]|1 2 3", "[ 1 ,2 ]|1 2", "['7',\"8\"]|7 8", "[]|", "[-5]|-5"})
    void numbersStandWithOrWithoutQuotes(String text, @Nullable String expected) {
        assertThat(numbers(OneField.read("Array(Int32)", text)))
                .isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void nullStandsWithoutQuotesInAnyCase() {
        assertThat(numbers(OneField.read("Array(Nullable(Int32))", "[1, NULL, null]")))
                .isEqualTo("1 null null");
        assertThat(texts(OneField.read("Array(LowCardinality(Nullable(String)))", "[NULL,'NULL']")))
                .isEqualTo("-<NULL>");
    }

    @Test
    void arraysStandInArrays() {
        var read = OneField.read("Array(Array(Int32))", "[[1, 2], [], [3]]");
        var inner = new ArrayList<String>();
        lists(read.value()).forEach(one -> inner.add(numbers(one)));
        assertThat(inner).containsExactly("1 2", "", "3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1,2", "[1,2", "1]", "[1,,2]", "[1,]", "[,1]", "[1]2", "[1] [2]", "[[1]]", "x",
                "{1}",
            })
    void whatIsNoArrayIsSaidToBeNone(String text) {
        var read = OneField.read("Array(Int32)", text);
        assertThat(read.error())
                .as(text)
                .isIn(
                        RejectionCode.NOT_AN_ARRAY,
                        RejectionCode.NULL_VALUE,
                        RejectionCode.NOT_AN_INTEGER);
        assertThat(OneField.read("Array(String)", "[a,b]").error())
                .isEqualTo(RejectionCode.NOT_AN_ARRAY);
        assertThat(OneField.read("Array(String)", "['\\q']").error())
                .isEqualTo(RejectionCode.NOT_AN_ARRAY);
    }

    @Test
    void anElementThatDoesNotFitIsNamed() {
        var read = OneField.read("Array(UInt8)", "[1, 2, 300]");
        assertThat(read.error()).isEqualTo(RejectionCode.OUT_OF_RANGE);
        assertThat(read.message())
                .isEqualTo("Element 3: '300' does not fit UInt8, which holds 0 to 255");
        assertThat(read.observed()).isEqualTo("[1, 2, 300]");
    }

    @Test
    void anElementOfAnInnerArrayIsNamedByItsPath() {
        assertThat(OneField.read("Array(Array(UInt8))", "[[1], [2, x]]").message())
                .startsWith("Element 2.2: 'x' is not a whole number");
        assertThat(OneField.read("Array(Array(Array(UInt8)))", "[[], [[], [7, 8, 300]]]").message())
                .startsWith("Element 2.2.3: '300' does not fit UInt8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Array(Nullable(Int32))|[1,'']|Element 2: The element is an empty text in quotes,"
                        + " which is no Int32: write a value, or NULL without quotes",
                "Array(Int32)|['']|Element 1: The element is an empty text in quotes, which is no"
                        + " Int32: write a value, or NULL without quotes and make the column"
                        + " Array(Nullable(Int32))",
                "Array(Int32)|[null]|Element 1: 'null' stands for NULL, and the elements of 'x'"
                        + " cannot be NULL: write a value, or make the column"
                        + " Array(Nullable(Int32))",
                "Array(Array(LowCardinality(String)))|[[NULL]]|Element 1.1: 'NULL' stands for NULL,"
                        + " and the elements of 'x' cannot be NULL: write a value, or make the"
                        + " column Array(Array(LowCardinality(Nullable(String))))",
                "Array(Int32)|``|The field is empty, and 'x' cannot be NULL: write [] for no"
                        + " elements",
                "LowCardinality(Date)|``|The field is empty, and 'x' cannot be NULL: write a value,"
                        + " or make the column LowCardinality(Nullable(Date))"
            })
    void theAdviceOnANullSaysTheTypeThatTakesIt(String type, String text, String message) {
        var read = OneField.read(type, text);
        assertThat(read.error()).isEqualTo(RejectionCode.NULL_VALUE);
        assertThat(read.message()).isEqualTo(message);
    }

    @Test
    void anEmptyFieldIsNoEmptyArray() {
        assertThat(OneField.read("Array(UInt8)", "").error()).isEqualTo(RejectionCode.NULL_VALUE);
        assertThat(OneField.read("Array(UInt8)", "[1, NULL]").error())
                .isEqualTo(RejectionCode.NULL_VALUE);
    }

    /// The elements of bad rows must not stay between those of good ones.
    @Test
    void aRejectedRowLeavesNoElementBehind() {
        var columns =
                List.of("Array(String)", "Array(Array(Nullable(UInt8)))", "UInt8").stream()
                        .map(t -> new Column(t, ColumnTypes.parse(t)))
                        .toArray(Column[]::new);
        var header = List.of("Array(String)", "Array(Array(Nullable(UInt8)))", "UInt8");
        var records =
                new ListedRecords()
                        .row("['a','b']", "[[1],[2,NULL]]", "1")
                        .row("['bad','row']", "[[9,9],[9]]", "x")
                        .row("['bad'", "[[9,9],[9,x]]", "1")
                        .row("['c']", "[[],[3]]", "2");
        var batch =
                new Validator(OneField.model(columns), 0, header)
                        .validate(records, 1, 1, 10)
                        .batch();
        assertThat(batch.rows()).isEqualTo(2);
        var texts = ColumnValues.of(batch.columns().get(0), 2);
        assertThat(texts(texts.get(0))).isEqualTo("<a><b>");
        assertThat(texts(texts.get(1))).isEqualTo("<c>");
        var numbers = ColumnValues.of(batch.columns().get(1), 2);
        assertThat(lists(numbers.get(0)).map(ArrayParserTest::numbers))
                .containsExactly("1", "2 null");
        assertThat(lists(numbers.get(1)).map(ArrayParserTest::numbers)).containsExactly("", "3");
    }

    /// Each copy of what is behind an escape would be one of megabytes here.
    @Test
    @Timeout(10)
    void manyEscapesInOneFieldTakeNoLongerThanItsBytes() {
        var elements = 500_000;
        var text = "[" + "'\\n',".repeat(elements - 1) + "'\\n']";
        assertThat(OneField.read("Array(String)", text).value())
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(elements);
        var longest = "k\\n" + "x".repeat(1_000) + "\\\\";
        assertThat(texts(OneField.read("Array(String)", "['" + longest + "','\\t']")))
                .isEqualTo("<k\n" + "x".repeat(1_000) + "\\><\t>");
    }

    @Test
    void fewElementsTakeLittleRoom() {
        var column = new Column("x", ColumnTypes.parse("Array(FixedString(256))"));
        var runs =
                new Validator(OneField.model(column), 0, List.of("x"))
                        .validate(new ListedRecords().row("['a']"), 1, 10, 10)
                        .batch()
                        .columns()
                        .getFirst()
                        .runs();
        assertThat(runs).allMatch(run -> run.bytes().length <= 256);
    }

    @Test
    void theElementsOfARowHaveALimitThatItsArraysShare() {
        var type = ColumnTypes.parse("Array(FixedString(256))");
        var columns = new Column[] {new Column("a", type), new Column("b", type)};
        var most = (64 << 20) / 256;
        var records =
                new ListedRecords()
                        .row(elements(most), "[]")
                        .row(elements(most - 1), "['y','y']")
                        .row(elements(most + 1), "['z']");
        var validated =
                new Validator(OneField.model(columns), 0, List.of("a", "b"))
                        .validate(records, 1, 10, 10);
        assertThat(validated.batch().rows()).isEqualTo(1);
        assertThat(validated.rejections())
                .extracting(Rejection::row, Rejection::column, Rejection::error)
                .containsExactly(
                        tuple(2L, "b", RejectionCode.TOO_LONG),
                        tuple(3L, "a", RejectionCode.TOO_LONG),
                        tuple(3L, "b", RejectionCode.TOO_LONG));
        assertThat(validated.rejections().getFirst().message())
                .startsWith("'['y','y']' has more elements than a row has room for, 64 MiB in all");
    }

    private static String elements(int count) {
        return "[" + "'x',".repeat(count - 1) + "'x']";
    }

    private static String texts(OneField read) {
        assertThat(read.message()).isEmpty();
        return texts(read.value());
    }

    private static String texts(@Nullable Object value) {
        var text = new StringBuilder();
        assertThat(value).isInstanceOf(List.class);
        for (var element : value instanceof List<?> list ? list : List.of()) {
            text.append(
                    element instanceof ByteBuffer bytes
                            ? "<" + StandardCharsets.UTF_8.decode(bytes.duplicate()) + ">"
                            : "-");
        }
        return text.toString();
    }

    private static String numbers(OneField read) {
        assertThat(read.message()).isEmpty();
        return numbers(read.value() instanceof List<?> list ? list : List.of());
    }

    private static Stream<List<?>> lists(@Nullable Object value) {
        return (value instanceof List<?> list ? list : List.of())
                .stream().map(one -> one instanceof List<?> inner ? inner : List.of("no list"));
    }

    private static String numbers(List<?> list) {
        var texts = new ArrayList<String>();
        for (var element : list) {
            texts.add(
                    element instanceof ByteBuffer bytes
                            ? bytes.remaining() == 1
                                    ? Integer.toString(bytes.get(0) & 0xFF)
                                    : Integer.toString(
                                            bytes.order(ByteOrder.LITTLE_ENDIAN).getInt(0))
                            : "null");
        }
        return String.join(" ", texts);
    }
}
