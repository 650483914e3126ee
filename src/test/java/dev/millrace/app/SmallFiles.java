package dev.millrace.app;

import dev.millrace.app.RandomFile.Plan;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/// Many small files, uploaded by many clients at once: all of them are in the table, exactly, and
/// the table has few parts.
///
///     ./millrace bench small [FILES=1000] [CLIENTS=16]
record SmallFiles(ApiClient api, Path folder, int files, int clients) {
    /// About 10 kB.
    private static final int ROWS = 180;

    /// Of one partition: so many ClickHouse merges by and by, and bears.
    private static final int MAX_PARTS = 300;

    private static final String SCHEMA =
            RandomFile.SCHEMA.replace(", \"partitionBy\": \"region\"", "");

    /// @param slowest of 95 in 100 files: seconds from the request to SUCCESS
    record Result(
            int files, long rows, double seconds, double slowest, int parts, boolean isExact) {
        boolean isGood() {
            return isExact && parts <= MAX_PARTS;
        }

        @Override
        public String toString() {
            return ("%,d files, %,d rows in %.1f s: %.0f files/s, %,.0f rows/s; 95 %% of them within"
                            + " %.2f s; %d parts%s; the table %s")
                    .formatted(
                            files,
                            rows,
                            seconds,
                            files / seconds,
                            rows / seconds,
                            slowest,
                            parts,
                            parts <= MAX_PARTS ? "" : " (TOO MANY)",
                            isExact ? "holds the files" : "is DIFFERENT");
        }
    }

    static void main(String[] args) throws Exception {
        var files = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
        var clients = args.length > 1 ? Integer.parseInt(args[1]) : 16;
        var folder = Files.createTempDirectory("millrace-small-");
        boolean good;
        try (var site = new Site(folder, List.of("-Xmx1g", "-XX:+UseG1GC"))) {
            var api = site.serve(Map.of()).api();
            site.work("worker", Map.of("MILLRACE_WORKER_THREADS", "2"));
            var warm = new SmallFiles(api, folder, Math.max(1, files / 10), clients).run("warm-up");
            System.out.println("warm-up  " + warm);
            var result = new SmallFiles(api, folder, files, clients).run("small");
            System.out.println("         " + result);
            good = warm.isGood() && result.isGood();
        }
        System.exit(good ? 0 : 1);
    }

    Result run(String model) throws Exception {
        var table = api.createModel(model, SCHEMA);
        var all = new ArrayList<RandomFile>();
        var expected = Content.NOTHING;
        for (var i = 0; i < files; i++) {
            var plan = new Plan(i, ROWS, 0);
            all.add(RandomFile.write(plan, folder.resolve("%s-%d.csv".formatted(model, i))));
            expected = expected.plus(all.getLast().content());
        }
        var begin = System.nanoTime();
        var times = new ArrayList<Double>();
        try (var threads = Executors.newFixedThreadPool(clients)) {
            var loads = all.stream().<Callable<Double>>map(f -> () -> load(model, f)).toList();
            for (var load : threads.invokeAll(loads)) {
                times.add(load.get());
            }
        }
        var seconds = (System.nanoTime() - begin) / 1e9;
        times.sort(null);
        return new Result(
                files,
                (long) files * ROWS,
                seconds,
                times.get(Math.min(times.size() - 1, times.size() * 95 / 100)),
                parts(table),
                Warehouse.content(table).equals(expected));
    }

    /// @return the seconds that it took
    private double load(String model, RandomFile file) throws IOException, InterruptedException {
        var begin = System.nanoTime();
        var answer =
                api.call(
                        "POST",
                        "/api/v1/jobs?model=%s&name=small.csv".formatted(model),
                        "text/csv",
                        BodyPublishers.ofFile(file.path()));
        if (answer.statusCode() != 202) {
            throw new IOException(answer.body());
        }
        var job = api.awaitFinal(ApiClient.id(answer));
        if (!job.get("state").asText().equals("SUCCESS")) {
            throw new IOException(job.toString());
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private static int parts(String table) throws IOException, InterruptedException {
        return Integer.parseInt(
                Warehouse.sql(
                                "SELECT count() FROM system.parts WHERE database = 'millrace'"
                                        + " AND active AND table = '%s'".formatted(table))
                        .getFirst());
    }
}
