package dev.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `millrace export` as a process, at a server that is one: what it leaves is a whole file or none.
class ExportCommandTest {
    @TempDir Path folder;

    private static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    @Test
    void aFileIsThereOnceItIsWholeAndNeverOtherwise() throws Exception {
        try (var site = new Site(folder)) {
            var api = site.serve(Map.of()).api();
            var file = folder.resolve("rows.csv.gz");
            var query = "SELECT number FROM numbers(100000)";
            var good = site.command(api, "export", "--query", query, "--to", file.toString());
            assertThat(good.awaitExit()).as(good.output()).isZero();
            assertThat(good.output()).contains("100,000 rows", "query log", "crc32c ");
            try (var unpacked =
                    new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
                assertThat(new String(unpacked.readAllBytes(), UTF_8)).hasLineCount(100_001);
            }

            var there = site.command(api, "export", "--query", query, "--to", file.toString());
            assertThat(there.awaitExit()).isEqualTo(1);
            assertThat(there.output()).contains("--force");
            var forced =
                    site.command(
                            api, "export", "--query", query, "--to", file.toString(), "--force");
            assertThat(forced.awaitExit()).as(forced.output()).isZero();

            var hashed =
                    site.command(
                            api,
                            "export",
                            "--query",
                            query,
                            "--to",
                            file.toString(),
                            "--force",
                            "--fsync",
                            "--checksum",
                            "sha256");
            assertThat(hashed.awaitExit()).as(hashed.output()).isZero();
            assertThat(hashed.output()).contains("sha256 " + sha256(Files.readAllBytes(file)));

            var bad = folder.resolve("bad.csv");
            var fails =
                    site.command(
                            api,
                            "export",
                            "--query",
                            "SELECT number, repeat('x', 100), throwIf(number = 400000, 'it was meant to')"
                                    + " FROM numbers(500000)",
                            "--to",
                            bad.toString());
            assertThat(fails.awaitExit()).isEqualTo(1);
            assertThat(fails.output()).contains("it was meant to");
            assertNothing(bad);

            var taken = folder.resolve("taken.csv");
            var taking =
                    site.command(
                            api,
                            "export",
                            "--query",
                            "SELECT number, sleepEachRow(0.00001) FROM numbers(300000)",
                            "--to",
                            taken.toString());
            awaitPart(taken);
            var second = site.command(api, "export", "--query", query, "--to", taken.toString());
            assertThat(second.awaitExit()).isEqualTo(1);
            assertThat(second.output()).contains("Another command");
            Files.writeString(taken, "somebody's");
            assertThat(taking.awaitExit()).isEqualTo(1);
            assertThat(taking.output()).contains("already", "--force");
            assertThat(taken).hasContent("somebody's");

            var stopped = folder.resolve("stopped.csv");
            var slow =
                    site.command(
                            api,
                            "export",
                            "--query",
                            "SELECT number, repeat('x', 1000), sleepEachRow(0.00001) FROM numbers(100000000)",
                            "--to",
                            stopped.toString());
            awaitPart(stopped);
            slow.interrupt();
            slow.awaitExit();
            assertNothing(stopped);
            var status = site.command(api, "export", "status", "last");
            assertThat(status.awaitExit()).isEqualTo(1);
            assertThat(status.output()).contains("CANCELLED");
        }
    }

    /// What is the command's own folder by that name is none of the server's.
    @Test
    void aServerThatDoesNotHaveTheFileSendsIt() throws Exception {
        try (var site = new Site(folder)) {
            var api = site.serve(Map.of()).api();
            var query = "SELECT number FROM numbers(100000)";
            var there = Files.createDirectory(folder.resolve("there"));
            var arguments =
                    new ArrayList<>(
                            List.of("export", "--query", query, "--to", "/proc/self/cwd/rows.csv"));
            arguments.addAll(api.options());
            var from = List.of("env", "-C", there.toString());
            try (var sent = Program.start(folder, from, Program.SMALL, Map.of(), arguments)) {
                assertThat(sent.awaitExit()).as(sent.output()).isZero();
            }
            var written = folder.resolve("written.csv");
            var near = site.command(api, "export", "--query", query, "--to", written.toString());
            assertThat(near.awaitExit()).as(near.output()).isZero();
            assertThat(there.resolve("rows.csv")).hasSameBinaryContentAs(written);
            assertNothing(folder.resolve("rows.csv"));
        }
    }

    @Test
    void loadsAndExportsAreOneListAndAModelsNameIsEnough() throws Exception {
        try (var site = new Site(folder)) {
            var api = site.serve(Map.of()).api();
            var worker = site.work("one", Map.of());
            var table = api.createModel("purchases", "{\"id\": \"UInt32\", \"name\": \"String\"}");
            var first = api.createJob("purchases", "");
            api.upload(first, "id,name\n1,a\n2,b\n".getBytes(UTF_8));
            api.awaitFinal(first);
            var out = folder.resolve("purchases.csv");
            var exported = site.command(api, "export", "purchases", "--to", out.toString());
            assertThat(exported.awaitExit()).as(exported.output()).isZero();
            assertThat(out).hasContent("\"id\",\"name\"\n1,\"a\"\n2,\"b\"\n");
            var second = api.createJob("purchases", "");
            var waiting =
                    api.post(
                                    "/api/v1/exports",
                                    "application/json",
                                    "{\"table\": {\"table\": \"%s\"}, \"format\": \"csv\"}"
                                            .formatted(table)
                                            .getBytes(UTF_8),
                                    201)
                            .get("id")
                            .asText();

            var all = new ArrayList<String>();
            var path = "/api/v1/jobs?kind=all&limit=1";
            for (var page = api.get(path); ; page = api.get(path + "&cursor=" + all.getLast())) {
                page.path("items").forEach(item -> all.add(item.path("id").asText()));
                if (page.path("next").isNull()) {
                    break;
                }
            }
            assertThat(all).hasSize(4).startsWith(waiting, second).endsWith(first);
            assertThat(ids(api.get("/api/v1/jobs?kind=all&limit=3&cursor=" + waiting)))
                    .isEqualTo(all.subList(1, 4));
            assertThat(ids(api.get("/api/v1/jobs"))).containsExactly(second, first);
            assertThat(ids(api.get("/api/v1/jobs?kind=export")))
                    .containsExactly(waiting, all.get(2));

            var list = site.command(api, "job", "list");
            assertThat(list.awaitExit()).isZero();
            assertThat(list.output()).contains(all).contains("(export)", "purchases");
            var status = site.command(api, "job", "status", all.get(2));
            assertThat(status.awaitExit()).as(status.output()).isZero();
            assertThat(status.output()).contains("SUCCESS", "crc32c");
            var cancel = site.command(api, "job", "cancel", waiting);
            assertThat(cancel.awaitExit()).as(cancel.output()).isZero();
            assertThat(cancel.output()).contains("export " + waiting + " cancelled");
            var cancelled = site.command(api, "job", "status", waiting, "--wait");
            assertThat(cancelled.awaitExit()).isEqualTo(1);
            assertThat(cancelled.output()).contains("CANCELLED");
            worker.close();
        }
    }

    private static List<String> ids(JsonNode page) {
        return page.path("items").valueStream().map(each -> each.path("id").asText()).toList();
    }

    private static void awaitPart(Path file) throws Exception {
        var part = file.resolveSibling(file.getFileName() + ".part");
        var patience = new Patience(Duration.ofMinutes(1), "nothing arrives");
        while (!Files.exists(part) || Files.size(part) == 0) {
            patience.look();
        }
    }

    private static void assertNothing(Path file) {
        assertThat(file).doesNotExist();
        assertThat(file.resolveSibling(file.getFileName() + ".part")).doesNotExist();
    }
}
