package dev.millrace.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.app.ChaosCheck.Loaded;
import dev.millrace.core.LoadMode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/// Two loads at a time into one table or two, and sometimes an undo of one of them, while processes
/// are killed. Afterwards every table holds, row for row, what its jobs have to leave there in the
/// order of their publishing; their rejections are those of their files; and nothing is left in
/// staging or in the store that nobody may need.
final class ChaosRound {
    private static final int MAX_PAUSE_MILLIS = 2_500;
    private static final int MAX_UNDO_PAUSE_MILLIS = 500;

    private final Fleet fleet;
    private final ChaosPlan plan;
    private final Path folder;
    private final ChaosKills kills;
    private final List<Load> loads = new ArrayList<>();
    private final List<Double> seconds = new ArrayList<>();
    private long stepNanos = System.nanoTime();

    private record Load(RandomFile file, LoadMode mode, String table, PatientLoad way) {
        Loaded run() throws IOException, InterruptedException {
            return new Loaded(file, mode, table, way.run());
        }
    }

    /// A file that is to be loaded into a model.
    private record Wish(RandomFile.Plan file, LoadMode mode, JsonNode model) {}

    /// What became of the wish to undo a load.
    ///
    /// @param refusal why it was refused, if it was
    private record Undo(int number, Loaded load, Optional<String> refusal) {
        @Override
        public String toString() {
            return ", undo of no. %d%s".formatted(number, refusal.isEmpty() ? "" : " refused");
        }
    }

    /// @param undo what was undone, or refused to be
    /// @param kills whom, and when
    /// @param failed the codes with which jobs failed on the way, before others took their place
    /// @param seconds for making the files, loading and undoing, comparing, and waiting until all
    ///   is clean
    /// @param differences what is not as it has to be; empty when all is well
    record Result(
            ChaosPlan plan,
            String undo,
            List<String> kills,
            List<String> failed,
            List<Double> seconds,
            List<String> differences) {
        boolean isEqual() {
            return differences.isEmpty();
        }

        long rows() {
            return plan.loads().stream().mapToLong(l -> l.file().rows()).sum();
        }

        @Override
        public String toString() {
            return "seed %d  %,9d rows by %s%s  %s s  %s  killed: %s%s"
                    .formatted(
                            plan.seed(),
                            rows(),
                            plan,
                            undo,
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
    ChaosRound(Fleet fleet, ChaosPlan plan, Path folder) {
        this.fleet = fleet;
        this.plan = plan;
        this.folder = folder;
        this.kills = new ChaosKills(fleet, plan.killSeed());
    }

    Result run() throws Exception {
        Files.createDirectories(folder);
        var check = new ChaosCheck(fleet, folder);
        try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            var before = prepare(threads);
            endStep();
            var undo = loadAndUndo(threads, before, check);
            return end(undo, check.differences());
        }
    }

    /// Makes the files, and loads the small one while nobody is killed.
    private List<Loaded> prepare(ExecutorService threads) throws Exception {
        var first = model(1);
        var models = plan.oneTable() ? List.of(first) : List.of(first, model(2));
        var wishes = new ArrayList<Wish>();
        for (var load : plan.loads()) {
            wishes.add(
                    new Wish(load.file(), load.mode(), models.get(wishes.size() % models.size())));
        }
        plan.before()
                .ifPresent(small ->
                        models.forEach(m -> wishes.add(new Wish(small, LoadMode.APPEND, m))));
        var making = new ArrayList<Callable<Load>>();
        for (var wish : wishes) {
            var path = folder.resolve("file-%d.csv".formatted(making.size() + 1));
            making.add(() -> load(wish, path));
        }
        for (var made : threads.invokeAll(making)) {
            loads.add(made.get());
        }
        var before = new ArrayList<Loaded>();
        for (var load : loads.subList(plan.loads().size(), loads.size())) {
            before.add(load.run());
        }
        return before;
    }

    private JsonNode model(int number) throws IOException, InterruptedException {
        var name = "chaos-%s-%d".formatted(Long.toHexString(System.nanoTime()), number);
        return fleet.api().makeModel(name, RandomFile.SCHEMA);
    }

    private Load load(Wish wish, Path path) throws IOException {
        return new Load(
                RandomFile.write(wish.file(), path),
                wish.mode(),
                wish.model().get("table").asText(),
                new PatientLoad(fleet.api(), wish.model().get("id").asText(), path, wish.mode()));
    }

    private Optional<Undo> loadAndUndo(
            ExecutorService threads, List<Loaded> before, ChaosCheck check) throws Exception {
        var all = new ArrayList<>(before);
        Optional<Undo> undo = Optional.empty();
        try {
            var done = loadAll(threads);
            all.addAll(done);
            if (plan.undone().isPresent()) {
                var number = plan.undone().getAsInt();
                undo = Optional.of(undo(threads, number, done.get(number)));
            }
        } catch (ExecutionException e) {
            check.differences().add("a load or undo did not end: " + e.getCause());
            return undo;
        }
        endStep();
        fleet.awaitReady();
        cancelForgotten();
        undo.ifPresent(u -> check.checkUndo(all, u.load(), u.refusal()));
        var undone = undo.filter(u -> u.refusal().isEmpty()).map(u -> u.load().id());
        check.check(all, undone);
        endStep();
        check.checkClean(undoable(all, undone), failed());
        endStep();
        return undo;
    }

    private List<Loaded> loadAll(ExecutorService threads) throws Exception {
        var running =
                loads.subList(0, plan.loads().size()).stream()
                        .map(load -> threads.submit(load::run))
                        .toList();
        kills.run("loads", plan.kills(), MAX_PAUSE_MILLIS, running);
        var done = new ArrayList<Loaded>();
        for (var one : running) {
            done.add(one.get());
        }
        return done;
    }

    private Undo undo(ExecutorService threads, int number, Loaded load) throws Exception {
        var way = new PatientUndo(new PatientClient(fleet.api()), load.id());
        var running = threads.submit(way::run);
        kills.run("undo", plan.undoKills(), MAX_UNDO_PAUSE_MILLIS, List.of(running));
        return new Undo(number + 1, load, running.get());
    }

    /// A job that was made while its answer was lost waits for an upload that will not come.
    private void cancelForgotten() throws IOException, InterruptedException {
        for (var job : fleet.api().get("/api/v1/jobs?limit=30").get("items")) {
            if (Set.of("PENDING", "RUNNING").contains(job.get("state").asText())) {
                var path = "/api/v1/jobs/%s/cancel".formatted(job.get("id").asText());
                fleet.api().call("POST", path, null, BodyPublishers.noBody());
            }
        }
    }

    /// The UUIDs of the jobs that keep what they have replaced.
    private static Set<String> undoable(List<Loaded> all, Optional<String> undone) {
        return all.stream()
                .filter(l -> l.mode() != LoadMode.APPEND)
                .filter(l -> !undone.equals(Optional.of(l.id())))
                .map(l -> l.job().get("uuid").asText())
                .collect(Collectors.toSet());
    }

    private List<JsonNode> failed() {
        return loads.stream().flatMap(l -> l.way().failed().stream()).toList();
    }

    private Result end(Optional<Undo> undo, List<String> differences) throws IOException {
        if (differences.isEmpty()) {
            for (var load : loads) {
                Files.delete(load.file().path());
            }
        }
        return new Result(
                plan,
                undo.map(Undo::toString).orElse(""),
                kills.killed(),
                failed().stream().map(job -> job.at("/cause/code").asText()).toList(),
                seconds,
                differences);
    }

    private void endStep() {
        seconds.add((System.nanoTime() - stepNanos) / 1e9);
        stepNanos = System.nanoTime();
    }
}
