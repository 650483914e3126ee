package dev.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model changes a hundred times, from two sides at once, while files load into its table: what
/// each job leaves there is what the version that it began with says of its file. The expectations
/// are computed here, from the version's JSON and the file, by none of the product's code.
class ModelUpdatesWhileLoadingTest {
    private static final int UPDATES = 100;
    private static final int ROWS = 25;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] MARKERS = {"N/A", "-", "none"};

    /// The columns that come and go, each always of the same type.
    private static final Map<String, String> OPTIONAL =
            Map.of(
                    "n0", "Nullable(Int32)",
                    "n1", "Nullable(Int32)",
                    "n2", "Nullable(Int32)",
                    "d0", "UInt32",
                    "d1", "UInt32",
                    "s0", "String",
                    "s1", "String",
                    "s2", "String");

    /// Only against waiting for ever.
    private static final int LIMIT_MINUTES = 10;

    @TempDir Path folder;

    private final long seed = Long.getLong("millrace.seed", System.nanoTime());
    private final Progress progress = new Progress();
    private final Map<Integer, JsonNode> versions = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();

    /// A file that was loaded.
    ///
    /// @param rows the fields of each row, in the header's order
    private record Loaded(JsonNode job, List<String> header, List<List<String>> rows) {}

    /// What a job must leave.
    ///
    /// @param code of its cause, or null when it succeeds
    /// @param rows of each good row its values by column
    private record Expected(@Nullable String code, List<Map<String, String>> rows) {}

    @Test
    void everyJobsRowsFitTheVersionThatItBeganWith() throws Exception {
        System.out.println("millrace.seed=" + seed);
        try (var site = new Site(folder);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var api = site.serve(Map.of()).api();
            site.work("one", Map.of());
            var table =
                    api.createModel(
                            "changing",
                            "{\"columns\": {\"id\": \"UInt32\", \"a\": \"UInt32\"}, \"key\": [\"id\"]}");
            var updaters = start(threads, 2, i -> () -> update(api, new Random(seed + i)));
            var loaders = start(threads, 3, i -> () -> load(api, new Random(seed - 1 - i)));
            var loaded = new ArrayList<Loaded>();
            try {
                for (var updater : updaters) {
                    updater.get(LIMIT_MINUTES, TimeUnit.MINUTES);
                }
            } finally {
                progress.end(); // whatever became of the updates, the loads are to end
            }
            for (var loader : loaders) {
                loaded.addAll(loader.get(LIMIT_MINUTES, TimeUnit.MINUTES));
            }
            System.out.println("%d jobs, %s".formatted(loaded.size(), outcomes));
            verify(api, table, loaded);
        }
    }

    private static <T> List<Future<T>> start(
            ExecutorService threads, int count, IntFunction<Callable<T>> work) {
        return IntStream.range(0, count).mapToObj(i -> threads.submit(work.apply(i))).toList();
    }

    /// How far both sides are, so that neither runs away from the other.
    private static final class Progress {
        private int updates;
        private int jobs;
        private boolean ended;

        synchronized int updated() {
            updates++;
            notifyAll();
            return jobs;
        }

        synchronized int created() {
            jobs++;
            notifyAll();
            return updates;
        }

        synchronized void end() {
            ended = true;
            notifyAll();
        }

        synchronized boolean goesOn() {
            return !ended;
        }

        synchronized void awaitJobsBeyond(int seen) throws InterruptedException {
            for (var i = 0; i < 100 && jobs <= seen; i++) {
                wait(100);
            }
        }

        synchronized void awaitUpdatesBeyond(int seen) throws InterruptedException {
            for (var i = 0; i < 100 && updates <= seen && !ended; i++) {
                wait(100);
            }
        }
    }

    // Updates

    private Void update(ApiClient api, Random random) throws Exception {
        for (var i = 0; i < UPDATES / 2; i++) {
            var present = api.get("/api/v1/models/changing");
            var schema = (ObjectNode) present.get("schema").deepCopy();
            var refused = random.nextInt(5) == 0;
            if (refused) {
                spoil(schema, random);
            } else {
                change(schema, random);
            }
            var tag = random.nextBoolean() ? "\"%s\"".formatted(present.get("version")) : null;
            var body = JSON.createObjectNode().set("schema", schema).toString();
            var answer = api.put("/api/v1/models/changing", body, tag);
            var said = JSON.readTree(answer.body());
            var outcome = answer.statusCode() == 200 ? "updated" : said.path("code").asText();
            outcomes.computeIfAbsent(outcome, _ -> new AtomicInteger()).incrementAndGet();
            if (refused) {
                assertThat(outcome).isIn("MODEL_CHANGE_REFUSED", "MODEL_CHANGED");
            } else if (tag == null) {
                // Another may have removed a column meanwhile, which is new again then.
                assertThat(outcome.equals("updated") || answer.body().contains("the new column '"))
                        .as(answer.body())
                        .isTrue();
            } else {
                assertThat(outcome).as(answer.body()).isIn("updated", "MODEL_CHANGED");
            }
            progress.awaitJobsBeyond(progress.updated());
        }
        return null;
    }

    /// Something that the table cannot become.
    private static void spoil(ObjectNode schema, Random random) {
        var columns = schema.withArray("columns");
        switch (random.nextInt(4)) {
            case 0 -> ((ObjectNode) columns.get(0)).put("type", "UInt64");
            case 1 -> columns.addObject().put("name", "required").put("type", "String");
            case 2 -> schema.putArray("orderBy");
            default -> columns.remove(1);
        }
    }

    private static void change(ObjectNode schema, Random random) {
        for (var changes = 1 + random.nextInt(3); changes > 0; changes--) {
            var columns = schema.withArray("columns");
            var names = OPTIONAL.keySet().stream().sorted().toList();
            var name = names.get(random.nextInt(names.size()));
            var at = indexOf(columns, name);
            switch (random.nextInt(8)) {
                case 0 ->
                        schema.put("unknownColumns", random.nextInt(8) == 0 ? "reject" : "ignore");
                case 1 -> read((ObjectNode) columns.get(1), "a", random);
                case 2 -> {
                    if (at >= 0) {
                        columns.remove(at);
                    }
                }
                default -> {
                    if (at < 0) {
                        var column = columns.addObject().put("name", name);
                        column.put("type", OPTIONAL.get(name));
                        column.put("default", value(name, random));
                    } else {
                        read((ObjectNode) columns.get(at), name, random);
                    }
                }
            }
        }
    }

    private static int indexOf(JsonNode columns, String name) {
        return IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).get("name").asText().equals(name))
                .findFirst()
                .orElse(-1);
    }

    /// Changes how a column is read.
    private static void read(ObjectNode column, String name, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> {
                column.remove("sourceNames");
                if (random.nextBoolean()) {
                    column.putArray("sourceNames").add("alt " + name);
                }
            }
            case 1 -> {
                var markers = column.putArray("nullMarkers");
                for (var marker : MARKERS) {
                    if (random.nextBoolean()) {
                        markers.add(marker);
                    }
                }
            }
            case 2 -> {
                column.remove("default");
                if (random.nextInt(8) > 0) {
                    column.put("default", value(name, random));
                }
            }
            default -> {
                column.remove("constraints");
                if (random.nextBoolean()) {
                    var constraints = column.putObject("constraints");
                    if (name.startsWith("s")) {
                        constraints.put("maxLength", random.nextInt(6));
                    } else {
                        constraints
                                .put("min", random.nextInt(20))
                                .put("max", 60 + random.nextInt(60));
                    }
                }
            }
        }
    }

    private static String value(String column, Random random) {
        return column.startsWith("s")
                ? "w".repeat(random.nextInt(7))
                : Integer.toString(random.nextInt(100));
    }

    // Loads

    private List<Loaded> load(ApiClient api, Random random) throws Exception {
        var loaded = new ArrayList<Loaded>();
        while (progress.goesOn()) {
            var header = header(random);
            var rows =
                    IntStream.rangeClosed(1, ROWS).mapToObj(i -> row(header, i, random)).toList();
            var id = api.createJob("changing", "");
            var updates = progress.created();
            if (random.nextBoolean()) {
                progress.awaitUpdatesBeyond(updates);
            }
            var csv =
                    rows.stream()
                            .map(row -> String.join(",", row))
                            .collect(
                                    Collectors.joining(
                                            "\n", String.join(",", header) + "\n", "\n"));
            api.upload(id, csv.getBytes(UTF_8));
            loaded.add(new Loaded(api.awaitFinal(id), header, rows));
        }
        return loaded;
    }

    private static List<String> header(Random random) {
        var header = new ArrayList<String>();
        header.add("id");
        header.add(random.nextInt(10) == 0 ? "alt a" : "a");
        OPTIONAL.keySet().stream()
                .sorted()
                .filter(_ -> random.nextInt(3) > 0)
                .forEach(name -> header.add(random.nextInt(4) == 0 ? "alt " + name : name));
        return header;
    }

    private static List<String> row(List<String> header, int id, Random random) {
        var row = new ArrayList<String>();
        row.add(Integer.toString(id));
        for (var name : header.subList(1, header.size())) {
            row.add(
                    switch (random.nextInt(12)) {
                        case 0 -> "";
                        case 1 -> MARKERS[random.nextInt(MARKERS.length)];
                        case 2 -> Integer.toString(random.nextInt(200) - 50);
                        default -> value(name.replace("alt ", ""), random);
                    });
        }
        return row;
    }

    // What must be there

    private void verify(ApiClient api, String table, List<Loaded> loaded) throws Exception {
        var used = new HashSet<Integer>();
        var inTable = inTable(api);
        var shown =
                inTable.keySet().stream()
                        .map(name -> "ifNull(toString(`%s`), 'NULL')".formatted(name))
                        .collect(Collectors.joining(", ', ', "));
        var states = new LinkedHashMap<String, Integer>();
        for (var one : loaded) {
            var version = one.job().at("/model/version").asInt();
            var expected = expected(version(api, version), one);
            var uuid = one.job().get("uuid").asText();
            var found =
                    api.sql(
                            "SELECT concat(%s) FROM %s WHERE _millrace_job = '%s' ORDER BY id"
                                    .formatted(shown, table, uuid));
            var wanted =
                    expected.rows().stream()
                            .map(row ->
                                    inTable.entrySet().stream()
                                            .map(c -> row.getOrDefault(c.getKey(), c.getValue()))
                                            .collect(Collectors.joining(", ")))
                            .toList();
            assertThat(found).as("seed %d, job %s", seed, one).isEqualTo(wanted);
            assertThat(one.job().at("/cause/code").asText(""))
                    .as("seed %d, job %s", seed, one)
                    .isEqualTo(expected.code() == null ? "" : expected.code());
            used.add(version);
            states.merge(one.job().get("state").asText(), 1, Integer::sum);
        }
        System.out.println("%d versions, %s".formatted(used.size(), states));
        assertThat(states).containsKeys("PARTIAL_SUCCESS", "FAILED");
        assertThat(used).hasSizeGreaterThan(10);
        assertThat(outcomes).containsKeys("updated", "MODEL_CHANGE_REFUSED");
    }

    private JsonNode version(ApiClient api, int version) throws Exception {
        var known = versions.get(version);
        if (known != null) {
            return known;
        }
        var schema = api.get("/api/v1/models/changing?version=" + version).get("schema");
        versions.put(version, schema);
        return schema;
    }

    /// The table's columns, and what a row has there that came with a version without it: the
    /// default that the column was first added with.
    private Map<String, String> inTable(ApiClient api) throws Exception {
        var columns = new LinkedHashMap<String, String>();
        var latest = api.get("/api/v1/models/changing").get("version").asInt();
        for (var version = 1; version <= latest; version++) {
            for (var column : version(api, version).get("columns")) {
                columns.putIfAbsent(column.get("name").asText(), absent(column));
            }
        }
        return columns;
    }

    private static String absent(JsonNode column) {
        return column.has("default") ? column.get("default").asText() : "NULL";
    }

    private static Expected expected(JsonNode schema, Loaded loaded) {
        var fields = new LinkedHashMap<JsonNode, Integer>();
        var unknown = new HashSet<>(loaded.header());
        for (var column : schema.get("columns")) {
            var name = column.get("name").asText();
            var field = loaded.header().indexOf(name);
            var source = column.path("sourceNames").path(0).asText(name);
            fields.put(column, field >= 0 ? field : loaded.header().indexOf(source));
            unknown.remove(name);
            unknown.remove(source);
            if (fields.get(column) < 0
                    && !column.has("default")
                    && !column.get("type").asText().startsWith("Nullable")) {
                return new Expected("HEADER_MISSING_COLUMN", List.of());
            }
        }
        if (schema.get("unknownColumns").asText().equals("reject") && !unknown.isEmpty()) {
            return new Expected("HEADER_UNKNOWN_COLUMN", List.of());
        }
        var rows = new ArrayList<Map<String, String>>();
        for (var row : loaded.rows()) {
            var values = new LinkedHashMap<String, String>();
            fields.forEach((column, field) -> {
                var value = field < 0 ? absent(column) : value(column, row.get(field));
                if (value != null) {
                    values.put(column.get("name").asText(), value);
                }
            });
            if (values.size() == fields.size()) {
                rows.add(values);
            }
        }
        return new Expected(rows.isEmpty() ? "ALL_ROWS_REJECTED" : null, rows);
    }

    /// A field's value, or null when it must be rejected.
    private static @Nullable String value(JsonNode column, String text) {
        var isText = column.get("type").asText().equals("String");
        var isNullable = column.get("type").asText().startsWith("Nullable");
        for (var marker : column.path("nullMarkers")) {
            if (marker.asText().equals(text)) {
                return column.has("default") || isNullable ? absent(column) : null;
            }
        }
        var constraints = column.path("constraints");
        if (isText) {
            return text.length() <= constraints.path("maxLength").asInt(99) ? text : null;
        }
        if (text.isEmpty()) {
            return isNullable ? "NULL" : null;
        }
        if (!text.matches("-?\\d+")) {
            return null;
        }
        var number = Integer.parseInt(text);
        var least = constraints.path("min").asInt(isNullable ? Integer.MIN_VALUE : 0);
        return number >= least && number <= constraints.path("max").asInt(Integer.MAX_VALUE)
                ? text
                : null;
    }
}
