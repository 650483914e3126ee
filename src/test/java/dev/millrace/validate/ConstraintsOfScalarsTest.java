package dev.millrace.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.RejectionCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConstraintsOfScalarsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Decimal(9, 2)   | -1.5      | 10         | -1.50 0 9.99 10.00          | -1.51 10.01 100
                    Decimal(76, 20) | -1e50     | 1e50       | -1e50 0 1e50 1              | 1.1e50 -1.1e50
                    Int256          | -5        | 5          | -5 0 5                      | -6 6 99999999999999999999999999
                    UInt128         | 7         | 1000000000000000000000000 | 7 1000000000000000000000000 | 6 1000000000000000000000001
                    IPv4            | 10.0.0.0  | 10.0.1.255 | 10.0.0.0 10.0.0.255 10.0.1.0 10.0.1.255 | 9.255.255.255 10.0.2.0 200.0.0.0
                    IPv6            | 2001:db8::| 2001:db8:ffff:: | 2001:db8::1 2001:db8:1:: 2001:db8:ffff:: | ::1 2001:db7:: 2001:db8:ffff::1 ff00:: 1.2.3.4
                    FixedString(3)  | b         | d          | b cc d                      | a da
                    """)
    void boundsAreOfTheTypesOwnOrder(
            String type, String min, String max, String inside, String outside) {
        var column = bounded(type, min, max);
        for (var text : inside.split(" ", -1)) {
            assertThat(error(column, text)).as(text).isNull();
        }
        for (var text : outside.split(" ", -1)) {
            assertThat(error(column, text)).as(text).isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
        }
    }

    @Property
    void decimalsAreComparedAsNumbers(
            @ForAll @BigRange(min = "-99999999999999999999", max = "99999999999999999999")
                    BigInteger value,
            @ForAll @BigRange(min = "-99999999999999999999", max = "99999999999999999999")
                    BigInteger min) {
        var column = bounded("Decimal(38, 5)", new BigDecimal(min, 5).toPlainString(), null);
        assertThat(error(column, new BigDecimal(value, 5).toPlainString()) == null)
                .isEqualTo(value.compareTo(min) >= 0);
    }

    @Test
    void allowedValuesAreComparedAsValues() {
        var decimal = allowed("Decimal(9, 2)", "1.5", "2");
        assertThat(error(decimal, "1.50")).isNull();
        assertThat(error(decimal, "2.00")).isNull();
        assertThat(error(decimal, "2.01")).isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
        var names = allowed("Enum8('a' = 1, 'b' = 2, 'c' = 3)", "a", "b");
        assertThat(error(names, "2")).isNull();
        assertThat(error(names, "c")).isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
        var addresses = allowed("IPv6", "::1", "1.2.3.4");
        assertThat(error(addresses, "0:0:0:0:0:ffff:102:304")).isNull();
        assertThat(error(addresses, "::2")).isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
        var uuids = allowed("UUID", "61f0c404-5cb3-11e7-907b-a6006ad3dba0");
        assertThat(error(uuids, "61F0C4045CB311E7907BA6006AD3DBA0")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Float32", "Float64"})
    void allowedFloatsAreComparedAsNumbers(String type) {
        var column = allowed(type, "0", "-1.5");
        for (var text : List.of("0", "-0", "-0.0", "-15e-1")) {
            assertThat(error(column, text)).as(text).isNull();
        }
        assertThat(error(allowed(type, "-0"), "0")).isNull();
        assertThat(error(column, "1.5")).isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
    }

    @Test
    void everyOneOfManyAllowedValuesIsFoundAndNoOther() {
        var values = IntStream.range(0, 20_000).mapToObj(i -> "v" + i * 3).toList();
        var column = allowed("String", values.toArray(String[]::new));
        var records = new ListedRecords();
        IntStream.range(0, 30_000).forEach(i -> records.row("v" + i));
        var validated =
                new Validator(OneField.model(column), 0, List.of("x"))
                        .validate(records, 30_000, 200_000, 1);
        assertThat(validated.batch().rows()).isEqualTo(10_000);
        assertThat(validated.rejected()).isEqualTo(20_000);
    }

    @Test
    void fixedTextsHavePatternsAndLengths() {
        var constraints = new ColumnConstraints(null, null, "[a-zé]+", List.of(), 2, 3);
        var column = column("FixedString(8)", constraints);
        assertThat(error(column, "éé")).isNull();
        assertThat(error(column, "ab1")).isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
        assertThat(error(column, "a")).isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
        assertThat(error(column, "abcd")).isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "UUID|61f0c404-5cb3-11e7-907b-a6006ad3dba0",
                "Enum8('a' = 1)|a",
                "Decimal(9, 2)|1.234",
                "IPv4|10.0.0",
                "IPv6|10",
                "FixedString(2)|abc"
            })
    void aBoundThatIsNoneIsRefusedWithTheModel(String type, String min) {
        assertThatThrownBy(() -> error(bounded(type, min, null), "1"))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MODEL));
    }

    /// Every type of them may be NULL, an element, a default, and both.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UUID|61f0c404-5cb3-11e7-907b-a6006ad3dba0",
                "Enum16('a' = 1)|a",
                "Decimal(5, 2)|1.23",
                "Decimal(76, 2)|1.23",
                "IPv4|10.0.0.1",
                "IPv6|::1",
                "FixedString(2)|ab",
                "Int256|-1"
            })
    void everyTypeStandsInNullableAndInArrays(String type, String text) {
        var plain = OneField.read(type, text).bytes();
        assertThat(OneField.read("Nullable(" + type + ")", text).bytes()).isEqualTo(plain);
        assertThat(OneField.read("Nullable(" + type + ")", "").isNull()).isTrue();
        var elements = "['" + text + "', NULL, \"" + text + "\"]";
        var array = OneField.read("Array(Nullable(" + type + "))", elements);
        assertThat(array.message()).isEmpty();
        assertThat(array.value())
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(3)
                .element(1)
                .isNull();
        assertThat(OneField.read("Array(Array(" + type + "))", "[[], ['" + text + "']]").message())
                .isEmpty();
        var reading =
                new ColumnReading(
                        List.of(),
                        List.of("-"),
                        text,
                        List.of(),
                        false,
                        ColumnReading.ClockChange.REJECT);
        var column = new Column("x", ColumnTypes.parse(type), reading, ColumnConstraints.NONE);
        assertThat(OneField.read(column, ListedRecords.Field.plain("-")).bytes()).isEqualTo(plain);
    }

    private static @Nullable RejectionCode error(Column column, String text) {
        return OneField.read(column, ListedRecords.Field.plain(text)).error();
    }

    private static Column bounded(String type, String min, @Nullable String max) {
        return column(type, new ColumnConstraints(min, max, null, List.of(), null, null));
    }

    private static Column allowed(String type, String... values) {
        return column(type, new ColumnConstraints(null, null, null, List.of(values), null, null));
    }

    private static Column column(String type, ColumnConstraints constraints) {
        return new Column("x", ColumnTypes.parse(type), ColumnReading.PLAIN, constraints);
    }
}
