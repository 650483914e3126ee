package dev.millrace.cli;

import static dev.millrace.cli.Answers.COUNTS;
import static dev.millrace.cli.Answers.JOB;
import static dev.millrace.cli.Answers.PARTIAL;
import static dev.millrace.cli.Answers.RUNNING;
import static dev.millrace.cli.Answers.SUCCESS;
import static dev.millrace.cli.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `--wait`: what a person, a pipe and a script see of a job until its end.
class JobWaitTest {
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
    void waitingEndsWithTheTableTheCausesAndTheNextCommands() {
        cli.server
                .on("POST /api/v1/jobs", 201, "application/json", RUNNING)
                .on("PUT " + JOB + "/source", 202, "application/json", RUNNING)
                .on("GET " + JOB + "?waitMillis=10000", RUNNING)
                .on("GET " + JOB + "?waitMillis=10000", PARTIAL)
                .on("GET " + JOB + "/rejections/summary", COUNTS);
        var ran = cli.run("job", "create", "purchases", cli.file("d.csv", "x\n"), "--wait");
        assertThat(ran.code()).isEqualTo(3);
        assertThat(ran.out())
                .isEqualTo(
                        """
                        job e5f6a7b8 created.
                        JOB       MODEL      STATE            TOTAL  OK  ERRORS  PROGRESS                  WAITING  PROCESSING
                        e5f6a7b8  purchases  PARTIAL_SUCCESS     10   8       2  [##############XXX] 100%    00:00       01:02
                        2 rows were rejected; their problems:
                           1,200  NOT_A_NUMBER    amount
                               1  MISSING_COLUMN
                        See them:    millrace job rejected e5f6a7b8
                        See why:     millrace job rejected e5f6a7b8 --summary
                        Mend them:   millrace job rejected e5f6a7b8 --source -o rejected-e5f6a7b8.csv
                        Load again:  millrace job create purchases rejected-e5f6a7b8.csv --parent e5f6a7b8 --wait
                        Query them:  millrace sql "SELECT count() FROM data_a1b2c3d4"
                        """);
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void aPersonWhoWaitsSeesEachNewsOnOneLine() {
        cli.live = true;
        cli.environment.put("NO_COLOR", "1");
        var seen = "GET " + JOB + "?waitMillis=1000&seen=v%2F1";
        cli.server.on("GET " + JOB, RUNNING);
        for (int i = 0; i < 8; i++) {
            cli.server.on(seen, RUNNING);
        }
        cli.server.on(seen, SUCCESS);
        var ran = cli.run("job", "status", "e5f6a7b8", "--wait");
        assertThat(ran.code()).isZero();
        assertThat(ran.err())
                .contains(
                        "\rloading   [######XX         ]  50%  5 rows  1 rejected  1,235 rows/s  00:12 left\033[K")
                .endsWith("\r\033[K");
        assertThat(ran.out()).contains("SUCCESS").contains("Query them:").doesNotContain("\033");
    }

    @Test
    void theLineThatIsDrawnOverIsNeverWrapped() {
        cli.live = true;
        cli.server
                .on("GET " + JOB, RUNNING)
                .on("GET " + JOB + "?waitMillis=1000&seen=v%2F1", RUNNING)
                .on("GET " + JOB + "?waitMillis=1000&seen=v%2F1", RUNNING)
                .on("GET " + JOB + "?waitMillis=1000&seen=v%2F1", RUNNING)
                .on("GET " + JOB + "?waitMillis=1000&seen=v%2F1", SUCCESS);
        assertThat(cli.run("job", "status", "e5f6a7b8", "--wait").err())
                .containsPattern("\033\\[\\?7l\rloading .*\033\\[K\033\\[\\?7h");
    }

    @Test
    void withJsonNothingElseIsPrinted() {
        cli.server
                .on("POST /api/v1/jobs", 201, "application/json", RUNNING)
                .on("PUT " + JOB + "/source", 202, "application/json", RUNNING)
                .on("GET " + JOB + "?waitMillis=10000", PARTIAL);
        var data = cli.file("d.csv", "x\n");
        var ran = cli.run("job", "create", "purchases", data, "--wait", "--json");
        assertThat(ran.code()).isEqualTo(3);
        assertThat(json(ran.out())).isEqualTo(json(PARTIAL));
        assertThat(json(cli.run("job", "create", "purchases", data, "--json").out()))
                .isEqualTo(json(RUNNING));
    }

    @Test
    void aWaitThatIsInterruptedLeavesTheJobAndSaysSo() throws Exception {
        cli.server.on("GET " + JOB, RUNNING);
        var question = "GET " + JOB + "?waitMillis=10000";
        cli.server.on(question, RUNNING);
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                ProcessMain.class.getName(),
                                "job",
                                "status",
                                "e5f6a7b8",
                                "--wait",
                                "--url",
                                cli.server.url())
                        .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!cli.server.requests().contains(question)) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
        process.toHandle().destroy();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("Job e5f6a7b8 goes on. See: millrace job status e5f6a7b8 --wait");
        assertThat(cli.server.requests()).noneMatch(r -> r.contains("cancel"));
    }

    /// The command line as a process of its own.
    static final class ProcessMain {
        private ProcessMain() {}

        public static void main(String[] arguments) {
            System.exit(
                    Millrace.commandLine(List.of(arguments), new Commands()).execute(arguments));
        }
    }
}
