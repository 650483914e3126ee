package dev.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Leases, the signs of life of splits and the order of jobs are told by the catalog's clock alone:
/// processes whose own clocks are an hour off, one ahead and one behind, load as any others.
class WrongClockTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({"PT1H, PT0S, PT-1H", "PT-1H, PT1H, PT0S"})
    void aClockThatIsAnHourOffTakesNothingFromAnybody(String one, String other, String third)
            throws Exception {
        try (var site = new Site(folder)) {
            var server = site.serve(clock(one));
            site.serve(clock(other)); // would take jobs whose leases look expired to it
            var worker = site.work("steady", clock(third));
            var api = server.api();
            var file =
                    RandomFile.write(
                            new RandomFile.Plan(11, 400_000, 100), folder.resolve("file.csv"));
            var table = api.createModel("clocks", RandomFile.SCHEMA);
            var job = api.createJob("clocks", "");

            assertThat(api.upload(job, file.path())).isEqualTo(202);

            var ended = api.awaitFinal(job);
            assertThat(ended.get("state").asText()).as("%s", ended).isEqualTo("PARTIAL_SUCCESS");
            assertThat(ended.get("attempt").asInt()).isEqualTo(1);
            assertThat(Warehouse.content(table)).isEqualTo(file.content());
            assertThat(server.program().output()).doesNotContain("lease=lost", "drive=left");
            assertThat(worker.output()).doesNotContain(" ERROR ");
        }
    }

    private static Map<String, String> clock(String offset) {
        return Map.of("MILLRACE_CLOCK_OFFSET", offset);
    }
}
