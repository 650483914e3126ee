package dev.millrace.convert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Format;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowFormatTest {
    @TempDir Path folder;

    @Test
    void formatsAreToldByTheirFirstBytes() throws IOException {
        assertThat(of(Files.readAllBytes(new XlsxFiles().sheet("S", "").write(folder))))
                .isEqualTo(Format.XLSX);
        assertThat(of(Files.readAllBytes(new ParquetFiles(folder, "required int32 a;").write())))
                .isEqualTo(Format.PARQUET);
        assertThat(of(AvroTest.file("{\"name\":\"a\",\"type\":\"int\"}", "null", List.of())))
                .isEqualTo(Format.AVRO);
    }

    private static Format of(byte[] file) {
        return RowFormat.of(file, Math.min(file.length, RowFormat.HEAD_BYTES)).orElseThrow();
    }

    @Test
    void othersAreNone() {
        for (var text : List.of("", "P", "a,b\n1,2\n", "PK\3\4 and other zips", "Object")) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThat(RowFormat.of(bytes, bytes.length)).isEmpty();
        }
    }
}
