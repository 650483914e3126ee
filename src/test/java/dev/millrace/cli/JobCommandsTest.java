package dev.millrace.cli;

import static dev.millrace.cli.Answers.FAILED;
import static dev.millrace.cli.Answers.JOB;
import static dev.millrace.cli.Answers.RUNNING;
import static dev.millrace.cli.Answers.SUCCESS;
import static dev.millrace.cli.Answers.job;
import static dev.millrace.cli.Answers.json;
import static dev.millrace.cli.Answers.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.cli.CommandRun.Ran;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `millrace job …`: a command line in, what it prints and asks out.
class JobCommandsTest {
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
    void aJobIsCreatedAndSentItsFile() {
        cli.server
                .on("POST /api/v1/jobs", 201, "application/json", RUNNING)
                .on("PUT " + JOB + "/source", 202, "application/json", RUNNING);
        var data = cli.file("data.csv", "event_id,amount\n1,2.5\n");
        var ran =
                cli.run(
                        "job",
                        "create",
                        "purchases",
                        data,
                        "--encoding",
                        "utf-8",
                        "--delimiter",
                        "tab",
                        "--quote",
                        "none",
                        "--max-rejected",
                        "1.5%",
                        "--parent",
                        "last");
        assertThat(ran)
                .isEqualTo(
                        new Ran(
                                0,
                                "job e5f6a7b8 created.\nSee it:  millrace job status e5f6a7b8\n",
                                ""));
        assertThat(json(cli.server.asked().getFirst().text()))
                .isEqualTo(
                        json(
                                """
                                {"model": "purchases", "sourceName": "data.csv",
                                 "encoding": "utf-8", "delimiter": "tab", "quote": "none",
                                 "maxRejected": "1.5%", "parent": "last"}\
                                """));
        var sent = cli.server.asked().get(1);
        assertThat(sent.text()).isEqualTo("event_id,amount\n1,2.5\n");
        assertThat(sent.header("Content-length")).isEqualTo("22");
    }

    @Test
    void aFileWithoutAHeaderIsSaidToBeSo() {
        cli.server
                .on("POST /api/v1/jobs", 201, "application/json", RUNNING)
                .on("PUT " + JOB + "/source?resumable=true", 202, "application/json", RUNNING);
        var file = cli.file("h.csv", "1,2\n");
        cli.run("job", "create", "purchases", file, "--no-header");
        cli.run("job", "create", "purchases", file, "--columns", "a,b");
        var said =
                cli.server.asked().stream()
                        .filter(a -> a.text().contains("sourceName"))
                        .map(a -> json(a.text()).path("columns").asText());
        assertThat(said).containsExactly("*", "a,b");
        var both = cli.run("job", "create", "purchases", file, "--columns", "a", "--no-header");
        assertThat(both.code()).isEqualTo(2);
    }

    @Test
    void standardInputIsSentWithoutItsLengthBeingKnown() {
        cli.server
                .on("POST /api/v1/jobs", 201, "application/json", RUNNING)
                .on("PUT " + JOB + "/source?resumable=false", 202, "application/json", RUNNING);
        var text = "a\n".repeat(1_000_000);
        cli.in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        assertThat(cli.run("job", "create", "purchases", "-", "--name", "dump").code()).isZero();
        assertThat(json(cli.server.asked().getFirst().text()).path("sourceName").asText())
                .isEqualTo("dump");
        assertThat(cli.server.asked().get(1).text()).isEqualTo(text);
        assertThat(cli.server.asked().get(1).header("Transfer-encoding")).isEqualTo("chunked");
    }

    @Test
    void aFileThatTheServerRefusesSaysWhy() {
        cli.server
                .on("POST /api/v1/jobs", 201, "application/json", RUNNING)
                .on(
                        "PUT " + JOB + "/source",
                        422,
                        "application/problem+json",
                        problem("EMPTY_SOURCE", "d.csv has no header", "Send a file."));
        var ran = cli.run("job", "create", "purchases", cli.file("d.csv", ""));
        assertThat(ran)
                .isEqualTo(
                        new Ran(
                                1,
                                "job e5f6a7b8 created.\n",
                                "error: d.csv has no header\n  Send a file.\n"));
    }

    @Test
    void aConnectionThatBreaksWhileAFileIsSentIsExplainedByTheJob() {
        cli.server
                .on("POST /api/v1/jobs", 201, "application/json", RUNNING)
                .breaksAt("PUT " + JOB + "/source?resumable=false")
                .on("GET " + JOB + "?waitMillis=5000", FAILED);
        cli.in = new ByteArrayInputStream(new byte[64 << 20]);
        var ran = cli.run("job", "create", "purchases", "-");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).isEqualTo("error: The header lacks 'amount'\n  Add the column.\n");
    }

    @Test
    void aFileThatCannotBeReadMakesNoJob() {
        var missing =
                cli.run("job", "create", "purchases", cli.folder.resolve("no.csv").toString());
        assertThat(missing.err())
                .isEqualTo("error: There is no file '%s/no.csv'\n".formatted(cli.folder));
        var aFolder = cli.run("job", "create", "purchases", cli.folder.toString());
        assertThat(aFolder.err()).startsWith("error: '%s' is a folder".formatted(cli.folder));
        assertThat(List.of(missing.code(), aFolder.code())).containsOnly(1);
        assertThat(cli.server.requests()).isEmpty();
    }

    @Test
    void aFailedJobSaysItsCauseAndWhatToDo() {
        cli.server.on("GET " + JOB, FAILED);
        var ran = cli.run("job", "status", "e5f6a7b8");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out().lines().skip(2))
                .containsExactly(
                        "cause: The header lacks 'amount' (HEADER_MISSING_COLUMN)",
                        "  Add the column.");
    }

    @Test
    void aRunningJobIsNoFailure() {
        cli.server.on("GET /api/v1/jobs/last", RUNNING);
        var ran = cli.run("job", "status", "last");
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("RUNNING").contains("     -   4       1  [######XX ");
    }

    @Test
    void aJobSaysHowItsFileWasReadAndWhatOfItIsIgnored() {
        var source =
                """
                "source": {"format": "csv", "confidence": 99,
                           "reasons": ["with ';' 99 of the first 100 records have 3 fields"],
                           "encoding": "utf-16be", "compression": "gzip", "delimiter": ";",
                           "quote": "\\"", "ignoredColumns": ["note", "left over"]}, "state":\
                """;
        cli.server.on("GET " + JOB, SUCCESS.replace("\"state\":", source));
        assertThat(cli.run("job", "status", "e5f6a7b8").out())
                .endsWith(
                        """
                        read as: csv in utf-16be, packed as gzip, delimiter ';', quote '"' (99 % sure)
                          with ';' 99 of the first 100 records have 3 fields
                        not in the model, so ignored: 'note', 'left over'
                        """);
    }

    @Test
    void aPersonSeesHowFastAJobGoesAndWhenItIsDone() {
        cli.server.on("GET " + JOB, RUNNING);
        assertThat(cli.run("job", "status", "e5f6a7b8").out()).doesNotContain("rows/s");
        cli.live = true;
        assertThat(cli.run("job", "status", "e5f6a7b8").out())
                .endsWith("\n1,235 rows/s  00:12 left\n");
    }

    @Test
    void goodRowsOfAJobThatFailedAreNotShownAsLoaded() {
        var failed = job("FAILED", "LOADING", 0.5, 7000, 3, "7003", "null");
        cli.server.on("GET " + JOB, failed);
        var ran = cli.run("job", "status", "e5f6a7b8");
        assertThat(ran.out())
                .containsPattern("FAILED +7003 +0 +3 ")
                .endsWith("\nNone of the 7,000 good rows was published.\n");
        cli.server.on("GET " + JOB, failed.replace("\"published\": 0", "\"published\": null"));
        cli.run("job", "status", "e5f6a7b8");
        assertThat(cli.run("job", "status", "e5f6a7b8").out())
                .containsPattern("FAILED +7003 +\\? +3 ")
                .endsWith("\nWhether the 7,000 good rows were published is not known.\n");
    }

    @Test
    void statesHaveColoursOnATerminalOnly() {
        cli.server.on("GET " + JOB, SUCCESS);
        assertThat(cli.run("job", "status", "e5f6a7b8").out()).doesNotContain("\033");
        cli.live = true;
        assertThat(cli.run("job", "status", "e5f6a7b8").out()).contains("\033[32mSUCCESS\033[0m");
        cli.environment.put("NO_COLOR", "1");
        assertThat(cli.run("job", "status", "e5f6a7b8").out()).doesNotContain("\033");
    }

    @Test
    void jobsAreListedAsOneTable() {
        var page = "{\"items\": [%s, %s], \"next\": \"c\"}".formatted(RUNNING, SUCCESS);
        cli.server.on("GET /api/v1/jobs?limit=2&kind=all", page);
        var ran = cli.run("job", "list", "--limit", "2");
        assertThat(ran.out().lines()).hasSize(3);
        assertThat(ran.err()).isEmpty();
        assertThat(json(cli.run("job", "list", "--limit", "2", "--json").out()))
                .isEqualTo(json(page));
    }

    @Test
    void aJobIsCancelled() {
        cli.server.on(
                "POST " + JOB + "/cancel", job("CANCELLED", "LOADING", 1, 0, 0, "null", "null"));
        assertThat(cli.run("job", "cancel", "e5f6a7b8"))
                .isEqualTo(new Ran(0, "job e5f6a7b8 cancelled.\n", ""));
    }

    @Test
    void rejectionsAreCopiedAsTheyCome() {
        var csv = "ROW,EVENT_ID\r\n1,\"a,ä\"\r\n";
        cli.server
                .on("GET " + JOB + "/rejections", 200, "text/csv", csv)
                .on("GET " + JOB + "/rejections?raw=true", 200, "application/x-ndjson", "{}\n");
        assertThat(cli.run("job", "rejected", "e5f6a7b8")).isEqualTo(new Ran(0, csv, ""));
        assertThat(cli.run("job", "rejected", "e5f6a7b8", "--raw", "--json").out())
                .isEqualTo("{}\n");
        assertThat(cli.server.asked().getFirst().header("Accept")).isEqualTo("text/csv");
        assertThat(cli.server.asked().getLast().header("Accept")).isEqualTo("application/x-ndjson");
    }
}
