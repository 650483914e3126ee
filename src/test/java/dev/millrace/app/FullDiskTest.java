package dev.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A disk that is full holds a load up or fails it, says so, and publishes nothing by halves. Once
/// there is room all is well.
class FullDiskTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static final String TROUBLE = "DISK_FULL|CATALOG_UNAVAILABLE|KAFKA_UNAVAILABLE";

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({"store, 400", "clickhouse, 300", "postgres, 400", "kafka, 200"})
    void aFullDiskIsSaidAndForgottenOnceThereIsRoom(String name, int sizeMb) throws Exception {
        if (!SmallDisk.isAllowed(folder)) {
            System.out.println("SKIPPED: this machine forbids namespaces, no disk can be filled");
            abort("namespaces are forbidden");
        }
        var before = RandomFile.write(new RandomFile.Plan(1, 20_000, 0), folder.resolve("a.csv"));
        var file = RandomFile.write(new RandomFile.Plan(2, 400_000, 0), folder.resolve("b.csv"));
        try (var disk = SmallDisk.start(folder, name, sizeMb);
                var threads = Executors.newCachedThreadPool()) {
            var api = disk.api();
            var model = api.makeModel("full", RandomFile.SCHEMA);
            var id = model.get("id").asText();
            var table = model.get("table").asText();
            new PatientLoad(api, id, before.path()).run();

            disk.fill();
            var load = new PatientLoad(api, id, file.path());
            var end = threads.submit(load::run);
            awaitTrouble(api, id, load);
            disk.makeRoom();

            assertThat(end.get(3, TimeUnit.MINUTES).get("state").asText()).isEqualTo("SUCCESS");
            assertThat(load.failed()).allSatisfy(FullDiskTest::assertThatItSaysWhatToDo);
            assertThat(load.refused()).allMatch(answer -> answer.contains("DISK_FULL"));
            assertThat(content(api, table)).isEqualTo(before.content().plus(file.content()));
        }
    }

    /// Until the server says what is wrong, or a job has failed for it. More and more jobs are made
    /// meanwhile: PostgreSQL keeps some room, which they use up.
    private static void awaitTrouble(ApiClient api, String model, PatientLoad load)
            throws Exception {
        var patience = new Patience(LIMIT, "a full disk troubles nobody");
        var job =
                BodyPublishers.ofString(
                        "{\"model\": \"%s\", \"sourceName\": \"more.csv\"}".formatted(model));
        while (load.failed().isEmpty() && load.refused().isEmpty() && isReady(api)) {
            var made = api.call("POST", "/api/v1/jobs", "application/json", job);
            if (made.statusCode() != 201) {
                assertThat(made.statusCode()).as(made.body()).isIn(503, 507);
                assertThat(made.body()).contains("\"remedy\"").containsPattern(TROUBLE);
                return;
            }
            patience.look();
        }
    }

    private static boolean isReady(ApiClient api) throws InterruptedException {
        try {
            return api.call("GET", "/ready", null, BodyPublishers.noBody()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static void assertThatItSaysWhatToDo(JsonNode job) {
        assertThat(job.at("/cause/code").asText()).as(job.toString()).matches(TROUBLE);
        assertThat(job.at("/cause/remedy").asText()).isNotBlank();
    }

    private static Content content(ApiClient api, String table) throws Exception {
        return Content.parse(api.sql(Content.query(table, RandomFile.ROW)).getFirst());
    }
}
