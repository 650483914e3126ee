package dev.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Engines;
import dev.millrace.core.CrashPoint;
import dev.millrace.embedded.Engine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is left in the middle of a load is brought to its end by whoever comes next: afterwards the
/// table holds the file, row by row.
class CrashTest {
    private static final int ROWS = 150_000;
    private static final GameRounds FILE = GameRounds.of(ROWS, StandardCharsets.UTF_8, 1000, 4);

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(
            value = CrashPoint.class,
            names = {"AFTER_INSERT", "AFTER_LEDGER"})
    void aWorkerThatDiesInTheMiddleOfASplitLosesAndDoublesNothing(CrashPoint point)
            throws Exception {
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
    @EnumSource(
            value = CrashPoint.class,
            names = {"AFTER_SEAL_RENAME", "AFTER_ATTACH", "AFTER_PUBLISHED"})
    void anOwnerThatDiesBetweenSealAndSuccessLosesAndDoublesNothing(CrashPoint point)
            throws Exception {
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

    @ParameterizedTest
    @EnumSource(value = CrashPoint.class, names = "AFTER_STORE")
    void aServerThatDiesInTheMiddleOfAnUploadPublishesNothingOfIt(CrashPoint point)
            throws Exception {
        try (var site = new Site(folder)) {
            var doomed = site.serve(Map.of("MILLRACE_CRASH_AT", point + ":2"));
            site.work("steady", Map.of());
            var table = doomed.api().createModel("rounds", GameRounds.SCHEMA);
            var broken = doomed.api().createJob("rounds", "");
            assertThat(
                            org.assertj.core.api.Assertions.catchThrowable(
                                    () -> doomed.api().upload(broken, FILE.content())))
                    .isInstanceOf(IOException.class);
            assertThat(doomed.program().awaitExit()).isEqualTo(137);

            var api = site.serve(Map.of()).api();

            var job = api.awaitFinal(broken);
            assertThat(job.at("/cause/code").asText()).isEqualTo("UPLOAD_INTERRUPTED");
            assertThat(api.sql("SELECT count() FROM " + table)).containsExactly("0");
            var again = api.createJob("rounds", "");
            assertThat(api.upload(again, FILE.content())).isEqualTo(202);
            assertThatTheTableHoldsTheFile(api, again, table);
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

    private static Map<String, String> crashAt(CrashPoint point) {
        return Map.of("MILLRACE_CRASH_AT", point.name());
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
        var ended = api.awaitFinal(job);
        assertThat(ended.get("state").asText()).as(ended.toString()).isEqualTo("PARTIAL_SUCCESS");
        assertThat(ended.at("/rows/rejected").asLong()).isEqualTo(FILE.bad().size());
        assertThat(api.sql("SELECT * FROM " + table).stream().sorted().toList())
                .isEqualTo(FILE.sorted());
    }
}
