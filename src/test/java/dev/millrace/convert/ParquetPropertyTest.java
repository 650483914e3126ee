package dev.millrace.convert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/// What is written to a Parquet file is read back out of the lines, value by value.
class ParquetPropertyTest {
    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
                    .build();
    private static final int MICROS = 1_000_000;

    /// Microseconds of the years 0 to 9999.
    private static final long FIRST = -62_167_219_200L * MICROS;

    private static final long LAST = 253_402_300_800L * MICROS - 1;

    private static Path folder = Path.of("");

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("parquet");
    }

    @AfterContainer
    static void removeFolder() throws IOException {
        Files.deleteIfExists(folder);
    }

    record Row(
            @Nullable Long whole,
            @Nullable Double real,
            @Nullable String text,
            long micros,
            BigInteger decimal,
            @Nullable List<@Nullable List<@Nullable Integer>> lists) {
        void fill(Group row) {
            if (whole != null) {
                row.append("whole", whole);
            }
            if (real != null) {
                row.append("real", real);
            }
            if (text != null) {
                row.append("text", text);
            }
            row.append("micros", micros);
            row.append("decimal", Binary.fromConstantByteArray(decimal.toByteArray()));
            if (lists != null) {
                var outer = row.addGroup("lists");
                for (var list : lists) {
                    var element = outer.addGroup("list");
                    if (list != null) {
                        var inner = element.addGroup("element");
                        list.forEach(n -> append(inner.addGroup("list"), n));
                    }
                }
            }
        }

        private static void append(Group list, @Nullable Integer number) {
            if (number != null) {
                list.append("element", number);
            }
        }

        void compare(JsonNode json) throws IOException {
            assertThat(json.get("whole").isNull() ? null : json.get("whole").bigIntegerValue())
                    .isEqualTo(whole == null ? null : BigInteger.valueOf(whole));
            compareReal(json.get("real"));
            assertThat(json.get("text").textValue()).isEqualTo(text);
            assertThat(Instant.parse(json.get("micros").textValue()))
                    .isEqualTo(
                            Instant.ofEpochSecond(
                                    Math.floorDiv(micros, MICROS),
                                    Math.floorMod(micros, MICROS) * 1_000L));
            assertThat(json.get("decimal").decimalValue())
                    .isEqualByComparingTo(new BigDecimal(decimal, 7));
            assertThat(json.get("lists")).isEqualTo(JSON.readTree(JSON.writeValueAsString(lists)));
        }

        private void compareReal(JsonNode json) {
            if (real == null) {
                assertThat(json.isNull()).isTrue();
            } else if (Double.isFinite(real)) {
                // Of a zero's sign the tree of JSON that is compared knows nothing.
                assertThat(json.doubleValue()).isEqualTo(real == 0 ? 0d : real);
            } else {
                assertThat(json.textValue())
                        .isEqualTo(real.isNaN() ? "nan" : real > 0 ? "inf" : "-inf");
            }
        }
    }

    @Provide
    Arbitrary<List<Row>> rows() {
        var lists =
                Arbitraries.integers()
                        .injectNull(0.2)
                        .list()
                        .ofMaxSize(4)
                        .injectNull(0.2)
                        .list()
                        .ofMaxSize(4)
                        .injectNull(0.2);
        return Combinators.combine(
                        Arbitraries.longs().injectNull(0.2),
                        Arbitraries.longs().map(Double::longBitsToDouble).injectNull(0.2),
                        Arbitraries.strings()
                                .alpha()
                                .withChars("é\"\\\n€\0")
                                .ofMaxLength(9)
                                .injectNull(0.2),
                        Arbitraries.longs().between(FIRST, LAST),
                        Arbitraries.bigIntegers()
                                .between(BigInteger.TEN.pow(75).negate(), BigInteger.TEN.pow(75)),
                        lists)
                .as(Row::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 50, shrinking = ShrinkingMode.OFF)
    void whatIsWrittenIsReadBack(
            @ForAll("rows") List<Row> rows,
            @ForAll WriterVersion version,
            @ForAll boolean dictionary,
            @ForAll boolean small)
            throws IOException {
        var files =
                new ParquetFiles(
                        folder,
                        """
                        optional int64 whole; optional double real; optional binary text (STRING);
                        required int64 micros (TIMESTAMP(MICROS,true));
                        required binary decimal (DECIMAL(76,7));
                        optional group lists (LIST) { repeated group list {
                          optional group element (LIST) { repeated group list {
                            optional int32 element; } } } }
                        """);
        rows.forEach(row -> files.row(row::fill));
        var file =
                files.with(b ->
                                b.withWriterVersion(version)
                                        .withDictionaryEncoding(dictionary)
                                        .withCompressionCodec(CompressionCodecName.ZSTD)
                                        .withRowGroupRowCountLimit(small ? 7 : 1_000)
                                        .withPageRowCountLimit(small ? 3 : 1_000))
                        .write();
        var lines = Lines.of(Conversion.parquet(file));
        Files.delete(file);
        assertThat(lines).hasSameSizeAs(rows);
        for (var i = 0; i < rows.size(); i++) {
            rows.get(i).compare(JSON.readTree(lines.get(i)));
        }
    }
}
