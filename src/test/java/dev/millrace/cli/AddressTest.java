package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTest {
    @TempDir Path data;

    private Address find(Map<String, String> environment) {
        return Address.find(null, null, data, environment);
    }

    private void left(String json) throws IOException {
        Files.writeString(data.resolve("client.json"), json);
    }

    @Test
    void withoutAnythingItIsTheUsualPort() {
        assertThat(find(Map.of())).isEqualTo(new Address("http://127.0.0.1:8000", null));
    }

    @Test
    void aFlagGoesBeforeTheEnvironmentAndThatBeforeTheDataFolder() throws IOException {
        left("{\"url\": \"http://127.0.0.1:3\", \"token\": \"t\"}");
        var both = Map.of("MILLRACE_URL", "http://h:1/", "BATCH_API_URL", "http://h:2");
        assertThat(Address.find("http://h:0", null, data, both).url()).isEqualTo("http://h:0");
        assertThat(find(both).url()).isEqualTo("http://h:1");
        assertThat(find(Map.of("BATCH_API_URL", "http://h:2")).url()).isEqualTo("http://h:2");
        assertThat(find(Map.of())).isEqualTo(new Address("http://127.0.0.1:3", "t"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8000/, t",
        "http://127.0.0.1:8000, t",
        "http://127.0.0.1:8001,",
        "https://127.0.0.1:8000,",
        "http://example.org:8000,"
    })
    void theFoldersTokenGoesToItsOwnServerOnly(String url, String token) throws IOException {
        left("{\"url\": \"http://127.0.0.1:8000\", \"token\": \"t\"}");
        assertThat(Address.find(url, null, data, Map.of()).token()).isEqualTo(token);
    }

    @Test
    void aTokenThatWasSaidGoesAnywhere() throws IOException {
        left("{\"url\": \"http://127.0.0.1:8000\", \"token\": \"t\"}");
        assertThat(find(Map.of("MILLRACE_TOKEN", "said")).token()).isEqualTo("said");
        assertThat(Address.find("http://h", "flag", data, Map.of("MILLRACE_TOKEN", "said")))
                .isEqualTo(new Address("http://h", "flag"));
    }

    @Test
    void aFileThatIsDamagedIsSaid() throws IOException {
        left("{");
        assertThatThrownBy(() -> find(Map.of()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("client.json");
    }

    @Test
    void theDataFolderIsTheFlagsTheEnvironmentsOrTheUsers() {
        var all = Map.of("MILLRACE_DATA", "/m", "XDG_DATA_HOME", "/x");
        assertThat(Address.dataFolder(data, all)).isEqualTo(data);
        assertThat(Address.dataFolder(null, all)).isEqualTo(Path.of("/m"));
        assertThat(Address.dataFolder(null, Map.of("XDG_DATA_HOME", "/x")))
                .isEqualTo(Path.of("/x/millrace"));
        assertThat(Address.dataFolder(null, Map.of()))
                .isEqualTo(Path.of(System.getProperty("user.home"), ".local/share/millrace"));
    }
}
