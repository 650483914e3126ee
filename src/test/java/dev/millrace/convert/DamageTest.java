package dev.millrace.convert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.MillraceException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.avro.generic.GenericData;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that were cut at any byte, or of which bytes were changed: they are refused, or read; they
/// never bring anything down.
class DamageTest {
    private static final int CHANGES = Integer.getInteger("millrace.damages", 100);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir Path folder;

    private interface Reading {
        Conversion open(byte[] file) throws IOException;
    }

    private Conversion parquet(byte[] file) throws IOException {
        return Conversion.parquet(Files.write(folder.resolve("damaged"), file));
    }

    private Conversion xlsx(byte[] file) throws IOException {
        return Conversion.xlsx(Files.write(folder.resolve("damaged"), file), null, null);
    }

    private byte[] parquetFile(CompressionCodecName codec, WriterVersion version)
            throws IOException {
        var files =
                new ParquetFiles(
                        folder,
                        "optional int32 i; required binary s (STRING); repeated double d; required boolean b;"
                                + "optional group l (LIST) { repeated group list { optional int64 element; } }"
                                + "required fixed_len_byte_array(4) f;");
        for (var i = 0; i < 40; i++) {
            var n = i;
            files.row(r -> {
                if (n % 3 != 0) {
                    r.append("i", n);
                }
                r.append("s", "text " + n % (n < 20 ? 3 : 40))
                        .append("b", n % 2 == 0)
                        .append("f", "abcd");
                if (n % 4 == 0) {
                    r.append("d", n + 0.5).append("d", 1.0);
                }
                if (n % 2 == 0) {
                    r.addGroup("l").addGroup("list").append("element", (long) n);
                }
            });
        }
        var path =
                files.with(b ->
                                b.withCompressionCodec(codec)
                                        .withWriterVersion(version)
                                        .withDictionaryEncoding(
                                                codec == CompressionCodecName.SNAPPY)
                                        .withRowGroupRowCountLimit(25)
                                        .withPageWriteChecksumEnabled(false))
                        .write();
        return Files.readAllBytes(path);
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionCodecName.class,
            names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW", "LZ4"})
    void parquetIsRefusedOrRead(CompressionCodecName codec) throws IOException {
        for (var version : WriterVersion.values()) {
            damage(parquetFile(codec, version), this::parquet, true);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "deflate", "snappy", "bzip2", "xz", "zstandard"})
    void avroIsRefusedOrRead(String codec) throws IOException {
        var rows = new ArrayList<Consumer<GenericData.Record>>();
        for (var i = 0L; i < 50; i++) {
            var n = i;
            rows.add(r -> {
                r.put("l", n);
                r.put("s", "text " + n);
                r.put("a", List.of(1, 2));
                r.put("u", n % 2 == 0 ? null : "u");
            });
        }
        var fields =
                "{\"name\":\"l\",\"type\":\"long\"},{\"name\":\"s\",\"type\":\"string\"},"
                        + "{\"name\":\"a\",\"type\":{\"type\":\"array\",\"items\":\"int\"}},"
                        + "{\"name\":\"u\",\"type\":[\"null\",\"string\"]}";
        damage(
                AvroTest.file(fields, codec, rows),
                f -> Conversion.avro(new ByteArrayInputStream(f)),
                false);
    }

    @Test
    void workbooksAreRefusedOrRead() throws IOException {
        var rows = new StringBuilder();
        for (var i = 1; i < 30; i++) {
            rows.append(
                    "<row r='%d'><c r='A%d' t='s'><v>%d</v></c><c r='B%d' s='1'><v>%d.5</v></c></row>"
                            .formatted(i, i, i % 2, i, 40_000 + i));
        }
        var path =
                new XlsxFiles()
                        .strings("<si><t>one</t></si><si><r><t>two</t></r></si>")
                        .formats("General", "yyyy-mm-dd")
                        .sheet("S", rows.toString())
                        .write(folder);
        damage(Files.readAllBytes(path), this::xlsx, true);
    }

    /// @param isWhole whether a file that was cut is never read
    private static void damage(byte[] file, Reading reading, boolean isWhole) throws IOException {
        assertThat(outcome(file, reading)).isEqualTo("read");
        for (var length = 0; length < file.length; length++) {
            var cut = Arrays.copyOf(file, length);
            var outcome = outcome(cut, reading);
            if (isWhole) {
                assertThat(outcome).as("cut at %d", length).isNotEqualTo("read");
            }
        }
        var random = new Random(7);
        for (var i = 0; i < CHANGES; i++) {
            var changed = file.clone();
            for (var n = random.nextInt(3); n >= 0; n--) {
                var at = random.nextInt(changed.length);
                changed[at] =
                        (byte)
                                switch (random.nextInt(4)) {
                                    case 0 -> random.nextInt(256);
                                    case 1 -> changed[at] ^ 1 << random.nextInt(8);
                                    case 2 -> 0xFF;
                                    default -> changed[at] + 1;
                                };
            }
            assertThat(outcome(changed, reading)).isNotEmpty();
        }
    }

    /// Anything that is thrown but MillraceException fails the test.
    private static String outcome(byte[] file, Reading reading) {
        return Assertions.assertTimeoutPreemptively(
                PATIENCE,
                () -> {
                    try {
                        Lines.bytes(reading.open(file));
                        return "read";
                    } catch (MillraceException e) {
                        assertThat(e.what()).isNotBlank();
                        return e.code().name();
                    }
                });
    }
}
