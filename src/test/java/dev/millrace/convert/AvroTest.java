package dev.millrace.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroTest {
    private static final GenericData DATA = new GenericData();

    static {
        DATA.addLogicalTypeConversion(new Conversions.DecimalConversion());
        DATA.addLogicalTypeConversion(new Conversions.BigDecimalConversion());
    }

    /// A file of rows with these fields, as a schema has them in JSON.
    static byte[] file(String fields, String codec, List<Consumer<GenericData.Record>> rows)
            throws IOException {
        var json = "{\"type\":\"record\",\"name\":\"Row\",\"fields\":[" + fields + "]}";
        var schema = new Schema.Parser().parse(json);
        var bytes = new ByteArrayOutputStream();
        try (var writer =
                new DataFileWriter<GenericData.Record>(new GenericDatumWriter<>(schema, DATA))) {
            writer.setCodec(CodecFactory.fromString(codec));
            writer.setSyncInterval(2_000);
            writer.create(schema, bytes);
            for (var row : rows) {
                var record = new GenericData.Record(schema);
                row.accept(record);
                writer.append(record);
            }
        }
        return bytes.toByteArray();
    }

    private static List<String> lines(String fields, List<Consumer<GenericData.Record>> rows)
            throws IOException {
        return Lines.of(convert(file(fields, "null", rows)));
    }

    private static Conversion convert(byte[] file) {
        return Conversion.avro(new ByteArrayInputStream(file));
    }

    @Test
    void everyTypeIsWritten() throws IOException {
        var fields =
                """
                {"name":"n","type":"null"},{"name":"b","type":"boolean"},{"name":"i","type":"int"},
                {"name":"l","type":"long"},{"name":"f","type":"float"},{"name":"d","type":"double"},
                {"name":"y","type":"bytes"},{"name":"s","type":"string"},
                {"name":"x","type":{"type":"fixed","name":"X","size":3}},
                {"name":"e","type":{"type":"enum","name":"E","symbols":["RED","BLUE"]}},
                {"name":"a","type":{"type":"array","items":["null","int"]}},
                {"name":"m","type":{"type":"map","values":"double"}},
                {"name":"u","type":["null","string","long"]},
                {"name":"r","type":{"type":"record","name":"R","fields":[{"name":"z","type":"int"}]}}
                """;
        var lines =
                lines(
                        fields,
                        List.of(r -> {
                            r.put("b", true);
                            r.put("i", Integer.MIN_VALUE);
                            r.put("l", Long.MIN_VALUE);
                            r.put("f", 0.1f);
                            r.put("d", Double.NaN);
                            r.put("y", ByteBuffer.wrap(new byte[] {1, '"', 'a'}));
                            r.put("s", "é\\");
                            r.put("x", fixed(r, "x", "abc".getBytes(StandardCharsets.UTF_8)));
                            r.put(
                                    "e",
                                    new GenericData.EnumSymbol(
                                            r.getSchema().getField("e").schema(), "BLUE"));
                            var list = new ArrayList<Integer>();
                            list.add(1);
                            list.add(null);
                            r.put("a", list);
                            r.put("m", Map.of("k\n", 2.5));
                            r.put("u", 5L);
                            var inner =
                                    new GenericData.Record(r.getSchema().getField("r").schema());
                            inner.put("z", 7);
                            r.put("r", inner);
                        }));
        assertThat(lines)
                .containsExactly(
                        "{\"n\":null,\"b\":true,\"i\":-2147483648,\"l\":-9223372036854775808,\"f\":0.1,"
                                + "\"d\":\"nan\",\"y\":\"\\u0001\\\"a\",\"s\":\"é\\\\\",\"x\":\"abc\",\"e\":\"BLUE\","
                                + "\"a\":[1,null],\"m\":{\"k\\n\":2.5},\"u\":5,\"r\":{\"z\":7}}");
    }

    private static GenericData.Fixed fixed(GenericData.Record record, String field, byte[] bytes) {
        return new GenericData.Fixed(record.getSchema().getField(field).schema(), bytes);
    }

    @Test
    void logicalTypesAreExact() throws IOException {
        var fields =
                """
                {"name":"day","type":{"type":"int","logicalType":"date"}},
                {"name":"tm","type":{"type":"int","logicalType":"time-millis"}},
                {"name":"tu","type":{"type":"long","logicalType":"time-micros"}},
                {"name":"am","type":{"type":"long","logicalType":"timestamp-millis"}},
                {"name":"au","type":{"type":"long","logicalType":"timestamp-micros"}},
                {"name":"an","type":{"type":"long","logicalType":"timestamp-nanos"}},
                {"name":"lm","type":{"type":"long","logicalType":"local-timestamp-millis"}},
                {"name":"lu","type":{"type":"long","logicalType":"local-timestamp-micros"}},
                {"name":"dec","type":{"type":"bytes","logicalType":"decimal","precision":76,"scale":10}},
                {"name":"fix","type":{"type":"fixed","name":"F","size":4,"logicalType":"decimal","precision":9,"scale":2}},
                {"name":"big","type":{"type":"bytes","logicalType":"big-decimal"}},
                {"name":"id","type":{"type":"string","logicalType":"uuid"}},
                {"name":"fid","type":{"type":"fixed","name":"U","size":16,"logicalType":"uuid"}},
                {"name":"odd","type":{"type":"int","logicalType":"from-the-future"}}
                """;
        var decimal = new BigDecimal(BigInteger.TEN.pow(75).negate(), 10);
        var lines =
                lines(
                        fields,
                        List.of(r -> {
                            r.put("day", 20_000);
                            r.put("tm", 1);
                            r.put("tu", 86_399_999_999L);
                            r.put("am", -1L);
                            r.put("au", -1L);
                            r.put("an", -1L);
                            r.put("lm", 0L);
                            r.put("lu", 1_500_000L);
                            r.put("dec", decimal);
                            r.put("fix", new BigDecimal("-12.34"));
                            r.put("big", new BigDecimal("1.50"));
                            r.put("id", "3f2504e0-4f89-11d3-9a0c-0305e82c3301");
                            r.put("fid", fixed(r, "fid", new byte[16]));
                            r.put("odd", 3);
                        }));
        assertThat(lines)
                .containsExactly(
                        ("{\"day\":\"2024-10-04\",\"tm\":\"00:00:00.001\",\"tu\":\"23:59:59.999999\","
                                        + "\"am\":\"1969-12-31T23:59:59.999Z\",\"au\":\"1969-12-31T23:59:59.999999Z\","
                                        + "\"an\":\"1969-12-31T23:59:59.999999999Z\",\"lm\":\"1970-01-01T00:00:00\","
                                        + "\"lu\":\"1970-01-01T00:00:01.500000\",\"dec\":%s,\"fix\":-12.34,\"big\":1.50,"
                                        + "\"id\":\"3f2504e0-4f89-11d3-9a0c-0305e82c3301\","
                                        + "\"fid\":\"00000000-0000-0000-0000-000000000000\",\"odd\":3}")
                                .formatted(decimal.toPlainString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "deflate", "snappy", "bzip2", "xz", "zstandard"})
    void everyCodecIsRead(String codec) throws IOException {
        var rows = new ArrayList<Consumer<GenericData.Record>>();
        for (var i = 0L; i < 3_000; i++) {
            var n = i;
            rows.add(r -> {
                r.put("l", n);
                r.put("s", "text " + n % 10);
            });
        }
        var fields = "{\"name\":\"l\",\"type\":\"long\"},{\"name\":\"s\",\"type\":\"string\"}";
        var conversion = convert(file(fields, codec, rows));
        assertThat(conversion.columns()).containsExactly("l", "s");
        var lines = Lines.of(conversion);
        assertThat(lines).hasSize(3_000);
        for (var i = 0; i < 3_000; i++) {
            assertThat(lines.get(i)).isEqualTo("{\"l\":%d,\"s\":\"text %d\"}".formatted(i, i % 10));
        }
    }

    @Test
    void recordsWithinThemselvesAreReadToALimit() throws IOException {
        var field = "{\"name\":\"next\",\"type\":[\"null\",\"Row\"]}";
        assertThat(lines(field, List.of(r -> chain(r, 3))))
                .containsExactly("{\"next\":{\"next\":{\"next\":{\"next\":null}}}}");
        assertRefused(
                () -> file(field, "null", List.of(r -> chain(r, 100))),
                ErrorCode.SOURCE_UNSUPPORTED,
                "more than 64 deep");
    }

    private static void chain(GenericData.Record record, int length) {
        if (length > 0) {
            var next = new GenericData.Record(record.getSchema());
            chain(next, length - 1);
            record.put("next", next);
        }
    }

    @Test
    void whatCannotBeCarriedIsRefusedByName() {
        assertRefused(
                () ->
                        file(
                                "{\"name\":\"p\",\"type\":{\"type\":\"fixed\",\"name\":\"D\",\"size\":12,"
                                        + "\"logicalType\":\"duration\"}}",
                                "null",
                                List.of()),
                ErrorCode.SOURCE_UNSUPPORTED,
                "Column p is a duration");
        assertRefused(
                () ->
                        file(
                                "{\"name\":\"t\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}}",
                                "null",
                                List.of(r -> r.put("t", Long.MAX_VALUE))),
                ErrorCode.SOURCE_UNSUPPORTED,
                "Column t has timestamp 9223372036854775807");
    }

    @Test
    void blocksThatSayTooMuchTakeNoMemory() throws IOException {
        var file = file("{\"name\":\"l\",\"type\":\"long\"}", "null", List.of());
        var bomb = new ByteArrayOutputStream();
        bomb.write(file);
        bomb.write(new byte[] {2, (byte) 0xFE, (byte) 0xFF, (byte) 0xFF, 0x3F});
        assertRefused(
                bomb::toByteArray, ErrorCode.SOURCE_DAMAGED, "block 1: it ends in the middle");
        bomb.reset();
        bomb.write(file);
        bomb.write(new byte[] {2, (byte) 0xFE, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x3F});
        assertRefused(bomb::toByteArray, ErrorCode.SOURCE_UNSUPPORTED, "smaller blocks");
    }

    @Test
    void rowsOfNoBytesAreBelievedToALimit() throws IOException {
        var field = "{\"name\":\"n\",\"type\":\"null\"}";
        assertThat(lines(field, List.of(_ -> {}, _ -> {})))
                .containsExactly("{\"n\":null}", "{\"n\":null}");
        var file = file(field, "null", List.of(_ -> {}));
        // The block behind the marker of the header: one row, as 2, in no bytes.
        var at = file.length - 18;
        assertThat(file[at]).isEqualTo((byte) 2);
        var bomb = new ByteArrayOutputStream();
        bomb.write(file, 0, at);
        bomb.write(new byte[] {-2, -1, -1, -1, -1, -1, 1});
        bomb.write(file, at + 1, file.length - at - 1);
        assertThatThrownBy(
                        () -> {
                            try (var conversion = convert(bomb.toByteArray())) {
                                while (conversion.next(ColumnValues.MOST_ROWS, 1 << 20)) {}
                            }
                        })
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("rows that take no byte");
    }

    private interface File {
        byte[] bytes() throws IOException;
    }

    private static void assertRefused(File file, ErrorCode code, String message) {
        assertThatThrownBy(() -> Lines.of(convert(file.bytes())))
                .isInstanceOf(MillraceException.class)
                .satisfies(e -> {
                    var thrown = (MillraceException) e;
                    assertThat(thrown.what() + " " + thrown.remedy()).contains(message);
                    assertThat(thrown.code()).isEqualTo(code);
                });
    }
}
