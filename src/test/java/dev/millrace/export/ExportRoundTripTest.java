package dev.millrace.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Samples;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Compression;
import dev.millrace.core.Dialect;
import dev.millrace.core.ExportFormat;
import dev.millrace.core.ExportResult;
import dev.millrace.core.ExportResult.Verified;
import dev.millrace.core.Format;
import dev.millrace.core.JobState;
import dev.millrace.core.SourceOptions;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Random tables over every type, with the values at its edges, exported and loaded again: the
/// tables are equal by content, value for value.
class ExportRoundTripTest {
    private static final int ROWS = 400;
    private static final int TABLES = 4;
    private static final ExportSite SITE = new ExportSite();

    @AfterAll
    static void close() {
        SITE.close();
    }

    static Stream<Arguments> tables() {
        return Stream.of(ExportFormat.values())
                .flatMap(f ->
                        Stream.iterate(0, i -> i + 1).limit(TABLES).map(i -> Arguments.of(f, i)));
    }

    /// Every type is in one of the tables.
    @ParameterizedTest
    @MethodSource("tables")
    void whatIsExportedAndLoadedAgainIsTheSame(ExportFormat format, int part) {
        var random = new Random(part);
        var types = new ArrayList<>(Samples.types());
        Collections.shuffle(types, new Random(7));
        var columns = new ArrayList<Column>();
        columns.add(new Column("id", ColumnTypes.parse("UInt32")));
        for (var i = part; i < types.size(); i += TABLES) {
            columns.add(column("c" + i, types.get(i)));
        }
        var source = ExportSite.model(columns);
        SITE.load(source, csv(columns, random), SourceOptions.DETECT.in(new Dialect(',', '"')));

        var packing =
                format.isText()
                        ? List.of(Compression.NONE, Compression.GZIP, Compression.ZSTD)
                                .get(part % 3)
                        : Compression.NONE;
        var export =
                SITE.make(
                        "SELECT * FROM " + source.table() + " ORDER BY id DESC",
                        format,
                        packing,
                        false);
        var file = new ByteArrayOutputStream();
        SITE.send(export, file);

        var copy = ExportSite.model(columns);
        SITE.load(copy, file.toByteArray(), options(format));
        for (var column : columns) {
            assertThat(SITE.values(copy.table(), column.name(), column.type()))
                    .as("%s of %s", column.type().name(), format)
                    .containsExactlyElementsOf(
                            SITE.values(source.table(), column.name(), column.type()));
        }
        var done = SITE.get(export);
        assertThat(done.state()).isEqualTo(JobState.SUCCESS);
        assertThat(done.progress().rows()).isEqualTo(ROWS);
        assertThat(done.progress().bytes()).isEqualTo(file.size());
        assertThat(done.result())
                .isNotNull()
                .extracting(ExportResult::verified)
                .isEqualTo(Verified.QUERY_LOG);
    }

    /// As it is said in docs/export.md.
    static SourceOptions options(ExportFormat format) {
        return switch (format) {
            case CSV -> SourceOptions.DETECT.in(Format.CSV).in(new Dialect(',', '"'));
            case TSV -> SourceOptions.DETECT.in(Format.CSV).in(new Dialect('\t', '"'));
            case JSONL -> SourceOptions.DETECT.in(Format.JSONL);
            case PARQUET, AVRO, XLSX -> SourceOptions.DETECT;
        };
    }

    private static Column column(String name, String type) {
        return new Column(
                name,
                ColumnTypes.parse(type),
                new ColumnReading(
                        List.of(),
                        List.of(),
                        null,
                        List.of(),
                        true,
                        ColumnReading.ClockChange.REJECT),
                ColumnConstraints.NONE);
    }

    private static byte[] csv(List<Column> columns, Random random) {
        var csv = new ByteArrayOutputStream();
        csv.writeBytes(
                (String.join(",", columns.stream().map(Column::name).toList()) + "\n")
                        .getBytes(UTF_8));
        for (var row = 0; row < ROWS; row++) {
            csv.writeBytes(Integer.toString(row).getBytes(UTF_8));
            for (var column : columns.subList(1, columns.size())) {
                csv.write(',');
                csv.writeBytes(Samples.field(Samples.good(column.type(), random).text()));
            }
            csv.write('\n');
        }
        return csv.toByteArray();
    }

    /// What no text that a person writes has, but a table may.
    @ParameterizedTest
    @EnumSource(ExportFormat.class)
    void emptinessNullAndWhatLooksLikeThemAreToldApart(ExportFormat format) {
        var columns =
                List.of(
                        new Column("id", ColumnTypes.parse("UInt32")),
                        new Column("a", ColumnTypes.parse("Nullable(String)")),
                        new Column("b", ColumnTypes.parse("Array(Nullable(String))")),
                        column("c", "Nullable(Float64)"),
                        new Column("d", ColumnTypes.parse("DateTime('Europe/Berlin')")),
                        new Column(
                                "e", ColumnTypes.parse("Array(DateTime64(3, 'Europe/Berlin'))")));
        var query =
                """
                SELECT toUInt32(number) AS id,
                    arrayElement(CAST(['', NULL, '\\\\N', 'NULL', '"', '""', ' ', ' a ', char(9), char(10), char(13),
                        'a,b', '''', '\\\\', '=1', '-1', '_x0041_', '龍', char(0xF0, 0x9F, 0x98, 0x80), '[]', '1', 'nan'],
                        'Array(Nullable(String))') AS texts, number % 22 + 1) AS a,
                    arraySlice(texts, 1, number % 23) AS b,
                    arrayElement(CAST([nan, NULL, inf, -inf, -0., 0., 5e-324, 1.7976931348623157e308, 0.1], 'Array(Nullable(Float64))'),
                        number % 9 + 1) AS c,
                    toDateTime(1729987200 + number * 600, 'Europe/Berlin') AS d,
                    [toDateTime64(d, 3), toDateTime64(d, 3) + 0.001] AS e
                FROM numbers(200)\
                """;
        var file = SITE.export(query, format, Compression.NONE);
        var copy = ExportSite.model(columns);
        SITE.load(copy, file, options(format));
        for (var column : columns) {
            assertThat(SITE.values(copy.table(), column.name(), column.type()))
                    .as("%s of %s", column.name(), format)
                    .containsExactlyElementsOf(
                            SITE.values("(" + query + ")", column.name(), column.type()));
        }
    }
}
