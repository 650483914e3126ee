package dev.millrace.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnType;
import dev.millrace.core.ColumnType.Enumeration.Element;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.RejectionCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnumParserTest {
    private static final String LETTERS = "Enum8('a' = 1, 'b' = -2, 'c d' = 3)";

    @ParameterizedTest
    @CsvSource({
        "a, 1",
        "b, -2",
        "c d, 3",
        "' a ', 1",
        "1, 1",
        "-2, -2",
        "+3, 3",
        "003, 3",
        "-02, -2"
    })
    void aNameOrItsNumberIsTheNumber(String text, byte number) {
        assertThat(OneField.read(LETTERS, text).bytes()).containsExactly(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A",
                "ab",
                "c  d",
                "cd",
                "0",
                "2",
                "257",
                "-1",
                "1.0",
                "1e0",
                "65537",
                "99999999999999",
                "+",
                "-",
                "--2",
                "NULL",
                "true",
                "é",
                "a\u0000"
            })
    void whatIsNeitherIsNotInTheEnum(String text) {
        assertThat(OneField.read(LETTERS, text).error()).isEqualTo(RejectionCode.NOT_IN_ENUM);
    }

    @Test
    void aNameThatIsSpelledLikeANumberIsAName() {
        assertThat(OneField.read("Enum8('2' = 1, 'b' = 2)", "2").bytes()).containsExactly(1);
        assertThat(OneField.read("Enum8('2' = 1, 'b' = 2)", "02").bytes()).containsExactly(2);
    }

    @Test
    void blanksInsideQuotesCount() {
        assertThat(OneField.read(LETTERS, ListedRecords.Field.quoted("a ")).error())
                .isEqualTo(RejectionCode.NOT_IN_ENUM);
    }

    @Test
    void anEmptyFieldIsTheEmptyNameWhereThereIsOne() {
        var type = "Enum8('' = 5, 'a' = 1)";
        assertThat(OneField.read(type, "").bytes()).containsExactly(5);
        assertThat(OneField.read("Nullable(" + type + ")", "").isNull()).isTrue();
        assertThat(OneField.read("Nullable(" + type + ")", ListedRecords.Field.quoted("")).bytes())
                .containsExactly(5);
        assertThat(OneField.read(LETTERS, "").error()).isEqualTo(RejectionCode.NULL_VALUE);
    }

    @Test
    void blanksCountWhereANameBeginsOrEndsWithOne() {
        var type = "Enum8(' a' = 1, 'a' = 2)";
        assertThat(OneField.read(type, " a").bytes()).containsExactly(1);
        assertThat(OneField.read(type, "a").bytes()).containsExactly(2);
        assertThat(OneField.read(type, "a ").bytes()).containsExactly(2);
        assertThat(OneField.read(type, "  a").bytes()).containsExactly(2);
        assertThat(OneField.read("Enum8(' ' = 1, 'a' = 2)", " ").bytes()).containsExactly(1);
        assertThat(OneField.read(type, ListedRecords.Field.quoted("a ")).error())
                .isEqualTo(RejectionCode.NOT_IN_ENUM);
    }

    /// One name that is empty or has blanks does not change how the others are read.
    @Test
    void blanksAroundANameDoNotCountThoughAnotherIsEmpty() {
        var type = "Enum8('' = 0, 'a' = 1, ' b' = 2)";
        assertThat(OneField.read(type, " a ").bytes()).containsExactly(1);
        assertThat(OneField.read(type, " 2 ").bytes()).containsExactly(2);
        assertThat(OneField.read(type, "  ").bytes()).containsExactly(0);
        assertThat(OneField.read("Array(" + type + ")", "['', a, ' b']").message()).isEmpty();
        assertThat(OneField.read("Array(" + type + ")", "[a,,a]").error())
                .isEqualTo(RejectionCode.NOT_AN_ARRAY);
    }

    @Test
    void numbersOfAnEnum16TakeTwoBytes() {
        var type = "Enum16('x' = -1000, 'y' = 1000)";
        assertThat(OneField.read(type, "x").littleEndian().getShort(0)).isEqualTo((short) -1000);
        assertThat(OneField.read(type, "1000").littleEndian().getShort(0)).isEqualTo((short) 1000);
        assertThat(OneField.read(type, "0").error()).isEqualTo(RejectionCode.NOT_IN_ENUM);
    }

    @Test
    void arraysHoldNames() {
        assertThat(OneField.read("Array(" + LETTERS + ")", "['a', 'c d', 3]").rejection()).isNull();
        assertThat(OneField.read("Array(" + LETTERS + ")", "['a', 'x']").message())
                .isEqualTo(
                        "Element 2: 'x' is none of the names that 'x' has: write 'b' or 'a' or"
                                + " 'c d'");
    }

    @Test
    void aLongListOfNamesIsCutInTheMessage() {
        var elements = IntStream.range(0, 40).mapToObj(i -> new Element("n" + i, i)).toList();
        var column = new Column("kind", new ColumnType.Enumeration(8, elements));
        assertThat(OneField.read(column, ListedRecords.Field.plain("n40")).message())
                .isEqualTo(
                        "'n40' is none of the names that 'kind' has: write one of its 40, such as"
                                + " 'n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7', 'n8', 'n9',"
                                + " 'n10', 'n11'");
    }

    /// A list of names of a megabyte would be in every rejection.
    @Test
    void aLongListOfNamesIsCountedInTheTypeOfARejection() {
        var elements = IntStream.range(0, 300).mapToObj(i -> new Element("n" + i, i)).toList();
        var names = new ColumnType.Enumeration(16, elements);
        var column = new Column("kind", new ColumnType.Array(new ColumnType.Nullable(names)));
        assertThat(OneField.read(column, ListedRecords.Field.plain("[n300]")).type())
                .isEqualTo("Array(Nullable(Enum16(300 names)))");
        var missing = OneField.read(new Column("kind", names), ListedRecords.Field.plain(""));
        assertThat(missing.message()).endsWith("make the column Nullable(Enum16(300 names))");
        assertThat(OneField.read(LETTERS, "x").type())
                .isEqualTo("Enum8('b' = -2, 'a' = 1, 'c d' = 3)");
    }

    /// Many names, alike at both ends, some of them parts of others.
    @Test
    void everyNameOfManyIsFoundAndNoOther() {
        var random = new Random(1);
        var names = new HashSet<String>();
        while (names.size() < 300) {
            var name = new StringBuilder("x");
            for (var length = random.nextInt(20); length > 0; length--) {
                name.append("abé".charAt(random.nextInt(3)));
            }
            names.add(name.toString());
        }
        var elements = new ArrayList<Element>();
        names.forEach(n -> elements.add(new Element(n, elements.size() * 100 - 15_000)));
        var type = new ColumnType.Enumeration(16, elements);
        assertThat(ColumnTypes.parse(type.name())).isEqualTo(type);
        for (var element : List.copyOf(elements)) {
            assertThat(OneField.read(type.name(), element.name()).littleEndian().getShort(0))
                    .isEqualTo((short) element.number());
            var other = element.name() + "a";
            assertThat(OneField.read(type.name(), other).error() == null)
                    .isEqualTo(names.contains(other));
        }
    }
}
