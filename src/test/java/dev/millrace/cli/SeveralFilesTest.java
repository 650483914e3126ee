package dev.millrace.cli;

import static dev.millrace.cli.Answers.JOB;
import static dev.millrace.cli.Answers.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Jobs of several files, as the commands make and show them.
class SeveralFilesTest {
    private static final String SOURCES =
            """
            "sources": [
              {"ordinal": 0, "name": "a.csv", "format": "csv", "encoding": "utf-8",
               "compression": "none", "delimiter": ",", "quote": "\\"", "confidence": 100,
               "upload": "COMPLETE", "sameAs": null, "ignoredColumns": [], "renamedColumns": [],
               "absentColumns": [], "rows": {"read": 3, "written": 3, "rejected": 0}},
              {"ordinal": 1, "name": "b.txt", "format": "csv", "encoding": "utf-16le",
               "compression": "gzip", "delimiter": "\\t", "quote": "none", "confidence": 97,
               "skip": 4, "trailingDelimiter": true, "upload": "COMPLETE", "sameAs": null, "ignoredColumns": ["x"],
               "renamedColumns": [], "absentColumns": [],
               "rows": {"read": 1200, "written": 1198, "rejected": 2}},
              {"ordinal": 2, "name": "c.csv", "format": "csv", "encoding": "utf-8",
               "compression": "none", "upload": "COMPLETE", "sameAs": 0,
               "rows": {"read": 0, "written": 0, "rejected": 0}}],
            """;

    @TempDir Path folder;

    private CommandRun cli;
    private String a = "";
    private String b = "";

    @BeforeEach
    void start() {
        cli = new CommandRun(folder);
        a = cli.file("a.csv", "id\n1\n");
        b = cli.file("b.csv", "id\n22\n");
    }

    @AfterEach
    void close() {
        cli.close();
    }

    private static String waitingFor(int source, String state, int offset) {
        return RUNNING.replaceFirst(
                "\\{",
                """
                {"upload": {"state": "%s", "source": %d, "offset": %d, "expiresAt": null},
                 "splits": {"stored": 1}, "sources": [{"name": "a.csv"}, {"name": "b.csv"}],\
                """
                        .formatted(state, source, offset));
    }

    @Test
    void eachIsSentInItsTurnAndSaysWhichItIs() {
        cli.server
                .on("POST /api/v1/jobs", 201, "application/json", waitingFor(0, "WAITING", 0))
                .on("PUT " + JOB + "/source?source=0", waitingFor(1, "WAITING", 0))
                .on("PUT " + JOB + "/source?source=1", RUNNING);

        var ran = cli.run("job", "create", "purchases", a, b);

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(cli.server.requests())
                .containsExactly(
                        "POST /api/v1/jobs",
                        "PUT " + JOB + "/source?source=0",
                        "PUT " + JOB + "/source?source=1");
        assertThat(cli.server.asked().getFirst().text())
                .contains("[{\"name\":\"a.csv\",\"bytes\":5},{\"name\":\"b.csv\",\"bytes\":6}]");
        assertThat(cli.server.asked().getLast().text()).isEqualTo("id\n22\n");
    }

    @Test
    void aJobThatHasEndedIsSentNoMore() {
        cli.server
                .on("POST /api/v1/jobs", 201, "application/json", waitingFor(0, "WAITING", 0))
                .on("PUT " + JOB + "/source?source=0", Answers.FAILED);

        var ran = cli.run("job", "create", "purchases", a, b, "--wait");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).contains("The header lacks 'amount'");
        assertThat(cli.server.requests()).doesNotContain("PUT " + JOB + "/source?source=1");
    }

    @Test
    void oneThatArrivedThoughItsAnswerWasLostIsNotSentAgain() {
        cli.server
                .on("POST /api/v1/jobs", 201, "application/json", waitingFor(0, "WAITING", 0))
                .breaksAt("PUT " + JOB + "/source?source=0")
                .on("GET " + JOB, waitingFor(1, "WAITING", 0))
                .on("PUT " + JOB + "/source?source=1", RUNNING);

        var ran = cli.run("job", "create", "purchases", a, b);

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(cli.server.requests())
                .containsExactly(
                        "POST /api/v1/jobs", "GET " + JOB, "PUT " + JOB + "/source?source=1");
    }

    @Test
    void anUploadIsResumedInItsSource() throws Exception {
        var hash = sha256("id\n");
        var rest = "PUT %s/source?source=1&offset=3&prefixSha256=%s".formatted(JOB, hash);
        cli.server.on("GET " + JOB, waitingFor(1, "INTERRUPTED", 3)).on(rest, RUNNING);

        var wrong = cli.run("job", "resume", "e5f6a7b8", b, a);
        assertThat(wrong.err()).contains("loads a.csv, b.csv, and these are b.csv, a.csv");
        var ran = cli.run("job", "resume", "e5f6a7b8", a, b);

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(cli.server.asked().getLast().request()).isEqualTo(rest);
        assertThat(cli.server.asked().getLast().text()).isEqualTo("22\n");
    }

    private static String sha256(String text) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aNameOfItsOwnIsForASingleSource() {
        assertThat(cli.run("job", "create", "purchases", a, b, "--name", "x").err())
                .contains("--name is of a single source, and there are 2");
    }

    @Test
    void theEndHasARowForEachSourceAndOneForAll() {
        cli.server
                .on("GET " + JOB, "{" + SOURCES + Answers.PARTIAL.substring(1))
                .on("GET " + JOB + "/rejections/summary", Answers.COUNTS);

        var ran = cli.run("job", "status", "e5f6a7b8", "--wait");

        assertThat(ran.out())
                .contains(
                        """
                        SOURCE  READ   GOOD   REJECTED  READ AS
                        a.csv   3      3      0         csv in utf-8, delimiter ',', quote '"'
                        b.txt   1,200  1,198  2         csv in utf-16le, packed as gzip, delimiter tab, quote none, skip 4, trailing delimiter (97 % sure)
                        c.csv   0      0      0         passed over: the same content as a.csv
                        total   10     8      2
                        b.txt: not in the model, so ignored: 'x'
                        """)
                .contains(
                        "Mend them:   millrace job rejected e5f6a7b8 --source --from b.txt -o"
                                + " rejected-e5f6a7b8-1.csv\n")
                .contains("--encoding utf-16le --delimiter tab --quote none")
                .doesNotContain("--from a.csv");
    }

    @Test
    void rejectionsOfOneSourceAreAskedForByItsNameOrPlace() {
        cli.server
                .on("GET " + JOB, waitingFor(1, "COMPLETE", 0))
                .on("GET " + JOB + "/rejections?raw=true&source=1", "x")
                .on("GET " + JOB + "/rejections/source?source=0", "y");

        assertThat(cli.run("job", "rejected", "e5f6a7b8", "--raw", "--from", "b.csv").out())
                .isEqualTo("x");
        assertThat(cli.run("job", "rejected", "e5f6a7b8", "--source", "--from", "0").out())
                .isEqualTo("y");
        assertThat(cli.run("job", "rejected", "e5f6a7b8", "--from", "c.csv").err())
                .contains("has no source 'c.csv'", "a.csv, b.csv");
    }

    private static final String PROPOSED =
            """
            {"model": {"name": "shop", "schema": {"columns": [
                {"name": "id", "type": "Decimal(9, 2)"},
                {"name": "colour", "type": "Nullable(String)"}], "orderBy": ["id"]}},
             "reading": {},
             "sources": [
               {"name": "a.csv", "rows": 1200, "damaged": 1, "absentColumns": ["colour"],
                "reading": {"format": "csv", "encoding": "utf-8", "compression": "none",
                            "delimiter": ",", "quote": "\\"", "confidence": 100}},
               {"name": "b.csv", "rows": 3, "damaged": 0, "absentColumns": [],
                "reading": {"format": "csv", "encoding": "utf-16le", "compression": "gzip",
                            "delimiter": ";", "quote": "none", "confidence": 97}}],
             "rows": 1203, "damaged": 1, "rejected": 1,
             "damagedExamples": [{"source": 0, "row": 7, "text": "x"}], "orderedBy": "first",
             "columns": [
               {"name": "id", "field": "id", "type": "Decimal(9, 2)", "why": "numbers",
                "excluded": "row 2 of b.csv: '1.5' is no whole number", "absent": 0,
                "nulls": {}, "notes": [], "examples": []},
               {"name": "colour", "field": "colour", "type": "Nullable(String)", "why": "texts",
                "longestBytes": 4, "absent": 1199, "nulls": {}, "examples": [],
                "notes": ["'a.csv' has no such column: it is NULL there."]}],
             "notes": []}\
            """;

    @Test
    void aModelIsProposedForAllFilesAndSaysHowEachIsRead() {
        cli.server
                .on("GET /api/v1/models?limit=1000", "{\"items\": [], \"next\": null}")
                .on("POST /api/v1/models/infer?name=shop", PROPOSED)
                .on(
                        "POST /api/v1/models",
                        "{\"id\": \"a1b2c3d4\", \"name\": \"shop\", \"version\": 1}")
                .on("POST /api/v1/jobs", 201, "application/json", waitingFor(0, "WAITING", 0))
                .on("PUT " + JOB + "/source?source=0", waitingFor(1, "WAITING", 0))
                .on("PUT " + JOB + "/source?source=1", Answers.SUCCESS);

        var ran = cli.run("load", a, b, "--into", "shop", "--yes");

        assertThat(ran.code()).as(ran.err()).isZero();
        var form = cli.server.asked().get(1);
        var boundary =
                form.header("Content-type").replaceFirst("multipart/form-data; boundary=", "");
        assertThat(form.text().replace("\r\n", "|").replace(boundary, "X"))
                .isEqualTo(
                        "--X|Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"||id\n1\n|"
                                + "--X|Content-Disposition: form-data; name=\"file\"; filename=\"b.csv\"||id\n22\n|"
                                + "--X--|");
        assertThat(ran.out())
                .startsWith(
                        """
                        SOURCE  ROWS   READ AS
                        a.csv   1,200  csv in utf-8, delimiter ',', quote '"'
                        b.csv   3      csv in utf-16le, packed as gzip, delimiter ';', quote none (97 % sure)

                        COLUMN  TYPE              WHY
                        id      Decimal(9, 2)     numbers; row 2 of b.csv: '1.5' is no whole number
                        colour  Nullable(String)  texts; up to 4 bytes; 1,199 absent
                        sorted by: id (first)
                        colour: 'a.csv' has no such column: it is NULL there.
                          row 7 of a.csv: 'x'
                        1,203 rows read; 1 of them would be rejected.
                        """);
        assertThat(cli.server.requests()).noneMatch(request -> request.contains("preview"));
    }

    @Test
    void manySourcesThatAreReadAlikeAreOneRow() {
        var sources = new ArrayList<String>();
        for (var i = 0; i < 300; i++) {
            sources.add(
                    """
                    {"name": "f%d.csv", "rows": 10, "reading": {"format": "csv",
                     "encoding": "%s", "compression": "none", "delimiter": ",", "quote": "none"}}\
                    """
                            .formatted(i, i == 7 ? "utf-16le" : "utf-8"));
        }
        assertThat(ReadSources.of(Answers.json(sources.toString())))
                .isEqualTo(
                        """
                        SOURCE                 ROWS   READ AS
                        f0.csv and 298 others  2,990  csv in utf-8, delimiter ',', quote none
                        f7.csv                 10     csv in utf-16le, delimiter ',', quote none
                        """);
    }

    @Test
    void columnsThatAreAddedForSeveralFilesAreProposedForAllOfThemOnce() {
        cli.server
                .on(
                        "GET /api/v1/models?limit=1000",
                        """
                        {"items": [{"id": "a1b2c3d4", "name": "shop", "version": 3, "table": "shop",
                          "schema": {"columns": [{"name": "id", "type": "UInt8"}]}}], "next": null}\
                        """)
                .on(
                        "POST /api/v1/preview?model=a1b2c3d4",
                        "{\"ignoredColumns\": [], \"reading\": {}, \"whole\": true}")
                .on(
                        "POST /api/v1/preview?model=a1b2c3d4",
                        "{\"ignoredColumns\": [\"colour\"], \"reading\": {}, \"whole\": true}")
                .on("POST /api/v1/models/infer?name=shop", PROPOSED)
                .on("PUT /api/v1/models/a1b2c3d4", "{\"id\": \"a1b2c3d4\"}")
                .on("POST /api/v1/jobs", Answers.FAILED);

        cli.run("load", a, b, "--into", "shop", "--yes", "--evolve", "add");

        assertThat(cli.server.requests())
                .startsWith(
                        "GET /api/v1/models?limit=1000",
                        "POST /api/v1/preview?model=a1b2c3d4",
                        "POST /api/v1/preview?model=a1b2c3d4",
                        "POST /api/v1/models/infer?name=shop",
                        "PUT /api/v1/models/a1b2c3d4");
        assertThat(cli.server.asked().get(3).text()).contains("id\n1\n", "id\n22\n");
        assertThat(cli.server.asked().get(4).text())
                .contains("{\"name\":\"colour\",\"type\":\"Nullable(String)\"}");
    }

    @Test
    void aTableOfTheUsersOwnWhoseColumnOneFileLacksIsRefusedWithThatFile() {
        cli.server
                .on("GET /api/v1/models?limit=1000", "{\"items\": [], \"next\": null}")
                .on("POST /api/v1/models/infer?name=db.shop", PROPOSED)
                .on(
                        "POST /api/v1/sql?format=JSON",
                        """
                        {"data": [{"name": "id", "type": "Float64", "default_kind": ""},
                                  {"name": "colour", "type": "String", "default_kind": ""}]}\
                        """);

        var ran = cli.run("load", a, b, "--into", "db.shop", "--yes");

        assertThat(ran.err()).contains("lacks columns of the table db.shop", "colour (in 'a.csv')");
        assertThat(cli.server.requests()).doesNotContain("POST /api/v1/models");
    }

    @Test
    void aModelIsInferredFromSeveralFilesAndPatterns() {
        cli.server.on("POST /api/v1/models/infer?name=a.csv", PROPOSED);

        var ran = cli.run("model", "infer", folder + "/[ab].csv");

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out()).startsWith("SOURCE").contains("b.csv   3");
        assertThat(cli.server.asked().getFirst().text()).contains("id\n1\n", "id\n22\n");
    }

    @Test
    void theProgressIsOfAllAndNamesTheCurrentOne() {
        var sources = SourceList.of(List.of(a, b));
        cli.live = true;
        var err = new ByteArrayOutputStream();
        var terminal =
                new Terminal(
                        cli.in,
                        System.out,
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        true,
                        cli.environment);
        try (var watch = new Watch(terminal)) {
            var progress = new UploadProgress(watch, sources);
            progress.begin(0);
            progress.sent(5, 5);
            progress.begin(1);
            var end = System.nanoTime() + 10_000_000_000L;
            while (!err.toString(StandardCharsets.UTF_8).contains("b.csv")) {
                assertThat(System.nanoTime()).isLessThan(end);
                progress.sent(3, 6);
            }
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("b.csv (2 of 2)", " 72%");
    }
}
