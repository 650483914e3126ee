package dev.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where a value comes from, and what is refused.
class SettingsTest {
    @TempDir Path folder;

    private Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("millrace.yaml"), yaml);
    }

    private static String refusal(Path file) {
        return refusal(Map.of(), file);
    }

    private static String refusal(Map<String, String> environment, Path file) {
        var refused =
                assertThatExceptionOfType(MillraceException.class)
                        .isThrownBy(() -> Settings.resolve(Map.of(), environment, file))
                        .actual();
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
        return refused.what();
    }

    @Test
    void aListInTheFileIsWhatItsElementsAreWithCommasBetween() throws IOException {
        var list = file("connections:\n  hosts:\n    - public\n    - 10.0.0.0/8\n");
        var settings = Settings.resolve(Map.of(), Map.of(), list);
        assertThat(settings.text(Setting.CONNECTIONS_HOSTS)).isEqualTo("public, 10.0.0.0/8");
        assertThat(refusal(file("connections: {hosts: [[public]]}\n"))).contains("list of lists");
    }

    @Test
    void aFlagWinsOverTheEnvironmentAndThatOverTheFileAndThatOverTheDefault() throws IOException {
        var written = file("http: {port: 1, host: localhost}\nkafka: {port: 2, topic: t}\n");
        var environment = Map.of("MILLRACE_HTTP_PORT", "3", "MILLRACE_KAFKA_PORT", "4");
        var settings = Settings.resolve(Map.of(Setting.HTTP_PORT, "5"), environment, written);
        assertThat(settings.text(Setting.HTTP_PORT)).isEqualTo("5");
        assertThat(settings.text(Setting.KAFKA_PORT)).isEqualTo("4");
        assertThat(settings.text(Setting.KAFKA_TOPIC)).isEqualTo("t");
        assertThat(settings.text(Setting.CLICKHOUSE_PORT)).isEqualTo("8123");
    }

    /// Those of the two-way file tool (R1.9), and that they were used can be told.
    @Test
    void whatEarlierSystemsCalledItIsUnderstood() {
        var environment =
                Map.of(
                        "CLICKHOUSE_HOST", "ch",
                        "CLICKHOUSE_PORT", "8124",
                        "CLICKHOUSE_USER", "ada",
                        "CLICKHOUSE_PASSWORD", "hush",
                        "JWT_SECRET", "a secret of thirty-two bytes, or more",
                        "FILE_UPLOAD_DIR", "/var/uploads",
                        "MILLRACE_CLICKHOUSE_PORT", "8125");
        var settings = Settings.resolve(Map.of(), environment, null);
        assertThat(settings.text(Setting.CLICKHOUSE_HOST)).isEqualTo("ch");
        assertThat(settings.text(Setting.CLICKHOUSE_PORT)).isEqualTo("8125");
        assertThat(settings.text(Setting.CLICKHOUSE_USER)).isEqualTo("ada");
        assertThat(settings.text(Setting.CLICKHOUSE_PASSWORD)).isEqualTo("hush");
        assertThat(settings.text(Setting.TOKEN_SECRET)).startsWith("a secret");
        assertThat(settings.text(Setting.STORE_PATH)).isEqualTo("/var/uploads");
        assertThat(settings.byOldNames())
                .containsExactly(
                        Setting.TOKEN_SECRET,
                        Setting.STORE_PATH,
                        Setting.CLICKHOUSE_HOST,
                        Setting.CLICKHOUSE_USER,
                        Setting.CLICKHOUSE_PASSWORD);
    }

    @Test
    void aLengthOfTimeHasAUnit() {
        for (var said : Map.of("90m", 5400, "2s", 2, "24h", 86_400, "7d", 604_800).entrySet()) {
            assertThat(expiry(said.getKey()).toSeconds()).isEqualTo((long) said.getValue());
        }
        for (var wrong : List.of("90", "m", "0s", "-1h", "1.5h", "1w")) {
            assertThatExceptionOfType(MillraceException.class)
                    .isThrownBy(() -> expiry(wrong))
                    .withMessageContaining("upload.expiry")
                    .withMessageContaining("'%s'".formatted(wrong));
        }
    }

    @Test
    void aSizeHasAUnit() {
        for (var said :
                Map.of("500MB", 500_000_000L, "2TB", 2_000_000_000_000L, "7B", 7L).entrySet()) {
            assertThat(longest(said.getKey())).isEqualTo(said.getValue());
        }
        for (var wrong : List.of("5", "MB", "-1GB", "1.5TB", "1mb")) {
            assertThatExceptionOfType(MillraceException.class)
                    .isThrownBy(() -> longest(wrong))
                    .withMessageContaining("upload.maxBytes")
                    .withMessageContaining("'%s'".formatted(wrong));
        }
    }

    private static long longest(String text) {
        return Settings.resolve(Map.of(), Map.of("MILLRACE_UPLOAD_MAX_BYTES", text), null)
                .bytes(Setting.UPLOAD_MAX_BYTES);
    }

    private static Duration expiry(String text) {
        return Settings.resolve(Map.of(), Map.of("MILLRACE_UPLOAD_EXPIRY", text), null)
                .duration(Setting.UPLOAD_EXPIRY);
    }

    @Test
    void aKeyOrVariableThatNobodyKnowsIsRefusedByItsName() throws IOException {
        assertThat(refusal(file("http: {prot: 3}"))).contains("'http.prot'");
        assertThat(refusal(Map.of("MILLRACE_FOO", "1"), file(""))).contains("MILLRACE_FOO");
    }

    @Test
    void aFileThatIsNoYamlSaysTheLineInOneLine() throws IOException {
        assertThat(refusal(file("http:\n  port: [1\n")))
                .contains("millrace.yaml is not a file of settings: line ")
                .doesNotContain("\n")
                .doesNotContain("Source");
    }

    @Test
    void aFileWithoutKeysIsNotTakenForSettings() throws IOException {
        assertThat(refusal(file("just text"))).contains("it holds no keys");
    }

    @Test
    void anEmptyFileSaysNothing() throws IOException {
        var settings = Settings.resolve(Map.of(), Map.of(), file("# nothing yet\n"));
        assertThat(settings.isSet(Setting.HTTP_PORT)).isFalse();
    }

    @Test
    void aFileThatIsNotThereIsSaid() {
        assertThat(refusal(folder.resolve("none.yaml"))).startsWith("There is no file ");
    }

    @Test
    void anEngineOfOnesOwnHasARealPort() {
        var environment = Map.of("CLICKHOUSE_HOST", "ch", "CLICKHOUSE_PORT", "0");
        var settings = Settings.resolve(Map.of(), environment, null);
        assertThatExceptionOfType(MillraceException.class)
                .isThrownBy(() -> EngineAddresses.Named.of(settings))
                .withMessageContaining("clickhouse.port (CLICKHOUSE_PORT) is '0'");
    }
}
