package dev.millrace.clickhouse;

import dev.millrace.core.Batch;
import dev.millrace.core.CrashPoint;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobId;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SplitId;
import dev.millrace.core.Staging;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The table of its own that holds a job's rows until they are published: `j_<job uuid without
/// dashes>_<attempt>_<epoch>` in the staging database. Thread-safe.
final class StagingTable {
    /// What makes a repeated insert cheap (the window's default of 0 would make tokens void),
    /// merges rare (they would be done again in the target), parts known by name in the target, and
    /// a split's part a few files, not two a column: those would be made only to be merged soon.
    static final String TABLE_SETTINGS =
            "non_replicated_deduplication_window = 1000000, min_parts_to_merge_at_once = 50,"
                    + " max_parts_in_total = 1000000, assign_part_uuids = 1,"
                    + " min_bytes_for_wide_part = 1073741824";

    /// One split is one block, and one part a partition, under one token; what the block says is
    /// what is stored, or an error.
    private static final Map<String, String> INSERT_SETTINGS =
            Map.ofEntries(
                    Map.entry("async_insert", "0"),
                    Map.entry("insert_deduplicate", "1"),
                    Map.entry("optimize_on_insert", "0"),
                    Map.entry("max_insert_threads", "1"),
                    Map.entry("wait_end_of_query", "1"),
                    Map.entry("max_insert_block_size", "16777216"),
                    Map.entry("min_insert_block_size_rows", "0"),
                    Map.entry("min_insert_block_size_bytes", "0"),
                    Map.entry("max_partitions_per_insert_block", "0"),
                    Map.entry("insert_allow_materialized_columns", "1"),
                    Map.entry("input_format_skip_unknown_fields", "0"),
                    Map.entry("input_format_native_allow_types_conversion", "0"));

    private final ClickHouseConnection connection;
    private final Staging staging;
    private final String database;

    StagingTable(ClickHouseConnection connection, Staging staging) {
        this.connection = connection;
        this.staging = staging;
        this.database = connection.settings().stagingDatabase();
    }

    /// What the names of all of a job's staging tables begin with.
    static String prefix(JobId job) {
        return "j_%s_".formatted(job.uuid().toString().replace("-", ""));
    }

    /// The job whose UUID without dashes stands in a name.
    static JobId job(String hex) {
        return new JobId(
                new UUID(
                        Long.parseUnsignedLong(hex, 0, 16, 16),
                        Long.parseUnsignedLong(hex, 16, 32, 16)));
    }

    /// What the names of an attempt's staging tables begin with; the epoch follows.
    static String prefix(JobId job, int attempt) {
        return prefix(job) + attempt + "_";
    }

    /// The tables of the staging database whose names begin so.
    static List<String> tables(ClickHouseConnection connection, String prefix) {
        var sql =
                "SELECT name FROM system.tables WHERE database = %s AND startsWith(name, %s)"
                        .formatted(
                                Sql.literal(connection.settings().stagingDatabase()),
                                Sql.literal(prefix));
        return connection.rows(Statement.look(sql), r -> r.getString("name"));
    }

    /// Its name without the database.
    String table() {
        return prefix(staging.job(), staging.attempt()) + staging.epoch();
    }

    /// Its quoted name.
    String name() {
        return Sql.identifier(database, table());
    }

    TableName tableName() {
        return new TableName(database, table());
    }

    boolean exists() {
        return connection.row(
                Statement.look("EXISTS TABLE " + name()), r -> r.getLong("result") > 0);
    }

    /// The layouts of the target and, if it is there, of this one.
    Map<TableName, TableLayout> layouts(TargetTable target) {
        return TableLayout.read(connection, List.of(target.tableName(), tableName()));
    }

    /// Makes it like the target, whose every column the model's rows must be able to fill. It
    /// appears under its name whole, by one statement or a rename, so that a worker never finds it
    /// half made.
    ///
    /// @param layout the target's
    void create(TargetTable target, TableLayout layout) {
        target.requireFilled(layout);
        var whole = StagingDeclaration.of(staging, tableName(), target.tableName(), layout);
        if (whole.isPresent() && isMade(whole.get())) {
            return;
        }
        Databases.ensure(connection, database);
        createByRename(target, layout);
    }

    /// Makes it by one statement.
    ///
    /// @return false when that cannot be, for whatever reason
    private boolean isMade(String whole) {
        try {
            execute(whole);
            return true;
        } catch (MillraceException e) {
            var refusal = Refusal.in(e);
            if (refusal == null) {
                throw e;
            }
            return refusal.code() == Refusal.TABLE_ALREADY_EXISTS;
        }
    }

    /// Makes it by several statements under another name, and renames it.
    void createByRename(TargetTable target, TableLayout layout) {
        var draft =
                Sql.identifier(
                        database, table() + "_" + UUID.randomUUID().toString().replace("-", ""));
        declare(draft, target, layout);
        try {
            execute("RENAME TABLE %s TO %s".formatted(draft, name()));
        } catch (MillraceException e) {
            execute("DROP TABLE IF EXISTS %s SYNC".formatted(draft));
            var refusal = Refusal.in(e);
            if (refusal == null || refusal.code() != Refusal.TABLE_ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    /// Like the target, but that it keeps every row for as long as it is there, and that the rows
    /// say where they come from.
    private void declare(String draft, TargetTable target, TableLayout layout) {
        var engine = layout.engine();
        execute(
                "CREATE TABLE %s AS %s%s"
                        .formatted(
                                draft,
                                target.name(),
                                engine.merges() ? " ENGINE = MergeTree" + engine.clauses() : ""));
        if (engine.hasTtl()) {
            execute("ALTER TABLE %s REMOVE TTL".formatted(draft));
        }
        execute("ALTER TABLE %s MODIFY SETTING %s".formatted(draft, TABLE_SETTINGS));
        if (!layout.hasLineage()) {
            execute("ALTER TABLE %s ADD COLUMN %s".formatted(draft, Lineage.rowDeclaration()));
            return;
        }
        execute(
                "ALTER TABLE %s MODIFY COLUMN %s"
                        .formatted(
                                draft, Lineage.jobColumn(layout.jobType(), staging.job().uuid())));
        if (layout.keepsLatest()) {
            execute(
                    "ALTER TABLE %s MODIFY COLUMN %s"
                            .formatted(draft, Lineage.versionColumn(staging.number())));
        }
    }

    /// Inserts a split under its token.
    void write(SplitId split, Batch batch) {
        if (batch.rows() == 0) {
            return;
        }
        var token =
                "%s-%d-%d-%d"
                        .formatted(
                                split.job().uuid(),
                                staging.attempt(),
                                split.source(),
                                split.number());
        var insert =
                statement(name()).with(INSERT_SETTINGS).with("insert_deduplication_token", token);
        var block = NativeBlock.of(batch);
        var written = CrashPoint.INSERT.get(() -> connection.insert(insert, block));
        if (written != batch.rows()) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR,
                    "Split %s has %d rows, but ClickHouse says that it took %d"
                            .formatted(split, batch.rows(), written));
        }
    }

    Digest digest() {
        return connection.digest(statement(Lineage.digest(name(), "1")));
    }

    /// The same by the partition's id.
    Map<String, Digest> byPartition() {
        return Partitions.digests(connection, statement(Partitions.digests(name(), "1")));
    }

    /// Adds the columns that the target got since staging was made. All of the target's columns are
    /// checked, not only those: staging may have been made, or brought up before, by a program that
    /// did not look.
    void bringUpTo(TargetTable target) {
        bringUpTo(target, layouts(target));
    }

    /// The same by layouts that were read just before.
    ///
    /// @param found what [#layouts] gave
    void bringUpTo(TargetTable target, Map<TableName, TableLayout> found) {
        target.requireNoViews(target.layout(found));
        bringUpWithViews(target, found);
    }

    /// The same for who goes through the target's views.
    void bringUpWithViews(TargetTable target, Map<TableName, TableLayout> found) {
        var wanted = target.layout(found);
        target.requireFilled(wanted);
        var mine = Optional.ofNullable(found.get(tableName())).orElseThrow(this::missing);
        requireKept(target, wanted, mine);
        var additions = wanted.missingFrom(mine);
        additions.forEach(target::requireAddable);
        if (!additions.isEmpty()) {
            execute(TableLayout.addition(name(), additions));
        }
    }

    /// Refuses a target that has lost a column of staging's, or has it with another type.
    private void requireKept(TargetTable target, TableLayout wanted, TableLayout mine) {
        for (var column : mine.columns().values()) {
            var there = wanted.columns().get(column.name());
            if (there == null) {
                if (column.name().equals(Lineage.ROW) && !wanted.hasLineage()) {
                    continue;
                }
                throw TableFit.refused(
                        target.name(),
                        "it lost its column '%s' after the load began".formatted(column.name()));
            }
            if (!there.type().equals(column.type())) {
                throw TableFit.refused(
                        target.name(),
                        "its column '%s' became %s after the load began; it was %s"
                                .formatted(column.name(), there.type(), column.type()));
            }
        }
    }

    /// Takes away the column that the audit needed and the target lacks.
    void dropRowNumbers() {
        connection.execute(
                statement("ALTER TABLE %s DROP COLUMN IF EXISTS %s".formatted(name(), Lineage.ROW))
                        .with("mutations_sync", "2")
                        .with("alter_sync", "2"));
    }

    /// Its parts, which are the same from now on as long as the server runs.
    List<TableParts.Part> settledParts() {
        execute("SYSTEM STOP MERGES " + name());
        return new TableParts(connection, database, table()).active();
    }

    private MillraceException missing() {
        return new MillraceException(
                ErrorCode.STAGING_MISSING, "The staging table %s is not there".formatted(name()));
    }

    private void execute(String sql) {
        connection.execute(statement(sql).ofColumns());
    }

    private Statement statement(String sql) {
        return Statement.ofJob(staging.job(), staging.epoch(), sql);
    }
}
