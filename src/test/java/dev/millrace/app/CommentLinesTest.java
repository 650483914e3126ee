package dev.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sources with comments from the file to the table, a server and a worker as processes of their
/// own.
class CommentLinesTest {
    private static final String SCHEMA =
            "{\"id\": \"String\", \"name\": \"String\", \"n\": \"UInt32\"}";

    @TempDir private static Path folder;
    private static Site site;
    private static ApiClient api;

    @BeforeAll
    static void startServerAndWorker() throws Exception {
        site = new Site(folder);
        api = site.serve(Map.of()).api();
        site.work("only", Map.of());
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    private static String rows(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj("%1$d,\"# %1$d\",7\n"::formatted)
                .collect(Collectors.joining());
    }

    private static JsonNode load(String model, String more, String source) throws Exception {
        var job = api.createJob(model, more);
        api.upload(job, source.getBytes(UTF_8));
        return api.awaitFinal(job);
    }

    @Test
    void everyCommandSaysWhichLinesItTakesForCommentsAndTheTableHasTheOthers() throws Exception {
        var file = folder.resolve("payments.csv");
        Files.writeString(
                file,
                "# of November\n#\nid,name,n\n%s# half of them\n%s10,short\n%s"
                        .formatted(rows(0, 5), rows(5, 10), rows(11, 20)));
        var said =
                new String[] {
                    "read as: csv in utf-8, delimiter ',', quote '\"', comment '#' (95 % sure)",
                    "3 lines that begin with '#' are comments: records have 3 fields, and none of"
                            + " these has",
                };

        var preview = site.command(api, "preview", file.toString());
        assertThat(preview.awaitExit()).as(preview.output()).isZero();
        assertThat(preview.output()).contains(said);
        var infer = site.command(api, "model", "infer", file.toString());
        assertThat(infer.awaitExit()).as(infer.output()).isZero();
        assertThat(infer.output()).contains(said).contains("20 rows read; 1 of them");
        var load = site.command(api, "load", file.toString(), "--into", "november", "--yes");
        assertThat(load.awaitExit()).as(load.output()).isEqualTo(3);
        assertThat(load.output()).contains(said).contains("--comment '#'");

        assertThat(
                        api.sql(
                                "SELECT count(), sum(n), countIf(name = concat('# ', id)) FROM november"))
                .containsExactly("19\t133\t19");
    }

    @Test
    void linesBehindTheHeadThatBeginSoAreRecordsWhereNoCommentsWereFound() throws Exception {
        var table = api.createModel("late", SCHEMA);
        var source = "# made by x\nid,name,n\n" + rows(0, 9_000) + "#late,x,1\n# note\n";

        var ended = load("late", "", source);

        assertThat(ended.get("state").asText()).as(ended.toString()).isEqualTo("PARTIAL_SUCCESS");
        assertThat(ended.at("/source/comment").asText()).isEqualTo("none");
        assertThat(ended.at("/source/skip").asInt()).isEqualTo(1);
        assertThat(api.sql("SELECT count(), countIf(id = '#late') FROM " + table))
                .containsExactly("9001\t1");
        assertThat(api.rejections(ended.get("id").asText()).getFirst().get("row").asInt())
                .isEqualTo(9_002);
    }

    @Test
    void whatMayBeACommentOrARecordFailsUntilItIsTold() throws Exception {
        var table = api.createModel("either", SCHEMA);
        var source = "id,name,n\n1,a,5\n# see a, b, 2\n2,b,6\n# of 2\n";

        var refused = load("either", "", source);

        assertThat(refused.at("/cause/code").asText()).isEqualTo("AMBIGUOUS_DIALECT");
        assertThat(refused.at("/cause/message").asText())
                .contains("the line '# see a, b, 2' is a comment or a record");
        assertThat(api.sql("SELECT count() FROM " + table)).containsExactly("0");

        load("either", ", \"comment\": \"#\"", source);
        assertThat(api.sql("SELECT id FROM %s ORDER BY id".formatted(table)))
                .containsExactly("1", "2");
    }
}
