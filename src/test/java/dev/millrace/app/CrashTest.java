package dev.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.millrace.Engines;
import dev.millrace.embedded.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is left in the middle of a load is brought to its end by whoever comes next: afterwards the
/// table holds the file, row by row.
class CrashTest {
    private static final int ROWS = 150_000;
    private static final GameRounds FILE = GameRounds.of(ROWS, StandardCharsets.UTF_8, 1000, 4);

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"AFTER_INSERT", "AFTER_LEDGER"})
    void aWorkerThatDiesInTheMiddleOfASplitLosesAndDoublesNothing(String point) throws Exception {
        try (var site = new Site(folder)) {
            var api = site.serve(Map.of()).api();
            var doomed = site.work("steady", crashAt(point));
            var table = api.createModel("rounds", GameRounds.SCHEMA);
            var job = api.createJob("rounds", "");
            assertThat(api.upload(job, FILE.content())).isEqualTo(202);
            assertThat(doomed.awaitExit()).isEqualTo(137);

            site.work("steady", Map.of());

            assertThatTheTableHoldsTheFile(api, job, table);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AFTER_FENCE_RENAME", "AFTER_PUBLISH_ATTACH", "AFTER_PUBLISH_RECORD"})
    void anOwnerThatDiesBetweenSealAndSuccessLosesAndDoublesNothing(String point) throws Exception {
        try (var site = new Site(folder)) {
            var doomed = site.serve(crashAt(point));
            site.work("steady", Map.of());
            var table = doomed.api().createModel("rounds", GameRounds.SCHEMA);
            var job = doomed.api().createJob("rounds", "");
            doomed.api().upload(job, FILE.content());
            assertThat(doomed.program().awaitExit()).isEqualTo(137);

            var api = site.serve(Map.of()).api();

            assertThatTheTableHoldsTheFile(api, job, table);
        }
    }

    @Test
    void anUploadGoesOnWhereItWasWhenItsServerDied() throws Exception {
        try (var site = new Site(folder)) {
            var doomed = site.serve(Map.of("MILLRACE_CRASH_AT", "AFTER_STORE:2"));
            site.work("steady", Map.of());
            var table = doomed.api().createModel("rounds", GameRounds.SCHEMA);
            var job = doomed.api().createJob("rounds", "");
            assertThat(catchThrowable(() -> doomed.api().upload(job, FILE.content())))
                    .isInstanceOf(IOException.class);
            assertThat(doomed.program().awaitExit()).isEqualTo(137);

            var api = site.serve(Map.of()).api();

            var upload = api.job(job).get("upload");
            assertThat(upload.get("state").asText()).isEqualTo("INTERRUPTED");
            var offset = upload.get("offset").asInt();
            assertThat(offset).isBetween(1 << 20, FILE.content().length - 1);
            var wrong = FILE.content().clone();
            wrong[offset / 2] ^= 1;
            assertThat(api.goOn(job, wrong, offset)).isEqualTo(409);
            assertThat(api.goOn(job, FILE.content(), offset - 1)).isEqualTo(409);
            assertThat(api.goOn(job, FILE.content(), offset)).isEqualTo(202);
            assertThatTheTableHoldsTheFile(api, job, table);
        }
    }

    @Test
    void aFileIsSentToItsEndByOneCommandThoughTheServerDiesOnTheWay() throws Exception {
        try (var site = new Site(folder)) {
            var port = Map.of("MILLRACE_HTTP_PORT", Integer.toString(freePort()));
            var crash = new HashMap<>(port);
            crash.put("MILLRACE_CRASH_AT", "AFTER_STORE:2");
            var doomed = site.serve(crash);
            site.work("steady", Map.of());
            var table = doomed.api().createModel("rounds", GameRounds.SCHEMA);
            var file = Files.write(folder.resolve("rounds.csv"), FILE.content());
            var command =
                    site.command(
                            doomed.api(), "job", "create", "rounds", file.toString(), "--wait");
            assertThat(doomed.program().awaitExit()).isEqualTo(137);

            var api = site.serve(port).api();

            assertThat(command.awaitExit()).as(command.output()).isEqualTo(3);
            assertThat(command.output()).contains("broke off");
            assertThatTheTableHoldsTheFile(api, "last", table);
        }
    }

    @Test
    void anUploadWhoseCommandIsKilledIsResumedByAnother() throws Exception {
        try (var site = new Site(folder)) {
            var doomed = site.serve(Map.of("MILLRACE_CRASH_AT", "AFTER_STORE:2"));
            site.work("steady", Map.of());
            var table = doomed.api().createModel("rounds", GameRounds.SCHEMA);
            var file = Files.write(folder.resolve("rounds.csv"), FILE.content()).toString();
            var killed = site.command(doomed.api(), "job", "create", "rounds", file);
            assertThat(doomed.program().awaitExit()).isEqualTo(137);
            killed.kill();
            var api = site.serve(Map.of()).api();
            var job = api.job("last").get("id").asText();

            var resumed = site.command(api, "job", "resume", job, file, "--wait");

            assertThat(resumed.awaitExit()).as(resumed.output()).isEqualTo(3);
            assertThatTheTableHoldsTheFile(api, job, table);
            var again = site.command(api, "job", "resume", job, file);
            assertThat(again.awaitExit()).isEqualTo(1);
            assertThat(again.output()).contains("has its whole file");
        }
    }

    @Test
    void anUploadThatNobodyBeginsExpires() throws Exception {
        try (var site = new Site(folder)) {
            var api = site.serve(Map.of("MILLRACE_UPLOAD_EXPIRY", "2s")).api();
            api.createModel("rounds", GameRounds.SCHEMA);

            var job = api.awaitFinal(api.createJob("rounds", ""));

            assertThat(job.at("/cause/code").asText()).isEqualTo("UPLOAD_INTERRUPTED");
            assertThat(job.at("/cause/message").asText())
                    .isEqualTo("No source came within 2 seconds");
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void anEngineThatIsKilledInTheMiddleOfALoadLosesAndDoublesNothing(Engine engine)
            throws Exception {
        try (var site = new Site(folder)) {
            var api = site.serve(Map.of()).api();
            site.work("steady", Map.of());
            var table = api.createModel("rounds", GameRounds.SCHEMA);
            var job = api.createJob("rounds", "");
            var killer = Thread.ofVirtual().start(() -> killAtFirstSplit(engine, api, job));

            assertThat(api.upload(job, FILE.content())).isEqualTo(202);

            killer.join();
            assertThatTheTableHoldsTheFile(api, job, table);
        }
    }

    private static Map<String, String> crashAt(String point) {
        return Map.of("MILLRACE_CRASH_AT", point);
    }

    private static void killAtFirstSplit(Engine engine, ApiClient api, String job) {
        try {
            while (api.job(job).at("/splits/stored").asInt() == 0) {
                Thread.onSpinWait();
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
        Engines.process(engine).destroyForcibly();
    }

    private static void assertThatTheTableHoldsTheFile(ApiClient api, String job, String table)
            throws Exception {
        var ended = api.awaitFinalOverOutages(job);
        assertThat(ended.get("state").asText()).as(ended.toString()).isEqualTo("PARTIAL_SUCCESS");
        assertThat(ended.at("/rows/rejected").asLong()).isEqualTo(FILE.bad().size());
        assertThat(api.sql("SELECT * FROM " + table).stream().sorted().toList())
                .isEqualTo(FILE.sorted());
    }
}
