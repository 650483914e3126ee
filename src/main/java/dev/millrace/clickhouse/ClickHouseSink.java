package dev.millrace.clickhouse;

import dev.millrace.core.Batch;
import dev.millrace.core.CrashPoint;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Held;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.Journal;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.Publishable;
import dev.millrace.core.Rejection;
import dev.millrace.core.Replaced;
import dev.millrace.core.Sink;
import dev.millrace.core.SplitId;
import dev.millrace.core.Staging;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A ClickHouse table as the destination of a model's rows.
///
/// Rows are written into a staging table that only Millrace knows, audited there, and published as
/// the load's mode wants it (see [Publishing]). Every row carries which job it came with and which
/// row of the job it is, so that the table can always be asked what it holds of a job. Besides the
/// errors that [Sink] names, every method throws what [ClickHouseConnection] does.
public final class ClickHouseSink implements Sink {
    private static final int OLDEST_MAJOR = 25;
    private static final int OLDEST_MINOR = 8;

    /// What is kept aside for a job before it is published, and what it replaced.
    private static final Pattern ASIDE = Pattern.compile("([jk])_([0-9a-f]{32})_.*");

    private final ClickHouseConnection connection;
    private final RejectedRows rejectedRows;

    public ClickHouseSink(ClickHouseConnection connection) {
        this.connection = connection;
        this.rejectedRows = new RejectedRows(connection);
    }

    @Override
    public Map<String, String> prepare(Model model) {
        return new TargetTable(connection, model).prepare();
    }

    @Override
    public void drop(Model model) {
        new TargetTable(connection, model).drop();
    }

    /// The server's UUID and that of the staging database: a server that runs inside another
    /// program has none of its own, and a database that was lost and made again is another one.
    @Override
    public String serverId() {
        return knownServerId()
                .orElseGet(() -> {
                    Databases.ensure(connection, connection.settings().stagingDatabase());
                    return knownServerId().orElseThrow();
                });
    }

    private Optional<String> knownServerId() {
        var sql =
                "SELECT concat(toString(serverUUID()), '/', toString(uuid)) AS id"
                        + " FROM system.databases WHERE name = "
                        + Sql.literal(connection.settings().stagingDatabase());
        return connection.rows(Statement.look(sql), r -> r.getString("id")).stream().findFirst();
    }

    @Override
    public void open(Publishable load) {
        var target = new TargetTable(connection, load.model());
        var staging = table(load.staging());
        var found = staging.layouts(target);
        var layout = target.layout(found);
        Publishing.requirePossible(load, target, layout);
        if (!found.containsKey(staging.tableName())) {
            staging.create(target, layout);
        }
    }

    @Override
    public boolean isOpen(Staging staging) {
        return table(staging).exists();
    }

    @Override
    public void write(Staging staging, SplitId split, Batch batch) {
        table(staging).write(split, batch);
    }

    @Override
    public void fence(Staging staging) {
        new Fence(connection, staging).raise();
    }

    @Override
    public Digest staged(Staging staging) {
        return table(staging).digest();
    }

    @Override
    public Held held(Publishable load, Journal journal) {
        return Publishing.of(connection, load, journal).held();
    }

    @Override
    public void publish(Publishable load, Journal journal) {
        Publishing.of(connection, load, journal).publish();
    }

    @Override
    public Replaced replaced(Publishable load, Journal journal) {
        return Publishing.replaced(connection, load, journal);
    }

    @Override
    public void undo(Publishable load, Journal journal) {
        Publishing.of(connection, load, journal).undo();
    }

    @Override
    public void discard(JobId job) {
        var traces = JobTraces.ofAll(connection, job);
        if (!traces.areStill()) {
            connection.execute(
                    Statement.of("KILL QUERY WHERE %s ASYNC".formatted(Statement.isOf(job))));
            traces = JobTraces.ofAll(connection, job);
        }
        var staged = traces.tables(StagingTable.prefix(job));
        CrashPoint.DISCARD.run(() -> drop(staged));
    }

    @Override
    public void forget(JobId job) {
        CrashPoint.FORGET.run(() -> drop(StagingTable.tables(connection, KeptTable.prefix(job))));
    }

    private void drop(List<String> tables) {
        var database = connection.settings().stagingDatabase();
        for (var table : tables) {
            connection.execute(
                    Statement.of(
                                    "DROP TABLE IF EXISTS %s SYNC"
                                            .formatted(Sql.identifier(database, table)))
                            .with("max_table_size_to_drop", "0"));
        }
    }

    @Override
    public void mirror(Job job, SplitId split, List<Rejection> rejections) {
        rejectedRows.mirror(job, split, rejections);
    }

    @Override
    public List<Aside> asides() {
        return StagingTable.tables(connection, "").stream()
                .flatMap(name -> aside(name).stream())
                .toList();
    }

    private static Optional<Aside> aside(String table) {
        var named = ASIDE.matcher(table);
        return named.matches()
                ? Optional.of(
                        new Aside(
                                StagingTable.job(named.group(2)),
                                table,
                                named.group(1).equals("k")))
                : Optional.empty();
    }

    @Override
    public void unmirror(Set<JobId> jobs) {
        rejectedRows.delete(jobs);
    }

    /// Asks for the fullest of the disks that new tables are put on. What a server keeps free on
    /// its disks is not there.
    @Override
    public void requireRoom(long bytes) {
        var free =
                connection.row(
                        Statement.of(
                                "SELECT toInt64(least(min(free_space - least(free_space,"
                                        + " keep_free_space)), 9000000000000000000)) AS free"
                                        + " FROM system.disks WHERE name IN (SELECT arrayJoin(disks)"
                                        + " FROM system.storage_policies"
                                        + " WHERE policy_name = 'default')"),
                        r -> r.getLong("free"));
        if (free < bytes) {
            throw new MillraceException(
                    ErrorCode.DISK_FULL,
                    "A disk of ClickHouse has %,d bytes left; %,d are wanted"
                            .formatted(free, bytes),
                    "Free some space there, or give ClickHouse a larger disk.",
                    null);
        }
    }

    @Override
    public void check() {
        var version = connection.row(Statement.of("SELECT version() AS v"), r -> r.getString("v"));
        if (!isRecent(version)) {
            throw new MillraceException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "ClickHouse at %s is %s, which is too old"
                            .formatted(connection.settings().endpoint(), version),
                    "Use ClickHouse %d.%d or newer.".formatted(OLDEST_MAJOR, OLDEST_MINOR),
                    null);
        }
    }

    /// Whether a version such as `26.7.2.1` is new enough; one that cannot be read is not.
    static boolean isRecent(String version) {
        var parts = version.split("\\.", 3);
        if (parts.length < 2 || !parts[0].matches("\\d{1,4}") || !parts[1].matches("\\d{1,4}")) {
            return false;
        }
        var major = Integer.parseInt(parts[0]);
        return major > OLDEST_MAJOR
                || (major == OLDEST_MAJOR && Integer.parseInt(parts[1]) >= OLDEST_MINOR);
    }

    private StagingTable table(Staging staging) {
        return new StagingTable(connection, staging);
    }
}
