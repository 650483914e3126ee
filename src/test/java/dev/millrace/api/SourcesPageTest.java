package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Encoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SourcesPageTest {
    @ParameterizedTest
    @EnumSource(Encoding.class)
    void everyEncodingIsInTheDocumentsAndUnderstood(Encoding encoding) throws IOException {
        assertThat(Files.readString(Path.of("docs/sources.md")))
                .contains("`%s`".formatted(encoding.label()));
        assertThat(Encoding.parse(encoding.label().toUpperCase(java.util.Locale.ROOT)))
                .isEqualTo(encoding);
        assertThat(Encoding.parse(encoding.charset().name())).isEqualTo(encoding);
    }
}
