package dev.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that stands still for longer than the others wait for it, and then goes on as if
/// nothing had been, changes nothing any more.
class FrozenProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir private Path folder;
    private Site site;
    private Site.Server server;
    private RandomFile file;
    private String table;
    private String job;
    private Set<String> stagingBefore;

    /// A job whose file is in the store, and which nobody loads yet.
    @BeforeEach
    void uploadAFile() throws Exception {
        stagingBefore = Warehouse.staging();
        site = new Site(folder);
        server = site.serve(Map.of());
        file = RandomFile.write(new RandomFile.Plan(7, 700_000, 100), folder.resolve("file.csv"));
        table = server.api().createModel("frozen", RandomFile.SCHEMA);
        job = server.api().createJob("frozen", "");
        assertThat(server.api().upload(job, file.path())).isEqualTo(202);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void workersThatWakeAfterTheAuditAndAfterThePublishChangeNothing() throws Exception {
        var early = freezeAWorkerInASplit("early");
        var late = freezeAWorkerInASplit("late");
        try (var held = site.connect()) {
            lockTable(held);
            site.work("steady", Map.of());
            awaitTrue("an audited job that waits for the table", this::someoneWaitsForTheLock);
            assertThat(server.api().job(job).get("phase").asText()).isEqualTo("AUDITED");

            thaw(early);
        }
        assertThatTheJobSucceeds(server.api());
        thaw(late);

        assertThatAllIsAsItShouldBe(server.api(), file.content());
        assertThatItLoads(server.api());
        assertThatNothingFailed(early);
        assertThatNothingFailed(late);
    }

    @Test
    void aWorkerThatWakesAfterTheCancellationBringsNothingBack() throws Exception {
        var frozen = freezeAWorkerInASplit("frozen");
        var steady = site.work("steady", Map.of());
        steady.awaitLine("takes partitions"); // which needs the frozen one's session to be over
        server.api().cancel(job);
        awaitTrue("no staging", () -> stagingBefore.containsAll(Warehouse.staging()));

        thaw(frozen);

        assertThatAllIsAsItShouldBe(server.api(), Content.NOTHING);
        assertThat(server.api().job(job).get("state").asText()).isEqualTo("CANCELLED");
        steady.close();
        assertThatItLoads(server.api());
        assertThatNothingFailed(frozen);
    }

    @Test
    void anOwnerThatWakesAfterTheEndChangesNothing() throws Exception {
        server.program().freeze();
        site.work("steady", Map.of());
        var second = site.serve(Map.of());
        assertThatTheJobSucceeds(second.api());

        server.program().thaw();

        server.program().awaitLine("drive=left");
        assertThatAllIsAsItShouldBe(second.api(), file.content());
        second.program().close();
        assertThatItLoads(server.api());
        assertThatNothingFailed(server.program());
    }

    @Test
    void anOwnerThatIsFrozenWithTheTablesLockDoesNotHoldUpTheNext() throws Exception {
        try (var held = site.connect()) {
            lockTable(held);
            site.work("steady", Map.of());
            awaitTrue("an owner that waits for the lock", this::someoneWaitsForTheLock);
            server.program().freeze();
        }
        var second = site.serve(Map.of());

        assertThatTheJobSucceeds(second.api());

        server.program().thaw();
        server.program().awaitLine("drive=left");
        assertThatAllIsAsItShouldBe(second.api(), file.content());
    }

    private Program freezeAWorkerInASplit(String name) throws Exception {
        var worker = site.work(name, Map.of());
        var patience = new Patience(LIMIT, "the worker is never in the middle of a split");
        while (true) {
            if (isInASplit(name)) {
                worker.freeze();
                patience.look(); // what the catalog was just told arrives
                if (isInASplit(name)) {
                    return worker;
                }
                worker.thaw();
            }
            Thread.onSpinWait();
        }
    }

    private boolean isInASplit(String name) throws SQLException {
        return site.has(
                ("select 1 from split join job on job.id = job_id where public_id = '%s'"
                                + " and worker = '%s' and not done")
                        .formatted(job, name));
    }

    /// Wakes a worker and waits until it has seen what became of its split.
    private static void thaw(Program worker) throws IOException, InterruptedException {
        worker.thaw();
        worker.awaitLine(" split=");
    }

    /// As whoever publishes does.
    private void lockTable(Connection session) throws SQLException {
        try (var statement = session.createStatement()) {
            statement.execute(
                    "select pg_advisory_lock(hashtextextended('%s', 0))".formatted(table));
        }
    }

    private boolean someoneWaitsForTheLock() throws SQLException {
        return site.has(
                "select 1 from pg_locks where locktype = 'advisory' and not granted"
                        + " and database = (select oid from pg_database"
                        + " where datname = current_database())");
    }

    private void assertThatTheJobSucceeds(ApiClient api) throws Exception {
        var ended = api.awaitFinal(job);
        assertThat(ended.get("state").asText()).as(ended.toString()).isEqualTo("PARTIAL_SUCCESS");
    }

    /// The table holds what it should, and nothing is left of the job elsewhere, nor comes back.
    private void assertThatAllIsAsItShouldBe(ApiClient api, Content content) throws Exception {
        assertThat(Warehouse.content(table)).isEqualTo(content);
        awaitTrue("no staging", () -> stagingBefore.containsAll(Warehouse.staging()));
        awaitTrue("no splits", () -> site.storedJobs().isEmpty());
        assertThat(Warehouse.content(table)).isEqualTo(content);
        var held = content.equals(Content.NOTHING) ? "CANCELLED" : "PARTIAL_SUCCESS";
        assertThat(api.job(job).get("state").asText()).isEqualTo(held);
    }

    /// Kafka's consumer calls it an error that its offsets come too late.
    private static void assertThatNothingFailed(Program woken) throws IOException {
        assertThat(woken.output()).doesNotContainPattern(" ERROR (?!ConsumerCoordinator )");
    }

    /// Whoever is left is well: another file is loaded.
    private void assertThatItLoads(ApiClient api) throws Exception {
        var before = Warehouse.content(table);
        var more = RandomFile.write(new RandomFile.Plan(8, 50_000, 0), folder.resolve("more.csv"));
        var another = api.createJob("frozen", "");
        assertThat(api.upload(another, more.path())).isEqualTo(202);
        assertThat(api.awaitFinal(another).get("state").asText()).isEqualTo("SUCCESS");
        assertThat(Warehouse.content(table)).isEqualTo(before.plus(more.content()));
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void awaitTrue(String what, Condition condition) throws Exception {
        var patience = new Patience(LIMIT, "still not: " + what);
        while (!condition.holds()) {
            patience.look();
        }
    }
}
