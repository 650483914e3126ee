package dev.millrace.cli;

import static dev.millrace.cli.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.cli.CommandRun.Ran;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `millrace model …`: a command line in, what it prints and asks out.
class ModelCommandsTest {
    @TempDir Path folder;

    private CommandRun cli;

    @BeforeEach
    void start() {
        cli = new CommandRun(folder);
    }

    @AfterEach
    void close() {
        cli.close();
    }

    @Test
    void aModelIsCreatedWithItsColumnsInTheirOrder() {
        cli.server.on("POST /api/v1/models", 201, "application/json", "{\"id\":\"a1b2c3d4\"}");
        var schema = cli.file("m.json", "{\"z\": \"String\", \"a\": \"Float64\"}");
        var ran = cli.run("model", "create", "purchases", schema);
        assertThat(ran).isEqualTo(new Ran(0, "{\n  \"id\": \"a1b2c3d4\"\n}\n", ""));
        assertThat(cli.server.asked().getFirst().text())
                .isEqualTo(
                        "{\"name\":\"purchases\",\"schema\":{\"z\":\"String\",\"a\":\"Float64\"}}");
    }

    @Test
    void aSchemaMayComeFromStandardInput() {
        cli.server.on("PUT /api/v1/models/my%20model", "{}");
        cli.in = new ByteArrayInputStream("{\"a\": \"String\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(cli.run("model", "update", "my model", "-").code()).isZero();
        assertThat(cli.server.asked().getFirst().text())
                .isEqualTo("{\"schema\":{\"a\":\"String\"}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\": ", "{\"a\": \"String\", \"a\": \"Int8\"}", "{} {}", ""})
    void aSchemaThatIsNoJsonOrNamesAColumnTwiceIsRefusedBeforeItIsSent(String schema) {
        var ran = cli.run("model", "create", "purchases", cli.file("m.json", schema));
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).startsWith("error: ").contains("m.json");
        assertThat(cli.server.requests()).isEmpty();
    }

    @Test
    void aSchemaThatIsCutShortSaysWhereWithoutTheReadersOwnWords() {
        var cut = cli.file("cut.json", "{\"event_id\": \"String\",\n \"x\": \"Int32\"");
        assertThat(cli.run("model", "create", "x", cut).err())
                .contains("is no JSON, line 2, column")
                .doesNotContain("REDACTED");
    }

    @Test
    void allPagesOfModelsAreOneList() {
        cli.server
                .on(
                        "GET /api/v1/models?limit=1000",
                        "{\"items\":[{\"id\":\"1\"}],\"next\":\"c d\"}")
                .on(
                        "GET /api/v1/models?limit=1000&cursor=c%20d",
                        "{\"items\":[{\"id\":\"2\"}],\"next\":null}");
        var ran = cli.run("model", "list");
        assertThat(ran.code()).isZero();
        assertThat(json(ran.out()))
                .isEqualTo(json("{\"items\":[{\"id\":\"1\"},{\"id\":\"2\"}],\"next\":null}"));
    }

    @Test
    void aModelIsDescribedAndDeletedByItsName() {
        cli.server
                .on("GET /api/v1/models/purchases", "{\"name\":\"purchases\"}")
                .on("DELETE /api/v1/models/purchases", "{\"name\":\"purchases\"}");
        assertThat(cli.run("model", "describe", "purchases").out())
                .isEqualTo("{\n  \"name\": \"purchases\"\n}\n");
        assertThat(cli.run("model", "delete", "purchases").out())
                .isEqualTo("{\n  \"name\": \"purchases\"\n}\n");
    }
}
