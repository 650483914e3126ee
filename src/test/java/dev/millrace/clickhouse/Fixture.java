package dev.millrace.clickhouse;

import dev.millrace.Engines;
import dev.millrace.NotedInMemory;
import dev.millrace.core.Batch;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Digest;
import dev.millrace.core.JobId;
import dev.millrace.core.Keep;
import dev.millrace.core.LoadMode;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.ModelId;
import dev.millrace.core.PartitionKey;
import dev.millrace.core.Publishable;
import dev.millrace.core.SplitId;
import dev.millrace.core.Staging;
import dev.millrace.core.UnknownColumns;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/// The shared server, and models and jobs of a test's own on it.
final class Fixture {
    static final ClickHouseConnection CONNECTION = new ClickHouseConnection(settings());
    static final ClickHouseSink SINK = new ClickHouseSink(CONNECTION);

    private Fixture() {}

    static ClickHouseSettings settings() {
        return Engines.clickhouseSettings();
    }

    /// A new model with columns such as `id UInt64`, without keys.
    static Model model(String... columns) {
        return model(List.of(), null, columns);
    }

    static Model model(List<String> orderBy, @Nullable String partitionBy, String... columns) {
        return version(new ModelId(UUID.randomUUID()), 1, orderBy, partitionBy, columns);
    }

    /// The next version of a model, with other columns.
    static Model next(Model model, String... columns) {
        return version(
                model.id(),
                model.version() + 1,
                model.definition().orderBy(),
                model.definition().partitionBy() == null
                        ? null
                        : model.definition().partitionBy().text(),
                columns);
    }

    /// A new model of a table that the test has made.
    static Model existing(String table, String... columns) {
        return defined(table, true, List.of(), Keep.ALL, null, columns);
    }

    /// A new model that keeps the latest row of each key.
    static Model latest(List<String> key, @Nullable String partitionBy, String... columns) {
        return defined(null, false, key, Keep.LATEST, partitionBy, columns);
    }

    private static Model defined(
            @Nullable String table,
            boolean existing,
            List<String> key,
            Keep keep,
            @Nullable String partitionBy,
            String... columns) {
        var list = Arrays.stream(columns).map(Fixture::column).toList();
        var id = new ModelId(UUID.randomUUID());
        return new Model(
                id,
                "m" + id,
                1,
                new ModelDefinition(
                        list,
                        table,
                        existing,
                        null,
                        key,
                        keep,
                        List.of(),
                        partitionBy == null ? null : PartitionKey.parse(partitionBy, list),
                        UnknownColumns.IGNORE),
                "test",
                "default",
                Instant.EPOCH);
    }

    private static Model version(
            ModelId id,
            int version,
            List<String> orderBy,
            @Nullable String partitionBy,
            String... columns) {
        var list = Arrays.stream(columns).map(Fixture::column).toList();
        var key = partitionBy == null ? null : PartitionKey.parse(partitionBy, list);
        return new Model(
                id,
                "m" + id,
                version,
                new ModelDefinition(list, null, null, orderBy, key),
                "test",
                "default",
                Instant.EPOCH);
    }

    private static Column column(String text) {
        var at = text.lastIndexOf(' ');
        return new Column(text.substring(0, at), ColumnTypes.parse(text.substring(at + 1)));
    }

    /// A model with the columns `id` and `p`, whose table an earlier build has made: the job is a
    /// plain UUID.
    static Model earlier(Model model) {
        SINK.prepare(model);
        var made = answer("SHOW CREATE TABLE %s FORMAT TSVRaw".formatted(quoted(model)));
        execute("DROP TABLE %s SYNC".formatted(quoted(model)));
        execute(
                made.replace("LowCardinality(UUID)", "UUID")
                        .replace(" CODEC(Delta(8), Default)", ""));
        return model;
    }

    /// A prepared model's new job with open staging.
    static Staging open(Model model) {
        return open(model, 1);
    }

    /// The same for a job of this number.
    static Staging open(Model model, long number) {
        SINK.prepare(model);
        var staging = new Staging(new JobId(UUID.randomUUID()), number, 1, 0, model);
        openStaging(staging);
        return staging;
    }

    static void openStaging(Staging staging) {
        SINK.open(load(staging, Digest.EMPTY));
    }

    /// A load that appends.
    static Publishable load(Staging staging, Digest written) {
        return new Publishable(staging, written, LoadOptions.DEFAULT);
    }

    /// A load of a mode, of all rows that are in its staging.
    static Publishable load(Staging staging, LoadMode mode) {
        return new Publishable(staging, SINK.staged(staging), LoadOptions.DEFAULT.with(mode));
    }

    /// A prepared model's new job with rows in staging: for each from 1 on its id and, as far as
    /// the model has it, the partition that a function gives it.
    static Staging loaded(Model model, int rows, IntUnaryOperator partition) {
        var staging = open(model);
        var columns = model.definition().columns();
        var batch = new BatchRows(columns);
        for (var i = 1; i <= rows; i++) {
            batch.add(i, (long) i, partition.applyAsInt(i));
        }
        SINK.write(staging, split(staging, 0), batch.batch());
        return staging;
    }

    static void publish(Staging staging, Digest written) {
        SINK.publish(load(staging, written), new NotedInMemory());
    }

    /// What a model's table holds of a job.
    static Digest published(JobId job, Model model) {
        return CONNECTION.digest(Statement.of(Lineage.digest(quoted(model), Lineage.isOf(job))));
    }

    static SplitId split(Staging staging, int number) {
        return new SplitId(staging.job(), 0, number);
    }

    /// A split's rows of a model with the single column `id UInt64`: `from` to `from + count - 1`,
    /// each its own row number.
    static Batch ids(Model model, int from, int count) {
        var rows = new BatchRows(model.definition().columns());
        for (var i = from; i < from + count; i++) {
            rows.add(i, (long) i);
        }
        return rows.batch();
    }

    static String quoted(Model model) {
        return Sql.identifier("millrace", model.table());
    }

    static String quoted(Staging staging) {
        return new StagingTable(CONNECTION, staging).name();
    }

    /// Runs in a thread of its own: the JVM's common pool may have a single one.
    static CompletableFuture<Void> inBackground(Runnable work) {
        return CompletableFuture.runAsync(work, Thread::startVirtualThread);
    }

    static void execute(String sql) {
        CONNECTION.execute(Statement.of(sql).ofColumns());
    }

    /// One value that a query gives, as a Long.
    static long number(String sql) {
        return CONNECTION.row(
                Statement.of("SELECT toInt64((%s)) AS n".formatted(sql)), r -> r.getLong("n"));
    }

    /// A table's rows with their lineage, in order, a line each; of a model with the columns `id`
    /// and `p`.
    static String rows(String table) {
        var sql =
                "SELECT concat(leftPad(toString(id), 9), ' ', toString(p), ' ',"
                        + " toString(_millrace_job), ' ', toString(_millrace_row), '\\n') AS line"
                        + " FROM %s ORDER BY line".formatted(table);
        return String.join("", CONNECTION.rows(Statement.of(sql), r -> r.getString("line")));
    }

    /// A query's answer as ClickHouse prints it, tabs between values.
    static String answer(String sql) {
        var out = new ByteArrayOutputStream();
        try (var queries = new ClickHouseQueries(CONNECTION)) {
            queries.query(sql, "TSV", out);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
