package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// A command line in, what it prints and asks out.
class MillraceTest {
    private static final String JOB = "/api/v1/jobs/e5f6a7b8";
    private static final String RUNNING = job("RUNNING", "LOADING", 0.5, 4, 1, "null", "null");
    private static final String PARTIAL =
            job("PARTIAL_SUCCESS", "PUBLISHED", 1, 8, 2, "10", "null");
    private static final String SUCCESS = job("SUCCESS", "PUBLISHED", 1, 2, 0, "2", "null");
    private static final String FAILED =
            job(
                    "FAILED",
                    "LOADING",
                    1,
                    0,
                    0,
                    "null",
                    """
                    {"code": "HEADER_MISSING_COLUMN", "message": "The header lacks 'amount'",
                     "remedy": "Add the column."}\
                    """);
    private static final String COUNTS =
            """
            {"items": [{"error": "NOT_A_NUMBER", "column": "amount", "count": 1200},
                       {"error": "MISSING_COLUMN", "column": "", "count": 1}]}\
            """;

    @TempDir Path folder;
    private final AnsweringServer server = new AnsweringServer();
    private final Map<String, String> environment = new HashMap<>();
    private boolean live;
    private InputStream in = InputStream.nullInputStream();

    private static String job(
            String state,
            String phase,
            double progress,
            long written,
            long rejected,
            String total,
            String cause) {
        return """
        {"id": "e5f6a7b8", "version": "v/1", "state": "%s", "phase": "%s", "progress": %s,
         "model": {"id": "a1b2c3d4", "name": "purchases", "version": 1, "table": "data_a1b2c3d4"},
         "rows": {"read": %d, "written": %d, "rejected": %d, "total": %s},
         "waitingSeconds": 0.4, "processingSeconds": 62.9, "rowsPerSecond": 1234.5, "cause": %s}\
        """
                .formatted(
                        state,
                        phase,
                        progress,
                        written + rejected,
                        written,
                        rejected,
                        total,
                        cause);
    }

    private record Ran(int code, String out, String err) {}

    private Ran run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        environment.putIfAbsent("MILLRACE_URL", server.url());
        environment.putIfAbsent("MILLRACE_DATA", folder.toString());
        var terminal = new Terminal(in, print(out), print(err), live, environment);
        int code = Millrace.commandLine(terminal, new Extra()).execute(arguments);
        return new Ran(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    @CommandLine.Command(name = "extra")
    private static final class Extra implements Callable<Integer> {
        @Override
        public Integer call() {
            return 7;
        }
    }

    @AfterEach
    void close() {
        server.close();
    }

    private String file(String name, String content) {
        try {
            return Files.writeString(folder.resolve(name), content).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return Json.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // Models

    @Test
    void aModelIsCreatedWithItsColumnsInTheirOrder() {
        server.on("POST /api/v1/models", 201, "application/json", "{\"id\":\"a1b2c3d4\"}");
        var schema = file("m.json", "{\"z\": \"String\", \"a\": \"Float64\"}");
        var ran = run("model", "create", "purchases", schema);
        assertThat(ran).isEqualTo(new Ran(0, "{\n  \"id\": \"a1b2c3d4\"\n}\n", ""));
        assertThat(server.asked().getFirst().text())
                .isEqualTo(
                        "{\"name\":\"purchases\",\"schema\":{\"z\":\"String\",\"a\":\"Float64\"}}");
    }

    @Test
    void aSchemaMayComeFromStandardInput() {
        server.on("PUT /api/v1/models/my%20model", "{}");
        in = new ByteArrayInputStream("{\"a\": \"String\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(run("model", "update", "my model", "-").code()).isZero();
        assertThat(server.asked().getFirst().text()).isEqualTo("{\"schema\":{\"a\":\"String\"}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\": ", "{\"a\": \"String\", \"a\": \"Int8\"}", "{} {}", ""})
    void aSchemaThatIsNoJsonOrNamesAColumnTwiceIsRefusedBeforeItIsSent(String schema) {
        var ran = run("model", "create", "purchases", file("m.json", schema));
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).startsWith("error: ").contains("m.json");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void allPagesOfModelsAreOneList() {
        server.on("GET /api/v1/models?limit=1000", "{\"items\":[{\"id\":\"1\"}],\"next\":\"c d\"}")
                .on(
                        "GET /api/v1/models?limit=1000&cursor=c%20d",
                        "{\"items\":[{\"id\":\"2\"}],\"next\":null}");
        var ran = run("model", "list");
        assertThat(ran.code()).isZero();
        assertThat(json(ran.out()))
                .isEqualTo(json("{\"items\":[{\"id\":\"1\"},{\"id\":\"2\"}],\"next\":null}"));
    }

    @Test
    void aModelIsDescribedAndDeletedByItsName() {
        server.on("GET /api/v1/models/purchases", "{\"name\":\"purchases\"}")
                .on("DELETE /api/v1/models/purchases", "{\"name\":\"purchases\"}");
        assertThat(run("model", "describe", "purchases").out())
                .isEqualTo("{\n  \"name\": \"purchases\"\n}\n");
        assertThat(run("model", "delete", "purchases").out())
                .isEqualTo("{\n  \"name\": \"purchases\"\n}\n");
    }

    // Jobs

    @Test
    void aJobIsCreatedAndSentItsFile() {
        server.on("POST /api/v1/jobs", 201, "application/json", RUNNING)
                .on("PUT " + JOB + "/source", 202, "application/json", RUNNING);
        var data = file("data.csv", "event_id,amount\n1,2.5\n");
        var ran =
                run(
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
                        "1.5%");
        assertThat(ran)
                .isEqualTo(
                        new Ran(
                                0,
                                "job e5f6a7b8 created.\nSee it:  millrace job status e5f6a7b8\n",
                                ""));
        assertThat(json(server.asked().getFirst().text()))
                .isEqualTo(
                        json(
                                """
                                {"model": "purchases", "sourceName": "data.csv",
                                 "encoding": "utf-8", "delimiter": "tab", "quote": "none",
                                 "maxRejected": "1.5%"}\
                                """));
        var sent = server.asked().get(1);
        assertThat(sent.text()).isEqualTo("event_id,amount\n1,2.5\n");
        assertThat(sent.header("Content-length")).isEqualTo("22");
    }

    @Test
    void standardInputIsSentWithoutItsLengthBeingKnown() {
        server.on("POST /api/v1/jobs", 201, "application/json", RUNNING)
                .on("PUT " + JOB + "/source", 202, "application/json", RUNNING);
        var text = "a\n".repeat(1_000_000);
        in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        assertThat(run("job", "create", "purchases", "-", "--name", "dump").code()).isZero();
        assertThat(json(server.asked().getFirst().text()).path("sourceName").asText())
                .isEqualTo("dump");
        assertThat(server.asked().get(1).text()).isEqualTo(text);
        assertThat(server.asked().get(1).header("Transfer-encoding")).isEqualTo("chunked");
    }

    @Test
    void waitingEndsWithTheTableTheCausesAndTheNextCommands() {
        server.on("POST /api/v1/jobs", 201, "application/json", RUNNING)
                .on("PUT " + JOB + "/source", 202, "application/json", RUNNING)
                .on("GET " + JOB + "?waitMillis=10000", RUNNING)
                .on("GET " + JOB + "?waitMillis=10000", PARTIAL)
                .on("GET " + JOB + "/rejections/summary", COUNTS);
        var ran = run("job", "create", "purchases", file("d.csv", "x\n"), "--wait");
        assertThat(ran.code()).isEqualTo(3);
        assertThat(ran.out())
                .isEqualTo(
                        """
                        job e5f6a7b8 created.
                        JOB       MODEL      STATE            TOTAL  OK  ERRORS  PROGRESS                  WAITING  PROCESSING
                        e5f6a7b8  purchases  PARTIAL_SUCCESS     10   8       2  [##############XXX] 100%    00:00       01:02
                        2 rows were rejected; their problems:
                           1,200  NOT_A_NUMBER      amount
                               1  MISSING_COLUMN
                        See them:    millrace job rejected e5f6a7b8
                        Query them:  millrace sql "SELECT count() FROM data_a1b2c3d4"
                        """);
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void aPersonWhoWaitsSeesEachNewsOnOneLine() {
        live = true;
        environment.put("NO_COLOR", "1");
        var seen = "GET " + JOB + "?waitMillis=1000&seen=v%2F1";
        server.on("GET " + JOB, RUNNING);
        for (int i = 0; i < 8; i++) {
            server.on(seen, RUNNING);
        }
        server.on(seen, SUCCESS);
        var ran = run("job", "status", "e5f6a7b8", "--wait");
        assertThat(ran.code()).isZero();
        assertThat(ran.err())
                .contains(
                        "\rloading   [######XX         ]  50%  5 rows  1 rejected  1,235 rows/s\033[K")
                .endsWith("\r\033[K");
        assertThat(ran.out()).contains("SUCCESS").contains("Query them:").doesNotContain("\033");
    }

    @Test
    void aFailedJobSaysItsCauseAndWhatToDo() {
        server.on("GET " + JOB, FAILED);
        var ran = run("job", "status", "e5f6a7b8");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out().lines().skip(2))
                .containsExactly(
                        "cause: The header lacks 'amount' (HEADER_MISSING_COLUMN)",
                        "  Add the column.");
    }

    @Test
    void aRunningJobIsNoFailure() {
        server.on("GET /api/v1/jobs/last", RUNNING);
        var ran = run("job", "status", "last");
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("RUNNING").contains("     -   4       1  [######XX ");
    }

    @Test
    void statesHaveColoursOnATerminalOnly() {
        server.on("GET " + JOB, SUCCESS);
        assertThat(run("job", "status", "e5f6a7b8").out()).doesNotContain("\033");
        live = true;
        assertThat(run("job", "status", "e5f6a7b8").out()).contains("\033[32mSUCCESS\033[0m");
        environment.put("NO_COLOR", "1");
        assertThat(run("job", "status", "e5f6a7b8").out()).doesNotContain("\033");
    }

    @Test
    void jobsAreListedAsOneTable() {
        var page = "{\"items\": [%s, %s], \"next\": \"c\"}".formatted(RUNNING, SUCCESS);
        server.on("GET /api/v1/jobs?limit=2", page);
        var ran = run("job", "list", "--limit", "2");
        assertThat(ran.out().lines()).hasSize(3);
        assertThat(ran.err()).isEmpty();
        assertThat(json(run("job", "list", "--limit", "2", "--json").out())).isEqualTo(json(page));
    }

    @Test
    void aJobIsCancelled() {
        server.on("POST " + JOB + "/cancel", job("CANCELLED", "LOADING", 1, 0, 0, "null", "null"));
        assertThat(run("job", "cancel", "e5f6a7b8"))
                .isEqualTo(new Ran(0, "job e5f6a7b8 cancelled.\n", ""));
    }

    @Test
    void rejectionsAreCopiedAsTheyCome() {
        var csv = "ROW,EVENT_ID\r\n1,\"a,ä\"\r\n";
        server.on("GET " + JOB + "/rejections", 200, "text/csv", csv)
                .on("GET " + JOB + "/rejections?raw=true", 200, "application/x-ndjson", "{}\n");
        assertThat(run("job", "rejected", "e5f6a7b8")).isEqualTo(new Ran(0, csv, ""));
        assertThat(run("job", "rejected", "e5f6a7b8", "--raw", "--json").out()).isEqualTo("{}\n");
        assertThat(server.asked().getFirst().header("Accept")).isEqualTo("text/csv");
        assertThat(server.asked().getLast().header("Accept")).isEqualTo("application/x-ndjson");
    }

    @Test
    void withJsonNothingElseIsPrinted() {
        server.on("POST /api/v1/jobs", 201, "application/json", RUNNING)
                .on("PUT " + JOB + "/source", 202, "application/json", RUNNING)
                .on("GET " + JOB + "?waitMillis=10000", PARTIAL);
        var data = file("d.csv", "x\n");
        var ran = run("job", "create", "purchases", data, "--wait", "--json");
        assertThat(ran.code()).isEqualTo(3);
        assertThat(json(ran.out())).isEqualTo(json(PARTIAL));
        assertThat(json(run("job", "create", "purchases", data, "--json").out()))
                .isEqualTo(json(RUNNING));
    }

    @Test
    void aFileThatTheServerRefusesSaysWhy() {
        server.on("POST /api/v1/jobs", 201, "application/json", RUNNING)
                .on(
                        "PUT " + JOB + "/source",
                        422,
                        "application/problem+json",
                        problem("EMPTY_SOURCE", "d.csv has no header", "Send a file."));
        var ran = run("job", "create", "purchases", file("d.csv", ""));
        assertThat(ran)
                .isEqualTo(
                        new Ran(
                                1,
                                "job e5f6a7b8 created.\n",
                                "error: d.csv has no header\n  Send a file.\n"));
    }

    @Test
    void aConnectionThatBreaksWhileAFileIsSentIsExplainedByTheJob() {
        server.on("POST /api/v1/jobs", 201, "application/json", RUNNING)
                .breaksAt("PUT " + JOB + "/source")
                .on("GET " + JOB + "?waitMillis=5000", FAILED);
        in = new ByteArrayInputStream(new byte[64 << 20]);
        var ran = run("job", "create", "purchases", "-");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).isEqualTo("error: The header lacks 'amount'\n  Add the column.\n");
    }

    // SQL

    @Test
    void aStatementIsAnsweredInTheFormatThatFitsItsReader() {
        for (var format : List.of("TabSeparatedWithNames", "PrettyCompact", "JSON", "CSV")) {
            server.on("POST /api/v1/sql?format=" + format, 200, "text/plain", format);
        }
        assertThat(run("sql", "SELECT 'ä'").out()).isEqualTo("TabSeparatedWithNames");
        assertThat(run("sql", "SELECT 1", "--json").out()).isEqualTo("JSON");
        assertThat(run("sql", "SELECT 1", "--format", "CSV").out()).isEqualTo("CSV");
        live = true;
        assertThat(run("sql", "SELECT 1").out()).isEqualTo("PrettyCompact");
        assertThat(server.asked().getFirst().text()).isEqualTo("SELECT 'ä'");
    }

    // Where the server is, and what goes wrong

    @Test
    void theTokenIsShown() {
        server.on("GET /api/v1/jobs?limit=20", "{\"items\": [], \"next\": null}");
        environment.put("MILLRACE_TOKEN", "from-environment");
        run("job", "list");
        run("job", "list", "--token", "from-flag");
        assertThat(server.asked())
                .extracting(a -> a.header("Authorization"))
                .containsExactly("Bearer from-environment", "Bearer from-flag");
    }

    @Test
    void theServerAndItsTokenAreFoundInTheDataFolder() {
        server.on("GET /api/v1/jobs?limit=20", "{\"items\": [], \"next\": null}");
        file("client.json", "{\"url\": \"%s\", \"token\": \"secret\"}".formatted(server.url()));
        environment.put("MILLRACE_URL", "");
        assertThat(run("job", "list", "--data", folder.toString()).code()).isZero();
        assertThat(server.asked().getFirst().header("Authorization")).isEqualTo("Bearer secret");
    }

    @Test
    void theDataFoldersTokenIsNotShownToAnotherServer() {
        server.on("GET /api/v1/jobs?limit=20", "{\"items\": [], \"next\": null}");
        file("client.json", "{\"url\": \"http://127.0.0.1:1\", \"token\": \"secret\"}");
        assertThat(run("job", "list").code()).isZero();
        assertThat(server.asked().getFirst().header("Authorization")).isEmpty();
    }

    @Test
    void aProblemIsSaidWithItsRemedy() {
        for (int status : new int[] {401, 404, 409, 503}) {
            var request = "/api/v1/models/m" + status;
            var problem = problem("X", "It went wrong", "Do better.");
            server.on("GET " + request, status, "application/problem+json", problem);
            server.on("PUT " + request, status, "application/problem+json", problem);
            var expected = new Ran(1, "", "error: It went wrong\n  Do better.\n");
            assertThat(run("model", "describe", "m" + status)).isEqualTo(expected);
            assertThat(run("model", "update", "m" + status, file("m.json", "{}")))
                    .isEqualTo(expected);
        }
    }

    private static String problem(String code, String detail, String remedy) {
        return "{\"code\": \"%s\", \"detail\": \"%s\", \"remedy\": \"%s\"}"
                .formatted(code, detail, remedy);
    }

    @Test
    void anAnswerThatIsNotMillracesNamesTheAddress() {
        server.on("GET /api/v1/models/m", 502, "text/html", "<html>");
        var ran = run("model", "describe", "m");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("HTTP 502").contains(server.url());
    }

    @Test
    void aMillraceThatDoesNotRunIsSaid() {
        var ran = run("job", "list", "--url", "http://127.0.0.1:1/");
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
        var ran = run("job", "list", "--url", url);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).startsWith("error: '").contains("http://127.0.0.1:8000");
    }

    @Test
    void aFileThatCannotBeReadMakesNoJob() {
        var missing = run("job", "create", "purchases", folder.resolve("no.csv").toString());
        assertThat(missing.err())
                .isEqualTo("error: There is no file '%s/no.csv'\n".formatted(folder));
        var aFolder = run("job", "create", "purchases", folder.toString());
        assertThat(aFolder.err()).startsWith("error: '%s' is a folder".formatted(folder));
        assertThat(List.of(missing.code(), aFolder.code())).containsOnly(1);
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "model",
                "job",
                "nonsense",
                "job create m",
                "job list --limit 0",
                "job list --limit x",
                "sql",
                "job status a b",
                "job cancel"
            })
    void wrongUsageIsAnErrorThatSaysWhereTheHelpIs(String line) {
        var ran = run(line.isEmpty() ? new String[0] : line.split(" "));
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .startsWith("error: ")
                .containsPattern("Usage: millrace|See: millrace .*--help|Did you mean: millrace ");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aWrongUsageDoesNotDrownInTheHelp() {
        assertThat(run("job", "create", "purchases").err())
                .isEqualTo(
                        """
                        error: Missing required parameter: 'FILE'
                          See: millrace job create --help
                        """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "job status",
                "job cancel",
                "job rejected",
                "model delete",
                "model describe"
            })
    void anEmptyIdAsksNothing(String line) {
        var words = new ArrayList<>(List.of(line.split(" ")));
        words.add("");
        var ran = run(words.toArray(String[]::new));
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).startsWith("error: An id or name is empty");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aJobSaysHowItsFileWasReadAndWhatOfItIsIgnored() {
        var source =
                """
                "source": {"encoding": "utf-16be", "compression": "gzip", "delimiter": ";",
                           "quote": "\\"", "ignoredColumns": ["note", "left over"]}, "state":\
                """;
        server.on("GET " + JOB, SUCCESS.replace("\"state\":", source));
        assertThat(run("job", "status", "e5f6a7b8").out())
                .endsWith(
                        """
                        read as: utf-16be in gzip, delimiter ';', quote '"'
                        not in the model, so ignored: 'note', 'left over'
                        """);
    }

    @Test
    void aSchemaThatIsCutShortSaysWhereWithoutTheReadersOwnWords() {
        var cut = file("cut.json", "{\"event_id\": \"String\",\n \"x\": \"Int32\"");
        assertThat(run("model", "create", "x", cut).err())
                .contains("is no JSON, line 2, column")
                .doesNotContain("REDACTED");
    }

    @Test
    void theLineThatIsDrawnOverIsNeverWrapped() {
        live = true;
        server.on("GET " + JOB, RUNNING)
                .on("GET " + JOB + "?waitMillis=1000&seen=v%2F1", RUNNING)
                .on("GET " + JOB + "?waitMillis=1000&seen=v%2F1", RUNNING)
                .on("GET " + JOB + "?waitMillis=1000&seen=v%2F1", RUNNING)
                .on("GET " + JOB + "?waitMillis=1000&seen=v%2F1", SUCCESS);
        assertThat(run("job", "status", "e5f6a7b8", "--wait").err())
                .containsPattern("\033\\[\\?7l\rloading .*\033\\[K\033\\[\\?7h");
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "help job create", "job create --help", "sql -h", "extra -h"})
    void helpIsPrintedAndIsNoError(String line) {
        var ran = run(line.split(" "));
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).startsWith("Usage: millrace");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void everyCommandHasAHelpWithAnExample() {
        var root = Millrace.commandLine(Terminal.ofProcess());
        for (var command : commands(root)) {
            if (command.getCommand() instanceof CommandLine.HelpCommand) {
                continue;
            }
            assertThat(command.getUsageMessage(CommandLine.Help.Ansi.OFF))
                    .as(command.getCommandName())
                    .containsPattern("Examples?:\n  .*(millrace|echo)")
                    .containsPattern("-h, --help");
        }
    }

    private static List<CommandLine> commands(CommandLine root) {
        var all = new ArrayList<>(List.of(root));
        root.getSubcommands().values().forEach(c -> all.addAll(commands(c)));
        return all;
    }

    @Test
    void theApplicationAddsCommandsOfItsOwn() {
        assertThat(run("extra").code()).isEqualTo(7);
    }

    @Test
    void aWaitThatIsInterruptedLeavesTheJobAndSaysSo() throws Exception {
        server.on("GET " + JOB, RUNNING);
        var question = "GET " + JOB + "?waitMillis=10000";
        server.on(question, RUNNING);
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
                                server.url())
                        .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!server.requests().contains(question)) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
        process.toHandle().destroy();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("Job e5f6a7b8 goes on. See: millrace job status e5f6a7b8 --wait");
        assertThat(server.requests()).noneMatch(r -> r.contains("cancel"));
    }

    /// The command line as a process of its own.
    static final class ProcessMain {
        private ProcessMain() {}

        public static void main(String[] arguments) {
            System.exit(Millrace.commandLine().execute(arguments));
        }
    }
}
