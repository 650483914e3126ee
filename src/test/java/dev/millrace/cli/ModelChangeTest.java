package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the commands say and ask when a model changes, or goes with its table.
class ModelChangeTest {
    private static final String PATH = "/api/v1/models/purchases";
    private static final String MODEL = "{\"table\":\"data_a1b2c3d4\"}";

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
    void anEarlierVersionIsAskedForByItsNumber() {
        cli.server.on("GET " + PATH + "?version=2", "{\"version\":2}");
        assertThat(cli.run("model", "describe", "purchases", "--version", "2").out())
                .contains("\"version\": 2");
    }

    @Test
    void anUpdateMayNameTheVersionThatItChanges() {
        cli.server.on("PUT " + PATH, "{\"version\":4,\"changes\":[\"added\"]}");
        var schema = cli.file("m.json", "{\"a\": \"Int8\"}");
        assertThat(cli.run("model", "update", "purchases", schema, "--if-version", "3").code())
                .isZero();
        assertThat(cli.server.asked().getFirst().header("If-match")).isEqualTo("\"3\"");
        assertThat(cli.run("model", "update", "purchases", schema).out()).contains("added");
        assertThat(cli.server.asked().getLast().header("If-match")).isEmpty();
    }

    @Test
    void aPersonIsToldThatNothingHasChanged() {
        cli.server.on("PUT " + PATH, "{\"version\":4,\"changes\":[]}");
        cli.live = true;
        var schema = cli.file("m.json", "{\"a\": \"Int8\"}");
        assertThat(cli.run("model", "update", "purchases", schema).err())
                .isEqualTo("Nothing has changed, so there is no new version.\n");
    }

    @Test
    void aTableIsDroppedOnceAPersonHasSaidYes() {
        cli.server.on("GET " + PATH, MODEL).on("DELETE " + PATH + "?table=drop", MODEL);
        cli.live = true;
        for (var no : new String[] {"", "\n", "n\n", "yess\n"}) {
            cli.in = in(no);
            var ran = cli.run("model", "delete", "purchases", "--drop-table");
            assertThat(ran.code()).isEqualTo(1);
            assertThat(ran.err())
                    .startsWith("Drop the table data_a1b2c3d4 with every row in it? [y/N] ")
                    .contains("Nothing was removed");
        }
        assertThat(cli.server.requests()).containsOnly("GET " + PATH);
        cli.in = in("Yes\n");
        assertThat(cli.run("model", "delete", "purchases", "--drop-table").code()).isZero();
        assertThat(cli.server.requests()).endsWith("DELETE " + PATH + "?table=drop");
    }

    private static ByteArrayInputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aScriptSaysYesBeforehand() {
        cli.server.on("GET " + PATH, MODEL).on("DELETE " + PATH + "?table=drop", MODEL);
        var ran = cli.run("model", "delete", "purchases", "--drop-table");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("Add --yes");
        assertThat(cli.run("model", "delete", "purchases", "--drop-table", "--yes").code())
                .isZero();
        assertThat(cli.server.requests())
                .containsExactly("GET " + PATH, "DELETE " + PATH + "?table=drop");
    }

    @Test
    void aJobSaysHowItsHeaderMatched() {
        cli.server.on(
                "GET /api/v1/jobs/e5f6a7b8",
                """
                {"id": "e5f6a7b8", "state": "SUCCESS", "rows": {}, "model": {},
                 "source": {"encoding": "utf-8", "delimiter": ",", "quote": "\\"",
                   "renamedColumns": [{"header": "User-ID", "column": "user_id"}],
                   "absentColumns": [{"column": "a", "default": null},
                                     {"column": "b", "default": "0"}],
                   "ignoredColumns": ["note"]}}\
                """);
        assertThat(cli.run("job", "status", "e5f6a7b8").out())
                .endsWith(
                        """
                        names that differ: 'User-ID' is read as 'user_id'
                        not in the file: 'a' (NULL), 'b' (default '0')
                        not in the model, so ignored: 'note'
                        """);
    }
}
