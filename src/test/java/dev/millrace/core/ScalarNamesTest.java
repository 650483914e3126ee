package dev.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalarNamesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    UUID                           | UUID                      | 16
                    IPv4                           | IPv4                      | 4
                    LowCardinality(IPv6)           | LowCardinality(IPv6)      | 16
                    LowCardinality(FixedString(7)) | LowCardinality(FixedString(7)) | 7
                    Nullable(FixedString(256))     | Nullable(FixedString(256)) | 256
                    Enum8('a'=1,'b'=2)             | Enum8('a' = 1, 'b' = 2)   | 1
                    Enum('b' = 2, 'a' = -1)        | Enum8('a' = -1, 'b' = 2)  | 1
                    Enum('b', 'a')                 | Enum8('b' = 1, 'a' = 2)   | 1
                    Enum8('b' = -3, 'a', 'c')      | Enum8('b' = -3, 'a' = -2, 'c' = -1) | 1
                    Enum('a' = 127, 'b')           | Enum16('a' = 127, 'b' = 128) | 2
                    Enum16('a')                    | Enum16('a' = 1)           | 2
                    Enum16('a' = -32768)           | Enum16('a' = -32768)      | 2
                    Enum8('' = 0, ' x,)' = 1)      | Enum8('' = 0, ' x,)' = 1) | 1
                    Enum8('it''s', 'it\\'')         | Enum8('it\\'s' = 1, 'it\\'' = 2) | 1
                    Enum8('a\\\\b\\n\\t\\0"é`')         | Enum8('a\\\\b\\n\\t\\0"é`' = 1) | 1
                    Array(Nullable(Enum('a')))     | Array(Nullable(Enum8('a' = 1))) | -1
                    Decimal(9,2)                   | Decimal(9, 2)             | 4
                    Decimal( 10 , 10 )             | Decimal(10, 10)           | 8
                    Decimal(18)                    | Decimal(18, 0)            | 8
                    Decimal                        | Decimal(10, 0)            | 8
                    Decimal(19, 5)                 | Decimal(19, 5)            | 16
                    Decimal(38, 38)                | Decimal(38, 38)           | 16
                    Decimal(39, 0)                 | Decimal(39, 0)            | 32
                    Decimal(76, 76)                | Decimal(76, 76)           | 32
                    Decimal32(4)                   | Decimal(9, 4)             | 4
                    Decimal64(4)                   | Decimal(18, 4)            | 8
                    Decimal128(4)                  | Decimal(38, 4)            | 16
                    Decimal256(4)                  | Decimal(76, 4)            | 32
                    Nullable(Decimal32(0))         | Nullable(Decimal(9, 0))   | 4
                    Array(Nullable(Decimal(9,2)))  | Array(Nullable(Decimal(9, 2))) | -1
                    """)
    void aTypeIsNamedAsClickHouseNamesIt(String text, String name, int widthBytes) {
        var type = ColumnTypes.parse(text);
        assertThat(type.name()).isEqualTo(name);
        assertThat(type.widthBytes()).isEqualTo(widthBytes);
        assertThat(ColumnTypes.parse(name)).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    Decimal(80, 2)   | Decimal(80, 2) is not a column type: Decimal takes a precision from 1 to 76 and a scale from 0 to the precision, as in Decimal(9, 2)
                    Decimal(0)       | Decimal(0) is not a column type: Decimal takes a precision from 1 to 76 and a scale from 0 to the precision, as in Decimal(9, 2)
                    Decimal(9, 10)   | Decimal(9, 10) is not a column type: Decimal takes a precision from 1 to 76 and a scale from 0 to the precision, as in Decimal(9, 2)
                    Decimal(9, -1)   | Decimal(9, -1) is not a column type: Decimal takes a precision from 1 to 76 and a scale from 0 to the precision, as in Decimal(9, 2)
                    Decimal(9, 2, 1) | Decimal(9, 2, 1) is not a column type: Decimal takes a precision from 1 to 76 and a scale from 0 to the precision, as in Decimal(9, 2)
                    FixedString      | FixedString is not a column type: FixedString takes a number of bytes from 1 to 256, as in FixedString(16); longer texts are for String
                    FixedString(0)   | FixedString(0) is not a column type: FixedString takes a number of bytes from 1 to 256, as in FixedString(16); longer texts are for String
                    FixedString(257) | FixedString(257) is not a column type: FixedString takes a number of bytes from 1 to 256, as in FixedString(16); longer texts are for String
                    Enum8()          | 'Enum8()' is not a column type: at character 7 a type's name should stand
                    Enum8            | No Enum8 can be made of this: it takes names in quotes, as in Enum8('a' = 1, 'b' = 2)
                    Enum8(a, b)      | No Enum8 can be made of this: it takes names in quotes, as in Enum8('a' = 1, 'b' = 2)
                    Enum16(1)        | No Enum16 can be made of this: it takes names in quotes, as in Enum16('a' = 1, 'b' = 2)
                    Enum8('a' = 128) | No Enum8 can be made of this: the number 128 of 'a' is not from -128 to 127
                    Enum8('a' = 127, 'b') | No Enum8 can be made of this: the number 128 of 'b' is not from -128 to 127
                    Enum('a' = 32768) | No Enum can be made of this: the number 32768 of 'a' is not from -32768 to 32767
                    Enum('a', 'b', 'a') | No Enum can be made of this: the name 'a' is there twice
                    Enum8('a' = 1, 'b' = 1) | No Enum8 can be made of this: the number 1 is there twice
                    Enum8('a', 'b' = 2) | No Enum8 can be made of this: give every name a number, or only the first, or none
                    Enum8('a\\q')     | 'Enum8('a\\q')' is not a column type: at character 10 a backslash stands before what needs none
                    LowCardinality(Decimal(9, 2)) | Decimal(9, 2) cannot stand inside LowCardinality, which ClickHouse has for integers, floats, texts, Bool, days, times of whole seconds, UUIDs and addresses
                    LowCardinality(Nullable(Enum8('a'))) | Nullable(Enum8('a' = 1)) cannot stand inside LowCardinality, which ClickHouse has for integers, floats, texts, Bool, days, times of whole seconds, UUIDs and addresses
                    LowCardinality(Array(UUID)) | Array(UUID) cannot stand inside LowCardinality, which ClickHouse has for integers, floats, texts, Bool, days, times of whole seconds, UUIDs and addresses
                    Decimal('9')     | Decimal('9') is not a column type: Decimal takes numbers
                    Decimal32        | Decimal32 is not a column type: Decimal32 takes a scale from 0 to 9, as in Decimal32(4)
                    Decimal32(10)    | Decimal32(10) is not a column type: Decimal32 takes a scale from 0 to 9, as in Decimal32(4)
                    Decimal256(9, 2) | Decimal256(9, 2) is not a column type: Decimal256 takes a scale from 0 to 76, as in Decimal256(4)
                    """)
    void aTypeThatIsNoneSaysWhatItTakes(String text, String message) {
        assertThatThrownBy(() -> ColumnTypes.parse(text))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MODEL))
                .hasMessage(message);
    }
}
