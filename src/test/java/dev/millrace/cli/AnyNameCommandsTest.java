package dev.millrace.cli;

import static dev.millrace.cli.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands hand names and values on as they were given, and make no SQL of them: the server does,
/// which knows how.
class AnyNameCommandsTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "it's `a` \" name",
                "x'; DROP TABLE t; --",
                "`; DROP TABLE t; --",
                "a/../b?c=d&e#f%20",
                "\\",
                "Größe 日本 😀"
            })
    void aNameArrivesAsItWasGiven(String name) {
        try (var cli = new CommandRun(folder)) {
            cli.run("databases", "--connection", name);
            cli.run("tables", "--connection", name, "--database", name, "--name", name);
            cli.run("columns", "--connection", "warehouse", quoted(name));
            cli.run("sql", "--connection", name, "SELECT 1");
            cli.run("connection", "describe", name);
            cli.run("connection", "test", name);
            cli.run("job", "status", name);
            cli.run("export", "status", name);
            var asked =
                    cli.server.asked().stream()
                            .map(each -> each.request().replaceFirst("^[A-Z]+ ", ""))
                            .toList();
            assertThat(asked).hasSizeGreaterThanOrEqualTo(8);
            for (var request : asked) {
                assertThat(parts(request)).as(request).contains(name);
            }
            assertThat(parts(asked.get(1))).containsSequence("tables").contains(name);

            cli.run("export", quoted(name), "--connection", name, "--to", "x.csv");
            var body = json(cli.server.asked().getLast().text());
            assertThat(body.path("connection").asText()).isEqualTo(name);
            assertThat(body.path("table").path("table").asText()).isEqualTo(name);
        }
    }

    private static String quoted(String name) {
        return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`";
    }

    /// What stands between slashes, and behind each `=`, decoded.
    private static List<String> parts(String request) {
        return List.of(request.split("[/?&=]", -1)).stream()
                .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
                .toList();
    }
}
