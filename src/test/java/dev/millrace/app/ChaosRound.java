package dev.millrace.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.app.Fleet.Victim;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/// Two loads at a time into one table or two, while processes are killed. Afterwards every job that
/// says so is in its table exactly once and nothing else is, its rejections are those of its file,
/// and nothing is left in staging or in the store.
///
/// A seed decides the files, the tables, and whom the kills hit and when. What happens then depends
/// on the machine as well.
final class ChaosRound {
    private static final Duration CLEAN_LIMIT = Duration.ofSeconds(90);
    private static final List<Victim> VICTIMS = List.of(Victim.values());
    private static final int[] BAD_PER_MILLION = {0, 0, 100, 2_000};

    private final Fleet fleet;
    private final long seed;
    private final Sizes sizes;
    private final Path folder;
    private final SplittableRandom random;
    private final List<String> kills = new ArrayList<>();
    private final List<String> differences = new ArrayList<>();
    private final List<Double> seconds = new ArrayList<>();
    private long stepNanos = System.nanoTime();

    /// @param minRows of a file
    /// @param maxRows of a file
    /// @param maxKills in a round
    record Sizes(int minRows, int maxRows, int maxKills) {}

    /// One of the two loads.
    private record Load(RandomFile file, String model, String table, PatientLoad way) {}

    private record Loaded(Load load, JsonNode job) {}

    /// @param kills whom, and when
    /// @param failed the codes with which jobs failed on the way, before others took their place
    /// @param seconds for making the files, loading, comparing, and waiting until all is clean
    /// @param differences what is not as it has to be; empty when all is well
    record Result(
            long seed,
            long rows,
            boolean oneTable,
            List<String> kills,
            List<String> failed,
            List<Double> seconds,
            List<String> differences) {
        boolean isEqual() {
            return differences.isEmpty();
        }

        @Override
        public String toString() {
            return "seed %d  %,9d rows in 2 jobs, %s  %s s  %s  killed: %s%s"
                    .formatted(
                            seed,
                            rows,
                            oneTable ? "one table " : "two tables",
                            seconds.stream()
                                    .map("%.1f"::formatted)
                                    .collect(Collectors.joining(" + ")),
                            isEqual() ? "equal" : "DIFFERENT " + differences,
                            kills.isEmpty() ? "nobody" : String.join(", ", kills),
                            failed.isEmpty() ? "" : "  made anew: " + String.join(", ", failed));
        }
    }

    /// @param folder of the round's own, for its files and, when there is a difference, for what
    ///   shows it
    ChaosRound(Fleet fleet, long seed, Sizes sizes, Path folder) {
        this.fleet = fleet;
        this.seed = seed;
        this.sizes = sizes;
        this.folder = folder;
        this.random = new SplittableRandom(seed);
    }

    Result run() throws Exception {
        Files.createDirectories(folder);
        var staging = Warehouse.staging();
        var oneTable = random.nextBoolean();
        var loads = loads(oneTable);
        var kills = random.nextInt(1, sizes.maxKills() + 1);
        endStep();
        var done = new ArrayList<Loaded>();
        try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            var running = new ArrayList<Future<Loaded>>();
            for (var load : loads) {
                running.add(threads.submit(() -> new Loaded(load, load.way().run())));
            }
            kill(kills, running);
            for (var one : running) {
                done.add(one.get());
            }
        } catch (ExecutionException e) {
            differences.add("a load did not end: " + e.getCause());
        }
        endStep();
        fleet.awaitReady();
        cancelForgotten();
        check(done);
        endStep();
        checkClean(staging);
        endStep();
        return end(loads, oneTable);
    }

    private List<Load> loads(boolean oneTable) throws Exception {
        var first = model(1);
        var second = oneTable ? first : model(2);
        var makers = new ArrayList<Callable<Load>>();
        for (var i = 1; i <= 2; i++) {
            var model = i == 1 ? first : second;
            var path = folder.resolve("file-%d.csv".formatted(i));
            var plan = plan();
            makers.add(() ->
                    new Load(
                            RandomFile.write(plan, path),
                            model.get("name").asText(),
                            model.get("table").asText(),
                            new PatientLoad(fleet.api(), model.get("id").asText(), path)));
        }
        try (var threads = Executors.newFixedThreadPool(makers.size())) {
            var loads = new ArrayList<Load>();
            for (var made : threads.invokeAll(makers)) {
                loads.add(made.get());
            }
            return loads;
        }
    }

    private JsonNode model(int number) throws IOException, InterruptedException {
        var name = "chaos-%s-%d".formatted(Long.toHexString(System.nanoTime()), number);
        return fleet.api().makeModel(name, RandomFile.SCHEMA);
    }

    /// As many rows of either magnitude between the bounds.
    private RandomFile.Plan plan() {
        var factor = Math.pow((double) sizes.maxRows() / sizes.minRows(), random.nextDouble());
        return new RandomFile.Plan(
                random.nextLong(),
                (int) (sizes.minRows() * factor),
                BAD_PER_MILLION[random.nextInt(BAD_PER_MILLION.length)]);
    }

    /// Kills at random moments until there were enough or the loads are done.
    private void kill(int most, List<Future<Loaded>> running)
            throws IOException, InterruptedException {
        var begin = System.nanoTime();
        for (var i = 0; i < most; i++) {
            Thread.sleep(random.nextInt(50, 2_500));
            var victim = VICTIMS.get(random.nextInt(VICTIMS.size()));
            if (running.stream().allMatch(Future::isDone)) {
                return;
            }
            if (fleet.kill(victim)) {
                kills.add(
                        "%s %.1f s"
                                .formatted(
                                        victim.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                                        seconds(begin)));
            }
        }
    }

    /// A job that was made while its answer was lost waits for an upload that will not come.
    private void cancelForgotten() throws IOException, InterruptedException {
        for (var job : jobs()) {
            if (Set.of("PENDING", "RUNNING").contains(job.get("state").asText())) {
                var path = "/api/v1/jobs/%s/cancel".formatted(job.get("id").asText());
                fleet.api().call("POST", path, null, BodyPublishers.noBody());
            }
        }
    }

    private JsonNode jobs() throws IOException, InterruptedException {
        return fleet.api().get("/api/v1/jobs?limit=30").get("items");
    }

    private void check(List<Loaded> done) throws IOException, InterruptedException {
        for (var one : done) {
            checkJob(one.load().file(), one.job());
        }
        var tables = done.stream().collect(Collectors.groupingBy(l -> l.load().table()));
        for (var table : tables.entrySet()) {
            checkTable(table.getKey(), table.getValue());
        }
    }

    private void checkJob(RandomFile file, JsonNode job) throws IOException, InterruptedException {
        var id = job.get("id").asText();
        var bad = file.rejections().size();
        expect(id, "state", bad == 0 ? "SUCCESS" : "PARTIAL_SUCCESS", job.get("state").asText());
        expect(id, "rows read", (long) file.plan().rows(), job.at("/rows/read").asLong());
        expect(id, "rows written", file.content().rows(), job.at("/rows/written").asLong());
        expect(id, "rows rejected", (long) bad, job.at("/rows/rejected").asLong());
        var listed =
                fleet.api().rejections(id).stream()
                        .map(r -> r.get("row").asText() + ":" + r.get("error").asText())
                        .toList();
        expectSame(id, "rejections", file.rejections(), listed);
        if (bad == 0) {
            return; // there may be no such table yet
        }
        var mirrored =
                Warehouse.sql(
                        ("SELECT concat(toString(row), ':', error) FROM rejected_rows"
                                        + " WHERE job_id = '%s' ORDER BY row")
                                .formatted(id));
        expectSame(id, "rejected_rows", file.rejections(), mirrored);
    }

    private void expect(String job, String what, Object wanted, Object got) {
        if (!wanted.equals(got)) {
            differences.add("job %s: %s is %s, not %s".formatted(job, what, got, wanted));
        }
    }

    private void expectSame(String job, String what, List<String> wanted, List<String> got) {
        expect(job, "the number of " + what, wanted.size(), got.size());
        for (var i = 0; i < Math.min(wanted.size(), got.size()); i++) {
            if (!wanted.get(i).equals(got.get(i))) {
                expect(job, "no. %d of %s".formatted(i + 1, what), wanted.get(i), got.get(i));
                return;
            }
        }
    }

    private void checkTable(String table, List<Loaded> loaded)
            throws IOException, InterruptedException {
        var holds = Warehouse.content(table);
        var changes =
                loaded.stream()
                        .map(l -> new Content.Change(l.load().file().content(), false))
                        .toList();
        var allowed = Content.after(changes);
        if (!allowed.contains(holds)) {
            var evidence = new ChaosEvidence(folder, table);
            evidence.keep(loaded.stream().map(l -> l.load().file()).toList());
            differences.add(
                    "table %s holds %s, not %s; see %s".formatted(table, holds, allowed, folder));
        } else {
            Warehouse.sql("DROP TABLE %s SYNC".formatted(table));
        }
    }

    private void checkClean(Set<String> before) throws IOException, InterruptedException {
        var patience = new Patience(CLEAN_LIMIT, "not clean");
        while (true) {
            var staging = Warehouse.staging().stream().filter(t -> !before.contains(t)).toList();
            var stored = fleet.site().storedJobs();
            if (staging.isEmpty() && stored.isEmpty()) {
                return;
            }
            try {
                patience.look();
            } catch (AssertionError e) {
                differences.add("left over: staging %s, splits of %s".formatted(staging, stored));
                return;
            }
        }
    }

    private Result end(List<Load> loads, boolean oneTable) throws IOException {
        var failed = new ArrayList<String>();
        var rows = 0L;
        for (var load : loads) {
            rows += load.file().plan().rows();
            load.way().failed().forEach(job -> failed.add(job.at("/cause/code").asText()));
            if (differences.isEmpty()) {
                Files.delete(load.file().path());
            }
        }
        return new Result(seed, rows, oneTable, kills, failed, seconds, differences);
    }

    private void endStep() {
        seconds.add(seconds(stepNanos));
        stepNanos = System.nanoTime();
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }
}
