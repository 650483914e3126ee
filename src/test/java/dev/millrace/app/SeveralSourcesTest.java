package dev.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Jobs of several sources through the API and the commands, a server and two workers as processes
/// of their own.
class SeveralSourcesTest {
    private static final String SCHEMA = "{\"id\": \"UInt32\", \"name\": \"String\"}";

    @TempDir private static Path folder;
    private static Site site;
    private static ApiClient api;

    @BeforeAll
    static void startServerAndWorkers() throws Exception {
        site = new Site(folder);
        api = site.serve(Map.of()).api();
        site.work("first", Map.of());
        site.work("second", Map.of());
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    /// A job of these sources, which are called so.
    private static String job(String model, String more, String... names) throws Exception {
        var sources =
                Arrays.stream(names)
                        .map("{\"name\": \"%s\"}"::formatted)
                        .collect(Collectors.joining(", "));
        var body = "{\"model\": \"%s\", \"sources\": [%s]%s}".formatted(model, sources, more);
        return api.post("/api/v1/jobs", "application/json", utf8(body), 201).get("id").asText();
    }

    private static HttpResponse<String> send(String job, int source, byte[] content)
            throws Exception {
        return api.call(
                "PUT",
                "/api/v1/jobs/%s/source?source=%d".formatted(job, source),
                "text/csv",
                BodyPublishers.ofByteArray(content));
    }

    private static JsonNode load(String job, byte[]... sources) throws Exception {
        for (var i = 0; i < sources.length; i++) {
            var answer = send(job, i, sources[i]);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        }
        return api.awaitFinal(job);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(String text) throws Exception {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(utf8(text));
        }
        return out.toByteArray();
    }

    private static List<String> rows(String table) throws Exception {
        return api.sql(
                "SELECT id, name, bitShiftRight(_millrace_row, 40), bitAnd(_millrace_row, 1099511627775)"
                        + " FROM "
                        + table
                        + " ORDER BY ALL");
    }

    @Test
    void filesOfThreeKindsAreOneLoadWithRowsCountedInEach() throws Exception {
        var table = api.createModel("kinds", SCHEMA);
        var expected = new ArrayList<String>();
        var first = new StringBuilder("id,name\r\n");
        var second = new StringBuilder("name;id\n");
        var third = new StringBuilder();
        for (var row = 1; row <= 2_000; row++) {
            first.append(row).append(",\"東京 ").append(row).append("\"\r\n");
            expected.add("%d\t東京 %d\t0\t%d".formatted(row, row, row));
            second.append("Müller Größe Straße;").append(10_000 + row).append('\n');
            expected.add("%d\tMüller Größe Straße\t1\t%d".formatted(10_000 + row, row));
            third.append("{\"id\": %d, \"name\": \"j\"}\n".formatted(20_000 + row));
            expected.add("%d\tj\t2\t%d".formatted(20_000 + row, row));
        }
        var utf16 = first.toString().getBytes(StandardCharsets.UTF_16);
        var ansi = second.toString().getBytes(Charset.forName("windows-1252"));

        var ended =
                load(
                        job("kinds", "", "a.csv", "b.csv", "c.jsonl.gz"),
                        utf16,
                        ansi,
                        gzip(third.toString()));

        assertThat(ended.get("state").asText()).as(ended.toString()).isEqualTo("SUCCESS");
        assertThat(ended.at("/rows/published").asLong()).isEqualTo(6_000);
        assertThat(rows(table)).containsExactlyInAnyOrderElementsOf(expected);
        var sources = ended.get("sources");
        assertThat(texts(sources, "name")).containsExactly("a.csv", "b.csv", "c.jsonl.gz");
        assertThat(texts(sources, "encoding")).containsExactly("utf-16be", "windows-1252", "utf-8");
        assertThat(texts(sources, "delimiter")).containsExactly(",", ";", "null");
        assertThat(texts(sources, "format")).containsExactly("csv", "csv", "jsonl");
        assertThat(texts(sources, "records")).containsOnly("2000");
        assertThat(texts(sources, "upload")).containsOnly("COMPLETE");
        assertThat(sources.valueStream().map(s -> s.at("/rows/written").asLong()).toList())
                .containsOnly(2_000L);
        assertThat(texts(sources, "contentHash")).doesNotHaveDuplicates().doesNotContain("null");

        api.post(
                "/api/v1/jobs/%s/undo".formatted(ended.get("id").asText()),
                "application/json",
                new byte[0],
                202);
        var patience = new Patience(Duration.ofMinutes(1), "it is not undone");
        while (!api.job(ended.get("id").asText()).at("/undo/state").asText().equals("DONE")) {
            patience.look();
        }
        assertThat(rows(table)).isEmpty();
    }

    private static List<String> texts(JsonNode sources, String key) {
        return sources.valueStream().map(s -> s.get(key).asText()).toList();
    }

    @Test
    void rejectionsSayTheirSourceAndComeBackInItsForm() throws Exception {
        api.createModel("bad", SCHEMA);
        var id = job("bad", "", "a.csv", "b.tsv");

        var ended =
                load(id, utf8("id,name\n1,x\noops,y\n"), utf8("name\tid\nz\t-1\nw\t2\nv\t-3\n"));

        assertThat(ended.get("state").asText()).isEqualTo("PARTIAL_SUCCESS");
        assertThat(ended.get("sources").valueStream().map(s -> s.at("/rows/rejected").asInt()))
                .containsExactly(1, 2);
        var all = api.text("/api/v1/jobs/%s/rejections".formatted(id)).lines().toList();
        assertThat(all.getFirst())
                .isEqualTo("ROW,EVENT_ID,COLUMN,TYPE,ERROR,OBSERVED,MESSAGE,SOURCE");
        assertThat(
                        all.stream()
                                .skip(1)
                                .map(l -> l.split(",", 2)[0] + l.substring(l.lastIndexOf(','))))
                .containsExactly("2,a.csv", "1,b.tsv", "3,b.tsv");
        var second = api.text("/api/v1/jobs/%s/rejections?source=1&raw=true".formatted(id));
        assertThat(second.lines()).hasSize(3);
        assertThat(api.rejections(id).stream().map(r -> r.get("source").asInt()))
                .containsExactly(0, 1, 1);
        assertThat(api.text("/api/v1/jobs/%s/rejections/source?source=1".formatted(id)))
                .isEqualTo("name\tid\nz\t-1\nv\t-3\n");
        var unsaid =
                api.call(
                        "GET",
                        "/api/v1/jobs/%s/rejections/source".formatted(id),
                        null,
                        BodyPublishers.noBody());
        assertThat(unsaid.statusCode()).isEqualTo(400);
        assertThat(unsaid.body()).contains("source=0 to source=1");
        var causes = api.get("/api/v1/jobs/%s/rejections/summary".formatted(id)).get("items");
        assertThat(causes.at("/0/examples/0/sourceName").asText()).isIn("a.csv", "b.tsv");
    }

    @Test
    void aSecondFileThatIsBrokenPublishesNothing() throws Exception {
        var table = api.createModel("broken", SCHEMA);
        var id = job("broken", "", "a.csv", "b.csv", "c.csv");
        send(id, 0, utf8("id,name\n1,x\n"));

        var answer = send(id, 1, utf8("idd,name\n2,y\n"));

        assertThat(answer.statusCode()).isEqualTo(422);
        var ended = api.awaitFinal(id);
        assertThat(ended.get("state").asText()).isEqualTo("FAILED");
        assertThat(ended.at("/cause/message").asText()).contains("'b.csv'");
        assertThat(send(id, 2, utf8("id,name\n3,z\n")).statusCode()).isEqualTo(409);
        assertThat(rows(table)).isEmpty();
    }

    @Test
    void aJobThatIsCancelledBetweenItsSourcesPublishesNothing() throws Exception {
        var table = api.createModel("cancelled-between", SCHEMA);
        var id = job("cancelled-between", "", "a.csv", "b.csv");
        send(id, 0, utf8("id,name\n1,x\n"));

        assertThat(api.cancel(id).get("state").asText()).isEqualTo("CANCELLED");

        assertThat(send(id, 1, utf8("id,name\n2,y\n")).statusCode()).isEqualTo(409);
        assertThat(rows(table)).isEmpty();
    }

    @Test
    void theSameContentTwiceInOneJobIsRefusedPassedOverOrLoadedAsItIsWished() throws Exception {
        var table = api.createModel("twice", SCHEMA);
        var a = utf8("id,name\n1,x\n2,y\n");
        var b = utf8("id,name\n3,z\n");

        var refused = load(job("twice", "", "a.csv", "b.csv", "copy.csv"), a, b, a);
        assertThat(refused.at("/cause/code").asText()).isEqualTo("ALREADY_LOADED");
        assertThat(refused.at("/cause/message").asText()).contains("'a.csv'", "'copy.csv'");
        assertThat(rows(table)).isEmpty();

        var skipped =
                load(
                        job("twice", ", \"ifLoaded\": \"skip\"", "a.csv", "copy.csv", "b.csv"),
                        a,
                        a,
                        b);
        assertThat(skipped.get("state").asText()).as(skipped.toString()).isEqualTo("SUCCESS");
        assertThat(skipped.at("/sources/1/sameAs").asInt()).isZero();
        assertThat(skipped.at("/sources/1/rows/read").asInt()).isZero();
        assertThat(rows(table)).containsExactly("1\tx\t0\t1", "2\ty\t0\t2", "3\tz\t2\t1");

        // one of its sources is there: that decides for all of the job
        var before = load(job("twice", "", "new.csv", "b.csv"), utf8("id,name\n4,n\n"), b);
        assertThat(before.at("/cause/code").asText()).isEqualTo("ALREADY_LOADED");
        assertThat(before.get("duplicateOf").asText()).isEqualTo(skipped.get("id").asText());

        var both = load(job("twice", ", \"ifLoaded\": \"load\"", "a.csv", "copy.csv"), a, a);
        assertThat(both.get("state").asText()).isEqualTo("SUCCESS");
        assertThat(rows(table)).hasSize(7);
    }

    @Test
    void aJobThatFailedIsLoadedAgainFromAllItsSources() throws Exception {
        var table = api.createModel("again", SCHEMA);
        var id = job("again", ", \"maxRejected\": \"0\"", "a.csv", "b.csv");
        var failed = load(id, utf8("id,name\n1,x\n"), utf8("id,name\noops,y\n2,z\n"));
        assertThat(failed.at("/cause/code").asText()).isEqualTo("TOO_MANY_REJECTED");
        assertThat(rows(table)).isEmpty();

        api.post(
                "/api/v1/jobs/%s/retry".formatted(id),
                "application/json",
                utf8("{\"maxRejected\": \"none\"}"),
                202);

        assertThat(api.awaitFinal(id).get("state").asText()).isEqualTo("PARTIAL_SUCCESS");
        assertThat(rows(table)).containsExactly("1\tx\t0\t1", "2\tz\t1\t2");
    }

    @Test
    void whatIsSaidOfOneSourceHoldsForItAlone() throws Exception {
        api.createModel("told", SCHEMA);
        var body =
                """
                {"model": "told", "delimiter": ";", "sources": [
                    {"name": "a.csv", "bytes": 14},
                    {"name": "b.csv", "delimiter": ",", "columns": "name, id"}]}\
                """;
        var id = api.post("/api/v1/jobs", "application/json", utf8(body), 201).get("id").asText();
        assertThat(api.job(id).at("/sources/0/declaredBytes").asInt()).isEqualTo(14);

        var ended = load(id, utf8("id;name\n1;x,y\n"), utf8("x;y,2\n"));

        assertThat(ended.get("state").asText()).as(ended.toString()).isEqualTo("SUCCESS");
        assertThat(texts(ended.get("sources"), "delimiter")).containsExactly(";", ",");
        for (var wrong :
                List.of(
                        "[]",
                        "[{}]",
                        "[{\"name\": \"a\"}, {\"name\": \"a\"}]",
                        "[{\"name\": \"a\", \"bytes\": -1}]",
                        "[{\"name\": \"a\", \"model\": \"told\"}]")) {
            api.post(
                    "/api/v1/jobs",
                    "application/json",
                    utf8("{\"model\": \"told\", \"sources\": %s}".formatted(wrong)),
                    400);
        }
    }

    @Test
    void aCommandLoadsAPatternAndSaysWhatBecameOfEachFile() throws Exception {
        var table = api.createModel("patterned", SCHEMA);
        var data = Files.createDirectory(folder.resolve("files"));
        Files.write(data.resolve("2.csv"), utf8("id,name\n3,c\n"));
        Files.write(data.resolve("1.csv"), utf8("id;name\n1;a\n2;b\n"));
        Files.write(
                data.resolve("3.jsonl"), utf8("{\"id\": 4, \"name\": \"d\"}\n{\"id\": \"x\"}\n"));
        Files.write(data.resolve("ignored.txt"), utf8("nothing"));

        var command =
                site.command(
                        api, "load", data + "/[0-9].{csv,jsonl}", "--into", "patterned", "--yes");

        assertThat(command.awaitExit()).as(command.output()).isEqualTo(3);
        assertThat(command.output())
                .containsPattern("1\\.csv +2 +2 +0 +csv")
                .containsPattern("2\\.csv +1 +1 +0 +csv")
                .containsPattern("3\\.jsonl +2 +1 +1 +jsonl")
                .containsPattern("total +5 +4 +1")
                .contains("--source --from 3.jsonl");
        assertThat(api.sql("SELECT id, name FROM %s ORDER BY id".formatted(table)))
                .containsExactly("1\ta", "2\tb", "3\tc", "4\td");
    }

    @Test
    void aTableThatIsMadeForFilesThatDifferHoldsEveryValueOfEach() throws Exception {
        var data = Files.createDirectory(folder.resolve("differing"));
        Files.writeString(data.resolve("a.csv"), "id,amount,day\n1,5,31/12/2024\n2,,1/1/2025\n");
        Files.writeString(data.resolve("b.csv"), "Amount;id;colour\n0,25;70000;red\n1;7;\n");
        var late = new StringBuilder("{\"id\": 3}\n".repeat(10_000));
        late.append("{\"id\": 4, \"amount\": 2.5, \"tags\": [\"x\"]}\n");
        Files.writeString(data.resolve("c.jsonl"), late);

        var refused = site.command(api, "load", data + "/*", "--into", "differing");
        assertThat(refused.awaitExit()).as(refused.output()).isEqualTo(1);
        assertThat(refused.output())
                .contains("String", "'a.csv' and 'c.jsonl' have no such column: it is NULL there.");

        Files.writeString(data.resolve("b.csv"), "Amount;id;colour\n0.25;70000;red\n1;7;\n");
        var program = site.command(api, "load", data + "/*", "--into", "differing", "--yes");

        assertThat(program.awaitExit()).as(program.output()).isZero();
        assertThat(program.output()).contains("b.csv    2       csv in utf-8, delimiter ';'");
        assertThat(
                        api.sql(
                                "SELECT name, type FROM system.columns WHERE table = 'differing'"
                                        + " AND name NOT LIKE '\\_%' ORDER BY position"))
                .containsExactly(
                        "id\tUInt32",
                        "amount\tNullable(Decimal(9, 2))",
                        "day\tNullable(Date)",
                        "colour\tNullable(String)",
                        "tags\tArray(String)");
        assertThat(api.sql("SELECT * FROM differing WHERE id != 3 ORDER BY id"))
                .containsExactly(
                        "1\t5\t2024-12-31\t\\N\t[]",
                        "2\t\\N\t2025-01-01\t\\N\t[]",
                        "4\t2.5\t\\N\t\\N\t['x']",
                        "7\t1\t\\N\t\\N\t[]",
                        "70000\t0.25\t\\N\tred\t[]");
    }

    @Test
    void anUploadWhoseServerDiesInTheSecondSourceIsResumedThere() throws Exception {
        var file = GameRounds.of(60_000, StandardCharsets.UTF_8, 1_000, 7);
        var small = Files.write(folder.resolve("small.csv"), Arrays.copyOf(file.content(), 0));
        var header = new String(file.content(), StandardCharsets.UTF_8).lines().limit(3);
        Files.write(small, utf8(header.collect(Collectors.joining("\n")) + "\n"));
        var large = Files.write(folder.resolve("large.csv"), file.content());
        try (var own = new Site(Files.createDirectory(folder.resolve("own")))) {
            // the first source has one split, so the second's first is stored and its next is not
            var doomed = own.serve(Map.of("MILLRACE_CRASH_AT", "AFTER_STORE:2"));
            own.work("steady", Map.of());
            doomed.api().createModel("rounds", GameRounds.SCHEMA);
            var killed =
                    own.command(
                            doomed.api(),
                            "job",
                            "create",
                            "rounds",
                            small.toString(),
                            large.toString());
            assertThat(doomed.program().awaitExit()).isEqualTo(Site.CRASHED);
            killed.kill();
            var again = own.serve(Map.of()).api();
            var job = again.job("last");
            assertThat(job.at("/upload/source").asInt()).isEqualTo(1);
            assertThat(job.at("/sources/0/upload").asText()).isEqualTo("COMPLETE");

            var wrong =
                    own.command(again, "job", "resume", "last", large.toString(), small.toString());
            assertThat(wrong.awaitExit()).isEqualTo(1);
            assertThat(wrong.output()).contains("small.csv, large.csv");
            var resumed =
                    own.command(
                            again,
                            "job",
                            "resume",
                            "last",
                            small.toString(),
                            large.toString(),
                            "--wait");

            assertThat(resumed.awaitExit()).as(resumed.output()).isIn(0, 3);
            var ended = again.job("last");
            assertThat(ended.at("/sources/1/records").asLong()).isEqualTo(60_000);
            assertThat(ended.at("/rows/read").asLong()).isEqualTo(60_002);
        }
    }
}
