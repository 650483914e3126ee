package dev.millrace.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.core.LoadMode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Compares what a round has left with what it has to leave. Belongs to one thread.
final class ChaosCheck {
    private static final Duration CLEAN_LIMIT = Duration.ofSeconds(90);

    private final Fleet fleet;
    private final Path folder;
    private final Set<String> stagingBefore;
    private final Set<String> storedBefore;
    private final List<String> differences = new ArrayList<>();

    /// A file in its table.
    ///
    /// @param job as it was when the load was done, with its final state
    record Loaded(RandomFile file, LoadMode mode, String table, JsonNode job) {
        String id() {
            return job.get("id").asText();
        }
    }

    /// Notes what is there before a round.
    ///
    /// @param folder of the round's own, for what shows a difference
    ChaosCheck(Fleet fleet, Path folder) throws IOException, InterruptedException {
        this.fleet = fleet;
        this.folder = folder;
        this.stagingBefore = Warehouse.staging();
        this.storedBefore = fleet.site().storedJobs();
    }

    /// What is not as it has to be; empty when all is well.
    List<String> differences() {
        return differences;
    }

    /// Whether an undo was refused exactly when it had to be.
    void checkUndo(List<Loaded> all, Loaded one, Optional<String> refusal) {
        var undoable = story(all, one.table()).isUndoable(one.id());
        if (undoable && refusal.isPresent()) {
            differences.add(
                    "the undo of job %s was refused: %s".formatted(one.id(), refusal.get()));
        } else if (!undoable && refusal.isEmpty()) {
            differences.add("job %s was undone, though not the last".formatted(one.id()));
        }
    }

    /// Compares jobs and tables.
    ///
    /// @param undone the job that was, if any
    void check(List<Loaded> all, Optional<String> undone) throws IOException, InterruptedException {
        for (var table : all.stream().map(Loaded::table).collect(Collectors.toSet())) {
            var story = undone.map(story(all, table)::without).orElseGet(() -> story(all, table));
            for (var one : all) {
                if (one.table().equals(table)) {
                    checkJob(one, story, undone);
                }
            }
            checkTable(table, story, all);
        }
    }

    private void checkJob(Loaded one, TableStory story, Optional<String> undone)
            throws IOException, InterruptedException {
        var job = fleet.api().job(one.id());
        checkRows(one.file(), job);
        var isUndone = undone.filter(one.id()::equals).isPresent();
        expect(one.id(), "whether it is undone", isUndone, isUndone(job));
        if (!isUndone) {
            var by = job.get("replacedBy").asText();
            expect(one.id(), "replacedBy", story.replacedBy(one.id()).orElse("null"), by);
        }
    }

    private static boolean isUndone(JsonNode job) {
        return job.at("/undo/state").asText().equals("DONE");
    }

    private static TableStory story(List<Loaded> all, String table) {
        return new TableStory(
                all.stream()
                        .filter(l -> l.table().equals(table))
                        .map(l ->
                                new TableStory.Published(
                                        l.id(),
                                        l.mode(),
                                        Instant.parse(l.job().get("publishedAt").asText()),
                                        l.file().regions()))
                        .toList());
    }

    private void checkRows(RandomFile file, JsonNode job) throws IOException, InterruptedException {
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

    private void checkTable(String table, TableStory story, List<Loaded> all)
            throws IOException, InterruptedException {
        var holds = Warehouse.content(table);
        if (holds.equals(story.content())) {
            Warehouse.sql("DROP TABLE %s SYNC".formatted(table));
            return;
        }
        var files = all.stream().collect(Collectors.toMap(Loaded::id, Loaded::file));
        new ChaosEvidence(folder, table).keep(story.left(), files);
        differences.add(
                "table %s holds %s, not %s; see %s"
                        .formatted(table, holds, story.content(), folder));
    }

    /// Waits until nothing is left in staging but what an undo would bring back, and nothing in the
    /// store but what a retry would read.
    ///
    /// @param undoable jobs that keep what they have replaced, by UUID
    /// @param failed jobs that others took the place of
    void checkClean(Set<String> undoable, List<JsonNode> failed)
            throws IOException, InterruptedException {
        var kept = undoable.stream().map(ChaosCheck::keptPrefix).collect(Collectors.toSet());
        var retryable =
                failed.stream()
                        .filter(j -> j.get("retryable").asBoolean())
                        .map(j -> j.get("uuid").asText())
                        .collect(Collectors.toSet());
        var patience = new Patience(CLEAN_LIMIT, "not clean");
        while (true) {
            var left = new HashSet<>(Warehouse.staging());
            left.removeAll(stagingBefore);
            var missing = new HashSet<>(kept);
            left.forEach(t -> missing.removeIf(t::startsWith));
            var staging =
                    left.stream().filter(t -> kept.stream().noneMatch(t::startsWith)).toList();
            var stored = new HashSet<>(fleet.site().storedJobs());
            stored.removeAll(storedBefore);
            stored.removeAll(retryable);
            if (staging.isEmpty() && missing.isEmpty() && stored.isEmpty()) {
                drop(left);
                return;
            }
            try {
                patience.look();
            } catch (AssertionError e) {
                differences.add(
                        "left over: staging %s, splits of %s; not kept: %s"
                                .formatted(staging, stored, missing));
                return;
            }
        }
    }

    private static String keptPrefix(String uuid) {
        return "k_%s_".formatted(uuid.replace("-", ""));
    }

    /// Makes room for the next round.
    private static void drop(Set<String> kept) throws IOException, InterruptedException {
        for (var table : kept) {
            Warehouse.sql("DROP TABLE millrace_staging.%s SYNC".formatted(table));
        }
    }
}
