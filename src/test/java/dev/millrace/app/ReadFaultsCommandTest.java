package dev.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Engines;
import dev.millrace.embedded.EmbeddedEngines;
import dev.millrace.embedded.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands whose ClickHouse is killed under them: each says so, ends as one that failed, and
/// leaves no file.
class ReadFaultsCommandTest {
    private static final String ROWS =
            "SELECT number, repeat('x', 1000), sleepEachRow(0.00001) FROM numbers(100000000)";

    @TempDir Path folder;

    @Test
    void aCommandFailsWithItsClickHouseAndLeavesNothing() throws Exception {
        try (var engines = Engines.start(Set.of(Engine.CLICKHOUSE), folder.resolve("engine"));
                var site = new Site(folder)) {
            var api = site.serve(Map.of("MILLRACE_CONNECTIONS_HOSTS", "127.0.0.1")).api();
            var reader = engines.clickhouse().reader();
            var body =
                    "{\"name\": \"own\", \"url\": \"%s\", \"database\": \"millrace\", \"user\": \"%s\", \"password\": \"%s\"}"
                            .formatted(
                                    engines.clickhouse().url(), reader.user(), reader.password());
            api.post("/api/v1/connections", "application/json", body.getBytes(UTF_8), 201);

            var sql = site.command(api, "sql", "--connection", "own", "--format", "CSV", ROWS);
            var printed = new Patience(Duration.ofMinutes(1), "nothing is printed");
            while (Files.size(sql.printed()) < 1 << 20) {
                printed.look();
            }
            kill(engines.process(Engine.CLICKHOUSE).orElseThrow());
            assertThat(sql.awaitExit()).isEqualTo(1);
            assertThat(sql.output().lines().reduce((_, last) -> last).orElseThrow())
                    .as("the last line")
                    .doesNotStartWith("0,");

            await(api);
            var file = folder.resolve("rows.csv");
            var part = folder.resolve("rows.csv.part");
            var export =
                    site.command(
                            api,
                            "export",
                            "--connection",
                            "own",
                            "--query",
                            ROWS,
                            "--to",
                            file.toString());
            var arrives = new Patience(Duration.ofMinutes(1), "nothing arrives");
            while (!Files.exists(part) || Files.size(part) == 0) {
                arrives.look();
            }
            kill(engines.process(Engine.CLICKHOUSE).orElseThrow());
            assertThat(export.awaitExit()).isEqualTo(1);
            assertThat(export.output()).contains("broke off");
            assertThat(file).doesNotExist();
            assertThat(part).doesNotExist();
            var status = site.command(api, "export", "status", "last");
            assertThat(status.awaitExit()).isEqualTo(1);
            assertThat(status.output()).contains("FAILED", "broke off");

            await(api);
            var preview =
                    site.command(
                            api,
                            "preview",
                            "--connection",
                            "own",
                            "--query",
                            "SELECT count(sleepEachRow(0.5)) AS silent FROM numbers(600) SETTINGS max_block_size = 1");
            var runs = new Patience(Duration.ofMinutes(1), "the query does not run");
            var process = engines.process(Engine.CLICKHOUSE).orElseThrow();
            while (preview.process().isAlive() && !isRunning(engines.clickhouse().url(), engines)) {
                runs.look();
            }
            kill(process);
            assertThat(preview.awaitExit()).isEqualTo(1);
            assertThat(preview.output()).contains("broke off");
        }
    }

    private static boolean isRunning(String url, EmbeddedEngines engines) throws Exception {
        var login = engines.clickhouse().user();
        return !ApiClient.ask(
                        url,
                        login.user(),
                        login.password(),
                        "SELECT count() FROM system.processes WHERE query LIKE '%AS silent%' AND user = 'reader' AND query NOT LIKE 'DESCRIBE%'")
                .equals("0");
    }

    private static void kill(ProcessHandle process) throws Exception {
        process.destroyForcibly();
        process.onExit().get();
    }

    private static void await(ApiClient api) throws Exception {
        var back = new Patience(Duration.ofMinutes(1), "the server is not back");
        while (!api.isTested("own")) {
            back.look();
        }
    }
}
