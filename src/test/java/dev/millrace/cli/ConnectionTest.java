package dev.millrace.cli;

import static dev.millrace.cli.Answers.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.cli.CommandRun.Ran;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where the commands find their server, and what they say when it is not there.
class ConnectionTest {
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
    void theTokenIsShown() {
        cli.server.on("GET /api/v1/jobs?limit=20&kind=all", "{\"items\": [], \"next\": null}");
        cli.environment.put("MILLRACE_TOKEN", "from-environment");
        cli.run("job", "list");
        cli.run("job", "list", "--token", "from-flag");
        assertThat(cli.server.asked())
                .extracting(a -> a.header("Authorization"))
                .containsExactly("Bearer from-environment", "Bearer from-flag");
    }

    @Test
    void theServerAndItsTokenAreFoundInTheDataFolder() {
        cli.server.on("GET /api/v1/jobs?limit=20&kind=all", "{\"items\": [], \"next\": null}");
        cli.file(
                "client.json",
                "{\"url\": \"%s\", \"token\": \"secret\"}".formatted(cli.server.url()));
        cli.environment.put("MILLRACE_URL", "");
        assertThat(cli.run("job", "list", "--data", cli.folder.toString()).code()).isZero();
        assertThat(cli.server.asked().getFirst().header("Authorization"))
                .isEqualTo("Bearer secret");
    }

    @Test
    void theDataFoldersTokenIsNotShownToAnotherServer() {
        cli.server.on("GET /api/v1/jobs?limit=20&kind=all", "{\"items\": [], \"next\": null}");
        cli.file("client.json", "{\"url\": \"http://127.0.0.1:1\", \"token\": \"secret\"}");
        assertThat(cli.run("job", "list").code()).isZero();
        assertThat(cli.server.asked().getFirst().header("Authorization")).isEmpty();
    }

    @Test
    void aProblemIsSaidWithItsRemedy() {
        for (int status : new int[] {401, 404, 409, 503}) {
            var request = "/api/v1/models/m" + status;
            var problem = problem("X", "It went wrong", "Do better.");
            cli.server.on("GET " + request, status, "application/problem+json", problem);
            cli.server.on("PUT " + request, status, "application/problem+json", problem);
            var expected = new Ran(1, "", "error: It went wrong\n  Do better.\n");
            assertThat(cli.run("model", "describe", "m" + status)).isEqualTo(expected);
            assertThat(cli.run("model", "update", "m" + status, cli.file("m.json", "{}")))
                    .isEqualTo(expected);
        }
    }

    @Test
    void anAnswerThatIsNotMillracesNamesTheAddress() {
        cli.server.on("GET /api/v1/models/m", 502, "text/html", "<html>");
        var ran = cli.run("model", "describe", "m");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("HTTP 502").contains(cli.server.url());
    }

    @Test
    void aMillraceThatDoesNotRunIsSaid() {
        var ran = cli.run("job", "list", "--url", "http://127.0.0.1:1/");
        assertThat(ran)
                .isEqualTo(
                        new Ran(
                                1,
                                "",
                                "error: Millrace does not answer at http://127.0.0.1:1. Start it"
                                        + " with: millrace up\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://x", "localhost:8000", "http://", "http://a b/"})
    void anAddressThatIsNoneIsRefused(String url) {
        var ran = cli.run("job", "list", "--url", url);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).startsWith("error: '").contains("http://127.0.0.1:8000");
    }

    @Test
    void aRequestWhoseAnswerIsLostIsSentAgainUnderItsKey() {
        var cancel = "POST /api/v1/jobs/a1b2c3d4/cancel";
        cli.server
                .on(cancel, AnsweringServer.LOST, "", "")
                .on(
                        cancel,
                        409,
                        "application/problem+json",
                        problem("IDEMPOTENCY_IN_PROGRESS", "It runs", ""))
                .on(cancel, "{\"id\": \"a1b2c3d4\", \"state\": \"CANCELLED\"}");

        assertThat(cli.run("job", "cancel", "a1b2c3d4").code()).isZero();
        assertThat(cli.run("job", "cancel", "a1b2c3d4").code()).isZero();

        var keys = cli.server.asked().stream().map(a -> a.header("Idempotency-key")).toList();
        assertThat(keys).hasSize(4).doesNotContain("");
        assertThat(keys.subList(0, 3)).containsOnly(keys.getFirst());
        assertThat(keys.get(3)).isNotEqualTo(keys.getFirst());
    }

    @Test
    void aRequestThatIsRefusedIsNotSentAgain() {
        var cancel = "POST /api/v1/jobs/a1b2c3d4/cancel";
        cli.server.on(cancel, 503, "application/problem+json", problem("X", "It is away", ""));
        assertThat(cli.run("job", "cancel", "a1b2c3d4").code()).isEqualTo(1);
        assertThat(cli.server.asked()).hasSize(1);
    }
}
