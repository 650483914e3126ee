package dev.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Engines;
import dev.millrace.app.Site.Server;
import dev.millrace.core.CrashPoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Wherever an owner dies, in front of a step or behind it, the next one goes on, and the table has
/// the rows that it must have. A chain: each process finishes what the one before has left, and
/// then dies itself at the next point.
///
/// Each step has two points, of which one is tried, by a seed; `-Dmillrace.crashes=all` tries both.
class CrashPointsTest {
    private static final boolean ALL = System.getProperty("millrace.crashes", "").equals("all");
    private static final long SEED = Long.getLong("millrace.seed", 4);
    private static final int ROWS = 40;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /// Those of workers and of the intake are in [CrashTest], that of the API in
    /// [RequestsDoneOnceTest].
    private static final Set<CrashPoint> ELSEWHERE =
            EnumSet.of(CrashPoint.ANSWER, CrashPoint.STORE, CrashPoint.INSERT, CrashPoint.LEDGER);

    /// What is done again and again.
    private enum Story {
        APPEND,
        REPLACE,
        REPLACE_PARTITIONS;

        String mode() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /// The steps of its loads that have not been tried in another's.
        Set<CrashPoint> loading() {
            return switch (this) {
                case APPEND ->
                        EnumSet.of(
                                CrashPoint.FENCE_EPOCH,
                                CrashPoint.FENCE_RENAME,
                                CrashPoint.FENCE_KILL,
                                CrashPoint.FENCE_WAIT,
                                CrashPoint.SEAL_RECORD,
                                CrashPoint.AUDIT_ASK,
                                CrashPoint.AUDIT_RECORD,
                                CrashPoint.PUBLISH_CLAIM,
                                CrashPoint.PUBLISH_ASK,
                                CrashPoint.PUBLISH_DELETE,
                                CrashPoint.PUBLISH_BRING_UP,
                                CrashPoint.PUBLISH_ATTACH,
                                CrashPoint.PUBLISH_VERIFY,
                                CrashPoint.PUBLISH_RECORD,
                                CrashPoint.FINISH,
                                CrashPoint.DISCARD);
                case REPLACE ->
                        EnumSet.of(
                                CrashPoint.REPLACE_ASK,
                                CrashPoint.REPLACE_BRING_UP,
                                CrashPoint.REPLACE_DROP,
                                CrashPoint.REPLACE_CREATE,
                                CrashPoint.REPLACE_ATTACH,
                                CrashPoint.REPLACE_VERIFY,
                                CrashPoint.REPLACE_NOTE,
                                CrashPoint.REPLACE_EXCHANGE,
                                CrashPoint.PUBLISH_VERIFY,
                                CrashPoint.PUBLISH_RECORD);
                case REPLACE_PARTITIONS ->
                        EnumSet.of(
                                CrashPoint.PARTITIONS_ASK,
                                CrashPoint.PARTITIONS_BRING_UP,
                                CrashPoint.PARTITIONS_DROP,
                                CrashPoint.PARTITIONS_CREATE,
                                CrashPoint.PARTITIONS_NOTE,
                                CrashPoint.PARTITIONS_KEEP,
                                CrashPoint.PARTITIONS_REPLACE,
                                CrashPoint.PARTITIONS_VERIFY);
            };
        }

        /// The same of its undos.
        Set<CrashPoint> undoing() {
            return switch (this) {
                case APPEND ->
                        EnumSet.of(
                                CrashPoint.UNDO_ASK,
                                CrashPoint.UNDO_DELETE,
                                CrashPoint.UNDO_VERIFY,
                                CrashPoint.UNDO_RECORD,
                                CrashPoint.FORGET);
                case REPLACE ->
                        EnumSet.of(
                                CrashPoint.FENCE_RENAME_KEPT,
                                CrashPoint.UNDO_ASK,
                                CrashPoint.UNDO_BRING_UP,
                                CrashPoint.UNDO_EXCHANGE,
                                CrashPoint.UNDO_DROP,
                                CrashPoint.UNDO_RECORD);
                case REPLACE_PARTITIONS ->
                        EnumSet.of(
                                CrashPoint.UNDO_BRING_UP,
                                CrashPoint.UNDO_PARTITIONS,
                                CrashPoint.UNDO_DELETE,
                                CrashPoint.UNDO_VERIFY,
                                CrashPoint.UNDO_DROP);
            };
        }
    }

    /// What a process has left to the next one.
    ///
    /// @param before the table's rows without it
    /// @param after the table's rows once it is done
    private record Left(String job, boolean undo, List<String> before, List<String> after) {}

    @TempDir private Path folder;
    private final Random random = new Random(SEED);
    private final List<String> jobs = new ArrayList<>();
    private final List<String> undone = new ArrayList<>();
    private List<String> rows = List.of();
    private int files;
    private @Nullable Left left;
    private @Nullable Left published;

    @Test
    void everyPointIsTried() {
        var tried = EnumSet.copyOf(ELSEWHERE);
        for (var story : Story.values()) {
            tried.addAll(story.loading());
            tried.addAll(story.undoing());
        }
        assertThat(tried).containsExactlyInAnyOrder(CrashPoint.values());
    }

    @ParameterizedTest
    @EnumSource
    void whereverAnOwnerDiesTheTableHasTheRowsThatItMustHave(Story story) throws Exception {
        try (var site = new Site(folder)) {
            var first = site.serve(Map.of());
            var api = first.api();
            site.work("steady", Map.of());
            var table =
                    api.createModel(
                            "m",
                            """
                            {"columns": {"id": "UInt64", "p": "UInt16"},
                             "orderBy": ["id"], "partitionBy": "p"}
                            """);
            load(api, story);
            settle(left, api, table);
            first.program().kill();
            for (var point : story.loading()) {
                for (var side : sides()) {
                    die(site, story, side + point, false, table);
                }
            }
            for (var point : story.undoing()) {
                for (var side : sides()) {
                    die(site, story, side + point, true, table);
                }
            }
            var last = site.serve(Map.of()).api();
            settle(left, last, table);
            assertThatNothingIsLeft();
        }
    }

    private List<String> sides() {
        return ALL
                ? List.of("BEFORE_", "AFTER_")
                : List.of(random.nextBoolean() ? "BEFORE_" : "AFTER_");
    }

    /// Starts a process that finishes what is left and dies at a point, at the latest on the way of
    /// a job of its own.
    private void die(Site site, Story story, String point, boolean undo, String table)
            throws Exception {
        if (point.endsWith("PUBLISH_DELETE")) {
            die(site, story, "BEFORE_PUBLISH_ATTACH", false, table);
            attachHalf(table);
        }
        var server = site.serveUntil(point);
        if (server.isPresent()) {
            begin(server.get(), story, undo, table);
            assertThat(server.get().program().awaitExit()).as(point).isEqualTo(Site.CRASHED);
        }
        System.out.printf("crash: %s %s seed=%d%n", story.mode(), point, SEED);
    }

    /// Begins something new once what was left is done. The process may die over either.
    private void begin(Server server, Story story, boolean undo, String table) throws Exception {
        try {
            settle(left, server.api(), table);
            load(server.api(), story);
            if (undo) {
                settle(left, server.api(), table);
                undo(server.api());
            }
        } catch (IOException e) {
            assertThat(server.program().awaitExit()).as(e.toString()).isEqualTo(Site.CRASHED);
        }
    }

    /// Waits until what is left is done, and compares.
    private void settle(@Nullable Left what, ApiClient api, String table) throws Exception {
        if (what != null) {
            var done = what.undo() ? isUndone(what, api) : isLoaded(what, api);
            rows = done ? what.after() : what.before();
            published = done && !what.undo() ? what : null;
            if (done && what.undo()) {
                undone.add(what.job());
            }
            left = null;
        }
        assertThat(api.sql("SELECT * FROM " + table).stream().sorted().toList()).isEqualTo(rows);
    }

    private static boolean isLoaded(Left what, ApiClient api) throws Exception {
        var job = api.awaitFinal(what.job());
        if (job.at("/cause/code").asText().equals("UPLOAD_INTERRUPTED")) {
            return false;
        }
        assertThat(job.get("state").asText()).as(job.toString()).isEqualTo("SUCCESS");
        return true;
    }

    private static boolean isUndone(Left what, ApiClient api) throws Exception {
        var end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            var undo = api.job(what.job()).at("/undo");
            if (undo.isNull()) {
                return false; // the process died before it heard of it
            }
            if (undo.get("state").asText().equals("DONE")) {
                return true;
            }
            assertThat(undo.get("state").asText()).as(undo.toString()).isEqualTo("REQUESTED");
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    /// Begins to load a file of its own: ids that no other has, in two partitions that all files
    /// fall into and one that no other does.
    private void load(ApiClient api, Story story) throws Exception {
        var file = ++files;
        var lines =
                IntStream.range(0, ROWS)
                        .mapToObj(i ->
                                "%d\t%d".formatted(file * 1000 + i, i % 3 == 0 ? file + 10 : i % 3))
                        .toList();
        var job = api.createJob("m", ", \"mode\": \"%s\"".formatted(story.mode()));
        jobs.add(job);
        left = new Left(job, false, rows, meeting(story, lines));
        var csv = "id,p\n" + String.join("\n", lines).replace('\t', ',') + "\n";
        api.upload(job, csv.getBytes(StandardCharsets.UTF_8));
    }

    /// Begins to undo the load that was published last.
    private void undo(ApiClient api) throws Exception {
        var load = Objects.requireNonNull(published, "nothing is published");
        left = new Left(load.job(), true, load.after(), load.before());
        api.post(
                "/api/v1/jobs/%s/undo".formatted(load.job()), "application/json", new byte[0], 202);
    }

    private List<String> meeting(Story story, List<String> lines) {
        var gone =
                switch (story) {
                    case APPEND -> Set.of();
                    case REPLACE ->
                            rows.stream()
                                    .map(CrashPointsTest::partition)
                                    .collect(Collectors.toSet());
                    case REPLACE_PARTITIONS ->
                            lines.stream()
                                    .map(CrashPointsTest::partition)
                                    .collect(Collectors.toSet());
                };
        return Stream.concat(
                        rows.stream().filter(r -> !gone.contains(partition(r))), lines.stream())
                .sorted()
                .toList();
    }

    /// Leaves what no attempt of ours leaves: the table has half of the rows.
    private void attachHalf(String table) throws Exception {
        var job = Objects.requireNonNull(left, "nothing is left").job();
        var staging =
                sql("SELECT name FROM system.tables WHERE startsWith(name, 'j_%s')".formatted(job));
        assertThat(staging).hasSize(1);
        sql(
                "ALTER TABLE %s ATTACH PARTITION ALL FROM millrace_staging.%s"
                        .formatted(table, staging.getFirst()));
        sql(
                ("ALTER TABLE %s DELETE WHERE startsWith(toString(_millrace_job), '%s')"
                                + " AND id %% 2 = 0 SETTINGS mutations_sync = 2")
                        .formatted(table, job));
    }

    private void assertThatNothingIsLeft() throws Exception {
        var names =
                Stream.concat(
                                jobs.stream().map(j -> "startsWith(name, 'j_%s')".formatted(j)),
                                undone.stream().map(j -> "startsWith(name, 'k_%s')".formatted(j)))
                        .collect(Collectors.joining(" OR "));
        var asking =
                "SELECT name FROM system.tables WHERE database = 'millrace_staging' AND (%s)"
                        .formatted(names);
        var end = System.nanoTime() + LIMIT.toNanos();
        while (!sql(asking).isEmpty()) {
            assertThat(System.nanoTime()).as(sql(asking).toString()).isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    /// Runs a statement as the user who may do everything, and gives its lines.
    private static List<String> sql(String sql) throws IOException, InterruptedException {
        var server = Engines.clickhouse();
        var request =
                HttpRequest.newBuilder(URI.create(server.url() + "/?database=millrace"))
                        .header("X-ClickHouse-User", server.user().user())
                        .header("X-ClickHouse-Key", server.user().password())
                        .POST(BodyPublishers.ofString(sql))
                        .build();
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body().lines().toList();
        }
    }

    private static String partition(String row) {
        return row.substring(row.indexOf('\t') + 1);
    }
}
