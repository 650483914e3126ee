package dev.millrace.cli;

import static dev.millrace.cli.Answers.JOB;
import static dev.millrace.cli.Answers.PARTIAL;
import static dev.millrace.cli.Answers.RUNNING;
import static dev.millrace.cli.Answers.SUCCESS;
import static dev.millrace.cli.Answers.job;
import static dev.millrace.cli.Answers.json;
import static dev.millrace.cli.Answers.problem;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.cli.CommandRun.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `millrace job rejected`: why rows were rejected, and the rows themselves.
class JobRejectedTest {
    private static final String SOURCE = JOB + "/rejections/source";
    private static final String CAUSES =
            """
            {"items": [
              {"error": "NOT_A_NUMBER", "column": "amount", "count": 1200, "examples": [
                {"row": 3, "eventId": "x", "observed": "ten", "message": "'ten' is not a number"},
                {"row": 9, "eventId": "", "observed": "\\u001b[2J", "message": "no number"}]},
              {"error": "EXTRA_COLUMN", "column": "", "count": 1, "examples": []}]}\
            """;

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
    void theSummaryNamesEveryCauseWithExamplesAndTheWayToMendThem() {
        var source =
                """
                "source": {"encoding": "utf-16le", "delimiter": "\\t", "quote": "\\"",
                 "comment": "none",
                 "columns": ["id", "the amount"]}, "state":\
                """;
        cli.server
                .on("GET " + JOB, PARTIAL.replace("\"state\":", source))
                .on("GET " + JOB + "/rejections/summary", CAUSES);
        assertThat(cli.run("job", "rejected", "e5f6a7b8", "--summary"))
                .isEqualTo(
                        new Ran(
                                0,
                                """
                                CODE          COLUMN  COUNT
                                NOT_A_NUMBER  amount  1,200
                                  row 3: 'ten' is not a number
                                  row 9: '·[2J': no number
                                EXTRA_COLUMN              1
                                Mend them:   millrace job rejected e5f6a7b8 --source -o rejected-e5f6a7b8.csv
                                Load again:  millrace job create purchases rejected-e5f6a7b8.csv --parent e5f6a7b8 --encoding utf-16le --delimiter tab --quote '"' --comment none --columns 'id,the amount' --wait
                                """,
                                ""));
        assertThat(json(cli.run("job", "rejected", "e5f6a7b8", "--summary", "--json").out()))
                .isEqualTo(json(CAUSES));
    }

    @Test
    void theRowsOfAJobThatPublishedNothingAreMendedInTheFile() {
        cli.server
                .on("GET " + JOB, job("FAILED", "LOADING", 1, 5, 3, "8", "null"))
                .on("GET " + JOB, RUNNING)
                .on("GET " + JOB, SUCCESS)
                .on("GET " + JOB + "/rejections/summary", CAUSES)
                .on("GET " + JOB + "/rejections/summary", CAUSES)
                .on("GET " + JOB + "/rejections/summary", "{\"items\": []}");
        assertThat(cli.run("job", "rejected", "e5f6a7b8", "--summary").out())
                .endsWith(
                        "None of the job's rows is in the table: mend the rejected ones in the file"
                                + " itself, and load it whole.\n");
        assertThat(cli.run("job", "rejected", "e5f6a7b8", "--summary").out())
                .endsWith("The job goes on; these are the rejections so far.\n");
        assertThat(cli.run("job", "rejected", "e5f6a7b8", "--summary").out())
                .isEqualTo("No row was rejected.\n");
    }

    @Test
    void theRejectedRowsArePrintedByteForByte() {
        var file = "a;b\n\"1\nä;\"\r\n";
        cli.server.on(
                "GET " + SOURCE,
                Map.of("Millrace-Rows", "1", "Millrace-Rows-Omitted", "0"),
                file.getBytes(UTF_8));
        assertThat(cli.run("job", "rejected", "e5f6a7b8", "--source"))
                .isEqualTo(new Ran(0, file, ""));
    }

    @Test
    void aFileHasTheRejectedRowsOnceItIsWhole() throws IOException {
        var content = "\uFEFFa\nx\n".getBytes(UTF_16LE);
        cli.server.on(
                "GET " + SOURCE,
                Map.of("Millrace-Rows", "1000", "Millrace-Rows-Omitted", "200"),
                content);
        var file = cli.file("mend.csv", "what was there before");
        assertThat(cli.run("job", "rejected", "e5f6a7b8", "--source", "-o", file))
                .isEqualTo(
                        new Ran(
                                0,
                                "",
                                """
                                1,000 rejected rows in %s.
                                The file has 1,000 of 1,200 rejected rows: the others were too many to be kept.
                                """
                                        .formatted(file)));
        assertThat(Path.of(file)).hasBinaryContent(content);
        try (var files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString()).toList())
                    .containsExactly("mend.csv");
        }
    }

    @Test
    void aFileStaysAsItIsWhenTheRowsAreGone() {
        cli.server.on(
                "GET " + SOURCE,
                410,
                "application/problem+json",
                problem("REJECTIONS_GONE", "They are no longer kept", "Take them from the file."));
        var file = cli.file("mend.csv", "before");
        assertThat(cli.run("job", "rejected", "e5f6a7b8", "--source", "-o", file))
                .isEqualTo(
                        new Ran(
                                1,
                                "",
                                "error: They are no longer kept\n  Take them from the file.\n"));
        assertThat(Path.of(file)).hasContent("before");
    }

    @Test
    void aFileThatCannotBeWrittenSaysSo() {
        cli.server.on("GET " + SOURCE, Map.of(), new byte[] {'a'});
        var file = folder.resolve("none/mend.csv").toString();
        var ran = cli.run("job", "rejected", "e5f6a7b8", "--source", "-o", file);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).startsWith("error: Could not write '" + file + "'");
    }

    @Test
    void onlyOneFormIsAskedForAtATime() {
        assertThat(cli.run("job", "rejected", "last", "--source", "--summary").code()).isEqualTo(2);
        assertThat(cli.run("job", "rejected", "last", "--source", "--raw").code()).isEqualTo(2);
        assertThat(cli.run("job", "rejected", "last", "--summary", "-o", "x").code()).isEqualTo(2);
        assertThat(cli.server.requests()).isEmpty();
    }

    @Test
    void aPersonWhoLooksAtAJobIsToldWhereItsRejectionsAre() {
        cli.server.on("GET " + JOB, PARTIAL);
        assertThat(cli.run("job", "status", "e5f6a7b8").err()).isEmpty();
        cli.live = true;
        assertThat(cli.run("job", "status", "e5f6a7b8").err())
                .isEqualTo(
                        "See why rows were rejected:  millrace job rejected e5f6a7b8 --summary\n");
    }
}
