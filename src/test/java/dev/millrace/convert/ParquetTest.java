package dev.millrace.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetTest {
    @TempDir Path folder;

    private ParquetFiles files(String fields) {
        return new ParquetFiles(folder, fields);
    }

    private static Binary bytes(int... values) {
        var bytes = new byte[values.length];
        for (var i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return Binary.fromConstantByteArray(bytes);
    }

    @Test
    void integersHaveAllTheirDigits() {
        var fields =
                """
                required int32 a; required int64 b; required int32 c (INTEGER(8,true));
                required int32 d (INTEGER(32,false)); required int64 e (INTEGER(64,false));
                """;
        var conversion =
                files(fields)
                        .row(r ->
                                r.append("a", Integer.MIN_VALUE)
                                        .append("b", Long.MIN_VALUE)
                                        .append("c", -128)
                                        .append("d", -1)
                                        .append("e", -1L))
                        .row(r ->
                                r.append("a", 0)
                                        .append("b", Long.MAX_VALUE)
                                        .append("c", 7)
                                        .append("d", 1)
                                        .append("e", 9_007_199_254_740_993L))
                        .convert();
        assertThat(conversion.columns()).containsExactly("a", "b", "c", "d", "e");
        assertThat(Lines.of(conversion))
                .containsExactly(
                        "{\"a\":-2147483648,\"b\":-9223372036854775808,\"c\":-128,\"d\":4294967295,"
                                + "\"e\":18446744073709551615}",
                        "{\"a\":0,\"b\":9223372036854775807,\"c\":7,\"d\":1,\"e\":9007199254740993}");
    }

    @Test
    void decimalsKeepTheirScaleAtAnyWidth() {
        var fields =
                """
                required int32 a (DECIMAL(9,2)); required int64 b (DECIMAL(18,18));
                required binary c (DECIMAL(76,10)); required fixed_len_byte_array(32) d (DECIMAL(76,0));
                """;
        var big = BigInteger.TEN.pow(76).subtract(BigInteger.ONE);
        var conversion =
                files(fields)
                        .row(r ->
                                r.append("a", -5)
                                        .append("b", 1L)
                                        .append(
                                                "c",
                                                Binary.fromConstantByteArray(
                                                        big.negate().toByteArray()))
                                        .append("d", Binary.fromConstantByteArray(wide(big))))
                        .row(r ->
                                r.append("a", 1_200)
                                        .append("b", Long.MIN_VALUE)
                                        .append("c", bytes(0))
                                        .append(
                                                "d",
                                                Binary.fromConstantByteArray(
                                                        wide(BigInteger.ONE.negate()))))
                        .convert();
        assertThat(Lines.of(conversion))
                .containsExactly(
                        "{\"a\":-0.05,\"b\":0.000000000000000001,\"c\":-%s.%s,\"d\":%s}"
                                .formatted("9".repeat(66), "9".repeat(10), "9".repeat(76)),
                        "{\"a\":12.00,\"b\":-9.223372036854775808,\"c\":0.0000000000,\"d\":-1}");
    }

    private static byte[] wide(BigInteger value) {
        var bytes = value.toByteArray();
        var wide = new byte[32];
        Arrays.fill(wide, (byte) (value.signum() < 0 ? -1 : 0));
        System.arraycopy(bytes, 0, wide, 32 - bytes.length, bytes.length);
        return wide;
    }

    @Test
    void floatsAreTheirShortestTexts() {
        var conversion =
                files(
                                "required float f; required double d; required fixed_len_byte_array(2) h (FLOAT16);")
                        .row(r -> r.append("f", 0.1f).append("d", 0.1).append("h", bytes(0, 0x3C)))
                        .row(r ->
                                r.append("f", Float.MIN_VALUE)
                                        .append("d", Double.MIN_VALUE)
                                        .append("h", bytes(0, 0x80)))
                        .row(r ->
                                r.append("f", Float.NaN)
                                        .append("d", Double.NEGATIVE_INFINITY)
                                        .append("h", bytes(0, 0x7C)))
                        .row(r ->
                                r.append("f", 16_777_216f)
                                        .append("d", 1e300)
                                        .append("h", bytes(1, 0)))
                        .convert();
        assertThat(Lines.of(conversion))
                .containsExactly(
                        "{\"f\":0.1,\"d\":0.1,\"h\":1}",
                        "{\"f\":1.4E-45,\"d\":4.9E-324,\"h\":-0.0}",
                        "{\"f\":\"nan\",\"d\":\"-inf\",\"h\":\"inf\"}",
                        "{\"f\":16777216,\"d\":1E300,\"h\":5.9604645E-8}");
    }

    @Test
    void timesAreExactToTheirUnit() {
        var fields =
                """
                required int32 day (DATE);
                required int64 a (TIMESTAMP(MILLIS,true)); required int64 b (TIMESTAMP(MICROS,false));
                required int64 c (TIMESTAMP(NANOS,true)); required int96 d;
                required int32 e (TIME(MILLIS,true)); required int64 f (TIME(NANOS,false));
                """;
        var conversion =
                files(fields)
                        .row(r ->
                                r.append("day", -719_528)
                                        .append("a", -1L)
                                        .append("b", 1L)
                                        .append("c", Long.MIN_VALUE)
                                        .append("d", int96(2_440_588, 1))
                                        .append("e", 86_399_999)
                                        .append("f", 0L))
                        .row(r ->
                                r.append("day", 2_932_896)
                                        .append("a", 1_709_251_199_000L)
                                        .append("b", -62_167_219_200_000_000L)
                                        .append("c", Long.MAX_VALUE)
                                        .append("d", int96(2_440_587, 86_399_999_999_999L))
                                        .append("e", 1)
                                        .append("f", 3_600_000_000_001L))
                        .convert();
        assertThat(Lines.of(conversion))
                .containsExactly(
                        "{\"day\":\"0000-01-01\",\"a\":\"1969-12-31T23:59:59.999Z\","
                                + "\"b\":\"1970-01-01T00:00:00.000001\",\"c\":\"1677-09-21T00:12:43.145224192Z\","
                                + "\"d\":\"1970-01-01T00:00:00.000000001Z\",\"e\":\"23:59:59.999\",\"f\":\"00:00:00\"}",
                        "{\"day\":\"9999-12-31\",\"a\":\"2024-02-29T23:59:59Z\","
                                + "\"b\":\"0000-01-01T00:00:00\",\"c\":\"2262-04-11T23:47:16.854775807Z\","
                                + "\"d\":\"1969-12-31T23:59:59.999999999Z\",\"e\":\"00:00:00.001\",\"f\":\"01:00:00.000000001\"}");
    }

    private static Binary int96(int julianDay, long nanos) {
        var bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        return Binary.fromConstantByteArray(bytes.putLong(nanos).putInt(julianDay).array());
    }

    @Test
    void textsKeepTheirBytes() {
        var fields =
                """
                required binary a (STRING); required binary b; required fixed_len_byte_array(16) c (UUID);
                required binary d (ENUM); required fixed_len_byte_array(3) e; required boolean f;
                """;
        var conversion =
                files(fields)
                        .row(r ->
                                r.append("a", "é \"x\" \\ \n\t\u0001\u007f")
                                        .append("b", bytes(0xFF, 0, 'z'))
                                        .append(
                                                "c",
                                                bytes(
                                                        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
                                                        13, 14, 255))
                                        .append("d", "RED")
                                        .append("e", "abc")
                                        .append("f", true))
                        .convert();
        assertThat(new String(Lines.bytes(conversion), StandardCharsets.ISO_8859_1))
                .isEqualTo(
                        "{\"a\":\"Ã© \\\"x\\\" \\\\ \\n\\t\\u0001\u007f\",\"b\":\"ÿ\\u0000z\","
                                + "\"c\":\"00010203-0405-0607-0809-0a0b0c0d0eff\",\"d\":\"RED\","
                                + "\"e\":\"abc\",\"f\":true}\n");
    }

    @Test
    void listsMapsAndGroupsNestAndMayBeNull() {
        var fields =
                """
                optional group l (LIST) { repeated group list { optional group element (LIST) {
                  repeated group list { optional int32 element; } } } }
                optional group m (MAP) { repeated group key_value { required binary key (STRING); optional int32 value; } }
                optional group n (MAP) { repeated group key_value { required int32 key; required double value; } }
                optional group g { optional group h { optional int32 x; } required int32 y; }
                repeated int32 r;
                """;
        var conversion =
                files(fields)
                        .row(_ -> {})
                        .row(r -> {
                            var lists = r.addGroup("l");
                            var one = lists.addGroup("list").addGroup("element");
                            one.addGroup("list").append("element", 1);
                            one.addGroup("list");
                            lists.addGroup("list");
                            lists.addGroup("list").addGroup("element");
                            var map = r.addGroup("m");
                            map.addGroup("key_value").append("key", "a\"").append("value", 1);
                            map.addGroup("key_value").append("key", "b");
                            r.addGroup("n")
                                    .addGroup("key_value")
                                    .append("key", 3)
                                    .append("value", 0.5);
                            r.addGroup("g").append("y", 2).addGroup("h");
                            r.append("r", 1).append("r", 2);
                        })
                        .row(r -> {
                            r.addGroup("l");
                            r.addGroup("m");
                            r.addGroup("n");
                            r.addGroup("g").append("y", 1);
                        })
                        .convert();
        assertThat(Lines.of(conversion))
                .containsExactly(
                        "{\"l\":null,\"m\":null,\"n\":null,\"g\":null,\"r\":[]}",
                        "{\"l\":[[1,null],null,[]],\"m\":{\"a\\\"\":1,\"b\":null},\"n\":[[3,0.5]],"
                                + "\"g\":{\"h\":{\"x\":null},\"y\":2},\"r\":[1,2]}",
                        "{\"l\":[],\"m\":{},\"n\":[],\"g\":{\"h\":null,\"y\":1},\"r\":[]}");
    }

    @Test
    void listsOfOlderWritersAreLists() {
        var fields =
                """
                optional group a (LIST) { repeated int32 element; }
                optional group b (LIST) { repeated group array { required int32 x; } }
                optional group c (LIST) { repeated group pair { required int32 x; required int32 y; } }
                optional group d (LIST) { repeated group d_tuple { required int32 x; } }
                """;
        var conversion =
                files(fields)
                        .row(r -> {
                            r.addGroup("a").append("element", 1).append("element", 2);
                            r.addGroup("b").addGroup("array").append("x", 1);
                            r.addGroup("c").addGroup("pair").append("x", 1).append("y", 2);
                            r.addGroup("d").addGroup("d_tuple").append("x", 1);
                        })
                        .convert();
        assertThat(Lines.of(conversion))
                .containsExactly(
                        "{\"a\":[1,2],\"b\":[{\"x\":1}],\"c\":[{\"x\":1,\"y\":2}],\"d\":[{\"x\":1}]}");
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionCodecName.class,
            names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW", "LZ4"})
    void everyCodecAndPageVersionAndEncodingIsRead(CompressionCodecName codec) {
        for (var version : WriterVersion.values()) {
            for (var dictionary : List.of(true, false)) {
                var files =
                        files(
                                "optional int32 i; required int64 l; optional binary s (STRING);"
                                        + "required boolean b; repeated double d;");
                for (var i = 0; i < 3_000; i++) {
                    var n = i;
                    files.row(r -> fill(r, n));
                }
                var conversion =
                        files.with(b ->
                                        b.withCompressionCodec(codec)
                                                .withWriterVersion(version)
                                                .withDictionaryEncoding(dictionary)
                                                .withRowGroupSize(20_000L)
                                                .withPageSize(1_000)
                                                .withPageWriteChecksumEnabled(true))
                                .convert();
                var lines = Lines.of(conversion);
                assertThat(lines).hasSize(3_000);
                for (var i = 0; i < 3_000; i++) {
                    assertThat(lines.get(i)).isEqualTo(expected(i));
                }
            }
        }
    }

    private static void fill(Group row, int n) {
        if (n % 3 != 0) {
            row.append("i", n * 7);
        }
        row.append("l", n * 10_000_000_000L);
        if (n % 5 != 0) {
            row.append("s", "text " + n % 50);
        }
        row.append("b", n % 2 == 0);
        for (var i = 0; i < n % 4; i++) {
            row.append("d", n + i / 2d);
        }
    }

    private static String expected(int n) {
        var doubles = new StringBuilder();
        for (var i = 0; i < n % 4; i++) {
            doubles.append(i > 0 ? "," : "").append(n + i / 2).append(i % 2 == 0 ? "" : ".5");
        }
        return "{\"i\":%s,\"l\":%d,\"s\":%s,\"b\":%s,\"d\":[%s]}"
                .formatted(
                        n % 3 == 0 ? "null" : n * 7,
                        n * 10_000_000_000L,
                        n % 5 == 0 ? "null" : "\"text " + n % 50 + "\"",
                        n % 2 == 0,
                        doubles);
    }

    /// Dictionaries that end after a while, values longer than what is read ahead, and lists.
    @Test
    void columnsAreReadAheadEachAtItsOwnPace() {
        var files =
                files(
                                "required int64 l; optional binary s (STRING);"
                                        + "required binary wide (STRING); repeated int32 r;")
                        .with(b -> b.withDictionaryPageSize(2_000).withPageSize(4_000));
        var expected = new ArrayList<String>();
        for (var i = 0; i < 5_000; i++) {
            var n = i;
            var s = n % 7 == 0 ? null : "text " + (n < 2_000 ? n % 10 : n);
            var wide = "x".repeat(n % 500 == 7 ? 70_000 : n % 4);
            files.row(r -> {
                r.append("l", (long) n);
                if (s != null) {
                    r.append("s", s);
                }
                r.append("wide", wide);
                for (var j = 0; j < n % 3; j++) {
                    r.append("r", j);
                }
            });
            expected.add(
                    "{\"l\":%d,\"s\":%s,\"wide\":\"%s\",\"r\":%s}"
                            .formatted(
                                    n,
                                    s == null ? "null" : '"' + s + '"',
                                    wide,
                                    List.of("[]", "[0]", "[0,1]").get(n % 3)));
        }
        assertThat(Lines.of(files.convert())).isEqualTo(expected);
    }

    @Test
    void ofALongDictionaryOnlyAPartIsKept() {
        var files =
                files("optional binary s (STRING);")
                        .with(b -> b.withDictionaryPageSize(32 << 20).withPageSize(1 << 20));
        var expected = new ArrayList<String>();
        for (var i = 0; i < 100_000; i++) {
            var s = i % 10 == 3 ? null : "%090d".formatted(i / 2);
            files.row(r -> {
                if (s != null) {
                    r.append("s", s);
                }
            });
            expected.add("{\"s\":%s}".formatted(s == null ? "null" : '"' + s + '"'));
        }
        assertThat(Lines.of(files.convert())).isEqualTo(expected);
    }

    /// As JSON a control character takes six bytes: more than is kept of such a dictionary.
    @Test
    void aLongValueOfADictionaryIsNotKept() {
        var files =
                files("required binary s (STRING);")
                        .with(b -> b.withDictionaryPageSize(32 << 20).withPageSize(32 << 20));
        var expected = new ArrayList<String>();
        for (var i = 0; i < 1_000; i++) {
            var isLong = i % 400 == 300;
            var s = isLong ? "\u0001".repeat(1 << 20) : "text " + i % 10;
            files.row(r -> r.append("s", s));
            expected.add("{\"s\":\"%s\"}".formatted(isLong ? "\\u0001".repeat(1 << 20) : s));
        }
        assertThat(Lines.of(files.convert())).isEqualTo(expected);
    }

    @Test
    void fileWithoutRowsHasColumns() {
        var conversion = files("required int32 a;").convert();
        assertThat(conversion.columns()).containsExactly("a");
        assertThat(Lines.of(conversion)).isEmpty();
    }

    @Test
    void whatCannotBeCarriedIsRefusedByName() {
        assertRefused(
                () -> files("required fixed_len_byte_array(12) i (INTERVAL);").convert(),
                "Column i is INTERVAL over FIXED_LEN_BYTE_ARRAY");
        assertRefused(
                () ->
                        Lines.of(
                                files("required int64 t (TIMESTAMP(MILLIS,true));")
                                        .row(r -> r.append("t", 253_402_300_800_000L))
                                        .convert()),
                "Column t has timestamp 253402300800000");
        assertRefused(
                () ->
                        Lines.of(
                                files("required group g { required int32 d (DATE); }")
                                        .row(r -> r.addGroup("g").append("d", Integer.MAX_VALUE))
                                        .convert()),
                "Column g.d has day 2147483647");
    }

    private static void assertRefused(Runnable conversion, String message) {
        assertThatThrownBy(conversion::run)
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining(message)
                .extracting(e -> ((MillraceException) e).code())
                .isEqualTo(ErrorCode.SOURCE_UNSUPPORTED);
    }

    @Test
    void pageThatWasChangedIsNotRead() throws Exception {
        var path =
                files("required int32 a;")
                        .row(r -> r.append("a", 1))
                        .with(b ->
                                b.withPageWriteChecksumEnabled(true).withDictionaryEncoding(false))
                        .write();
        var bytes = Files.readAllBytes(path);
        var at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("\1\0\0\0");
        bytes[at] = 2;
        Files.write(path, bytes);
        assertThatThrownBy(() -> Lines.of(Conversion.parquet(path)))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("column a of row group 1")
                .hasMessageContaining("checksum");
    }

    @Test
    void encryptedFileIsSaidToBeEncrypted() throws Exception {
        var path = files("required int32 a;").write();
        var bytes = Files.readAllBytes(path);
        bytes[bytes.length - 1] = 'E';
        Files.write(path, bytes);
        assertRefused(() -> Conversion.parquet(path), "encrypted");
    }
}
