package dev.millrace.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Compression;
import dev.millrace.core.Connection;
import dev.millrace.core.ExportFormat;
import dev.millrace.core.ExportWishes;
import dev.millrace.core.Extraction;
import dev.millrace.render.Block;
import dev.millrace.render.CsvRows;
import dev.millrace.render.NativeBlocks;
import dev.millrace.render.Page;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The text that Millrace writes of ClickHouse's values, held against what ClickHouse's own CSV
/// format writes of the same, byte for byte.
class RenderedRowsTest {
    private static final ExportSite SITE = new ExportSite();
    private static final int ROWS = 3000;

    /// 64 bits as random as need be, the same in every query.
    private static final String BITS = "cityHash64(number)";

    private static final String MORE_BITS =
            IntStream.range(0, 4)
                    .mapToObj("reinterpretAsFixedString(cityHash64(number, %d))"::formatted)
                    .reduce("concat(%s, %s)"::formatted)
                    .orElseThrow();

    @AfterAll
    static void close() {
        SITE.close();
    }

    /// Expressions over `number` whose values are those of a type: its edges, numbers of every
    /// length, texts with and without what has to be doubled.
    static Stream<String> values() {
        return Stream.of(
                        IntStream.of(8, 16, 32, 64, 128, 256)
                                .boxed()
                                .flatMap(bits -> Stream.of("Int", "UInt").map(t -> whole(t, bits))),
                        Stream.of(
                                decimal(9, 0),
                                decimal(9, 4),
                                decimal(9, 9),
                                decimal(18, 0),
                                decimal(18, 2),
                                decimal(18, 18),
                                decimal(38, 10),
                                decimal(76, 40)),
                        doubles(),
                        floats(),
                        times(),
                        texts())
                .flatMap(each -> each);
    }

    private static String whole(String type, int bits) {
        return """
        to%1$s%2$d(bitShiftRight(
            if(number < 4,
                arrayElement(
                    [toUInt256(0), toUInt256(1), bitNot(toUInt256(0)),
                        bitShiftLeft(toUInt256(1), %2$d - 1)],
                    number + 1),
                reinterpretAsUInt256(%3$s)),
            number %% %2$d))\
        """
                .formatted(type, bits, MORE_BITS);
    }

    private static String decimal(int precision, int scale) {
        var digits = Math.min(precision, 18);
        return """
        CAST(concat(
            if(number %% 2 = 0, '-', ''),
            if(%1$d > %2$d, toString(number %% 9), '0'),
            '.',
            leftPad(toString(%3$s %% toUInt64(pow(10, number %% %4$d))), %2$d, '0'))
            AS Decimal(%1$d, %2$d))\
        """
                .formatted(precision, scale, BITS, digits);
    }

    private static Stream<String> doubles() {
        return Stream.of(
                "reinterpretAsFloat64(" + BITS + ")",
                "toFloat64(toUInt32(bitAnd(" + BITS + ", 4294967295))) / 1000",
                "toFloat64(bitAnd(" + BITS + ", 32767)) * pow(10, number % 40 - 20)",
                "pow(10, toInt64(number) % 640 - 330) * (number % 3 + 1)",
                "-toFloat64(number) / pow(10, number % 9)",
                """
                arrayElement(
                    [nan, inf, -inf, 0., -0., 1e15, 999999999999999., 1e20, 1e21, 1e22, 1e-6, 1e-7,
                        0.1, 0.3, 1.5, 123456.5, 9007199254740993., 4.9e-324,
                        1.7976931348623157e308, 2.5e-310],
                    number % 20 + 1)\
                """);
    }

    private static Stream<String> floats() {
        return Stream.of(
                "reinterpretAsFloat32(toUInt32(bitAnd(" + BITS + ", 4294967295)))",
                "toFloat32(bitAnd(" + BITS + ", 32767)) / 100",
                "toFloat32(toFloat32(bitAnd(" + BITS + ", 32767)) * pow(10, number % 40 - 20))",
                "toFloat32(pow(10, toInt64(number) % 90 - 46))",
                """
                toFloat32(arrayElement(
                    [nan, inf, -inf, 0., -0., 1e5, 999999., 1000000., 16777216., 16777217., 1e20,
                        1e21, 1e-6, 1e-7, 0.1, 0.3, 3.4e38, 1e-45],
                    number % 18 + 1))\
                """);
    }

    private static Stream<String> times() {
        var seconds = "toUInt32(bitAnd(" + BITS + ", 4294967295))";
        return Stream.concat(
                IntStream.of(0, 1, 3, 6, 9)
                        .mapToObj(
                                """
                                toDateTime64(
                                    toDecimal64(toInt64(cityHash64(number) %% 8000000000) - 2000000000, 9)
                                        + toDecimal64(cityHash64(number, 1) %% 1000000000, 9) / 1000000000,
                                    %d, 'UTC')\
                                """
                                        ::formatted),
                Stream.of(
                        "toDate(number * 6 % 65536)",
                        "toDate32('1900-01-01') + number * 14",
                        "toDateTime(" + seconds + ")",
                        "toDateTime(" + seconds + ", 'Asia/Kathmandu')",
                        "toDateTime64('1900-01-01 00:00:00', 3, 'UTC') + number * 1234567",
                        "toDateTime64('1969-12-31 23:59:59', 3, 'UTC')"
                                + " + toIntervalMillisecond(number)"));
    }

    private static Stream<String> texts() {
        return Stream.of(
                """
                arrayElement(
                    ['', 'a', '"', '""', 'a"b', '1234567"', '12345678"', char(10), ',', '\\\\N',
                        'NULL', 'ä', repeat('x', 56), repeat('"', 56), repeat('"', 57),
                        repeat('yz"', 50), repeat('q', 127), repeat('q', 128), repeat('r', 1000)],
                    number % 19 + 1)\
                """,
                "substring(" + MORE_BITS + ", 1, " + BITS + " % 33)",
                "toFixedString(substring(" + MORE_BITS + ", 1, 5), 5)",
                "toFixedString(repeat('\"', number % 33), 256)",
                "CAST(number % 3 AS Enum8('a' = 0, 'b,\"c\"' = 1, '' = 2))",
                "reinterpretAsUUID(substring(" + MORE_BITS + ", 1, 16))",
                "toIPv4(toUInt32(bitAnd(" + BITS + ", 4294967295)))",
                "CAST(toFixedString(substring(" + MORE_BITS + ", 1, 16), 16) AS IPv6)",
                "number % 3 = 0");
    }

    @ParameterizedTest
    @MethodSource("values")
    void isByteForByteWhatClickHouseWrites(String value) {
        compare("SELECT " + value + " AS x FROM numbers(" + ROWS + ")", ExportFormat.CSV);
    }

    @ParameterizedTest
    @MethodSource("values")
    void someAreNull(String value) {
        compare(
                "SELECT if(number % 7 = 0, NULL, " + value + ") AS x FROM numbers(" + ROWS + ")",
                ExportFormat.CSV);
    }

    /// Those that ClickHouse keeps by a dictionary.
    static Stream<String> dictionaries() {
        return values().filter(value ->
                Stream.of("Decimal(", "DateTime64", "Enum8").noneMatch(value::contains));
    }

    @ParameterizedTest
    @MethodSource("dictionaries")
    void areKeptByADictionary(String value) {
        compare(
                "SELECT toLowCardinality(if(number %% 7 = 0, NULL, %s)) AS x FROM numbers(%d) %s"
                        .formatted(
                                value, ROWS, "SETTINGS allow_suspicious_low_cardinality_types = 1"),
                ExportFormat.CSV);
    }

    @Test
    void namesAndDelimitersAreClickHouses() {
        for (var format : List.of(ExportFormat.CSV, ExportFormat.TSV)) {
            compare(
                    "SELECT 1 AS `a\"b`, 'x' AS `c,\t''`, NULL::Nullable(String) AS `ä`, 1.5 AS d",
                    format);
            compare("SELECT 1 AS a, 'b' AS b WHERE 0", format);
        }
    }

    @Test
    void rowsAndBlocksOfAnySizeAreWhole() {
        compare(
                """
                SELECT number AS id, repeat(char(number % 94 + 33), cityHash64(number) % 300) AS t,
                    if(number % 3 = 0, NULL, number) AS n, number / 100 AS f
                FROM numbers(200000) ORDER BY id\
                """,
                ExportFormat.CSV);
        compare(
                "SELECT number AS id, repeat(toString(number), 300000) AS t FROM numbers(40) ORDER BY id",
                ExportFormat.CSV);
        compare(
                "SELECT "
                        + String.join(
                                ", ",
                                IntStream.range(0, 500)
                                        .mapToObj(
                                                "number * %1$d AS a%1$d, 'text\"' AS b%1$d"
                                                        ::formatted)
                                        .toList())
                        + " FROM numbers(300)",
                ExportFormat.CSV);
    }

    /// With blocks in memory, and with blocks in a file.
    private static void compare(String query, ExportFormat format) {
        var wishes =
                new ExportWishes(
                        Connection.EMBEDDED, query, format, Compression.NONE, false, false);
        var theirs = FileQuery.of(SITE.database.schema().describe(query), wishes);
        var ours = theirs.rendered();
        assertThat(ours.isNative()).isTrue();
        var expected = new ByteArrayOutputStream();
        extraction(theirs).run(expected);
        for (var memory : new int[] {16 << 20, 100}) {
            compare(rendered(ours, memory), expected.toByteArray());
        }
    }

    private static byte[] rendered(FileQuery query, int memory) {
        var written = new ByteArrayOutputStream();
        var columns = query.columns().stream().map(FileColumn::rendered).toList();
        UnaryOperator<Page> receiver =
                page -> {
                    try {
                        page.writeTo(written);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                    return page;
                };
        try (var block = new Block(memory)) {
            var csv = new CsvRows(columns, query.delimiter(), new Page(columns.size()), receiver);
            var blocks =
                    new NativeBlocks(
                            block,
                            full -> {
                                csv.write(full);
                                return full;
                            });
            extraction(query).run(blocks);
            blocks.end();
            csv.end();
        }
        return written.toByteArray();
    }

    /// The first line that differs says more than all of them.
    private static void compare(byte[] written, byte[] expected) {
        if (!Arrays.equals(written, expected)) {
            var own = new String(written, UTF_8).lines().iterator();
            new String(expected, UTF_8)
                    .lines()
                    .forEach(line -> assertThat(own.hasNext() ? own.next() : null).isEqualTo(line));
        }
        assertThat(written).isEqualTo(expected);
    }

    private static Extraction extraction(FileQuery query) {
        return SITE.database.extraction(query.sql(), query.format(), query.settings());
    }
}
