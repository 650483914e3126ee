package dev.millrace.clickhouse;

import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobId;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Staging;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// The table in which a load that takes others' place keeps their rows, so that they can come back:
/// `k_<job uuid without dashes>_<epoch>` in the staging database. Like staging it has the name of
/// the present epoch after each fence, so that a statement which an earlier owner sent finds
/// nothing under the name that it knows. A CREATE that comes so late leaves an empty table under an
/// old epoch's name, which nobody takes for this one: its UUID is in no note. Thread-safe.
final class KeptTable {
    private final ClickHouseConnection connection;
    private final Staging staging;
    private final String database;

    KeptTable(ClickHouseConnection connection, Staging staging) {
        this.connection = connection;
        this.staging = staging;
        this.database = connection.settings().stagingDatabase();
    }

    /// What the names of all tables begin with that keep rows for a job; the epoch follows.
    static String prefix(JobId job) {
        return "k_%s_".formatted(job.uuid().toString().replace("-", ""));
    }

    /// Its quoted name.
    String name() {
        return Sql.identifier(database, table());
    }

    private String table() {
        return prefix(staging.job()) + staging.epoch();
    }

    Optional<TableIdentity> identity() {
        return TableIdentity.read(connection, database, table());
    }

    /// Whether it is the table that has this UUID.
    boolean is(UUID uuid) {
        return identity().map(TableIdentity::uuid).filter(uuid::equals).isPresent();
    }

    /// Makes it, empty, exactly like the target.
    TableIdentity create(TargetTable target) {
        execute("CREATE TABLE %s AS %s".formatted(name(), target.name()));
        return identity().orElseThrow(this::missing);
    }

    void drop() {
        connection.execute(
                statement("DROP TABLE IF EXISTS %s SYNC".formatted(name()))
                        .with("max_table_size_to_drop", "0"));
    }

    Digest digest() {
        return connection.digest(statement(Lineage.digest(name(), "1")));
    }

    /// The same by the partition's id.
    Map<String, Digest> byPartition() {
        return Partitions.digests(connection, statement(Partitions.digests(name(), "1")));
    }

    /// What it consists of.
    List<TableParts.Part> parts() {
        return new TableParts(connection, database, table()).above(0);
    }

    /// The jobs that the rows came with.
    Set<JobId> jobs() {
        var sql =
                "SELECT DISTINCT toString(%1$s) AS job FROM %2$s WHERE %1$s <> toUUID('%3$s')"
                        .formatted(Lineage.JOB, name(), Lineage.NOBODY);
        return connection
                .rows(statement(sql), r -> new JobId(UUID.fromString(r.getString("job"))))
                .stream()
                .collect(Collectors.toSet());
    }

    /// Whether the two can take each other's place.
    boolean isLike(TargetTable target) {
        return identity()
                .orElseThrow(this::missing)
                .definition()
                .equals(target.identity().definition());
    }

    /// Adds the columns that the target got since: the rows here get the value that those of the
    /// target got.
    void bringUpTo(TargetTable target) {
        var here = new TableName(database, table());
        var found = TableLayout.read(connection, List.of(here, target.tableName()));
        var mine = Optional.ofNullable(found.get(here)).orElseThrow(this::missing);
        var additions = target.layout(found).missingFrom(mine);
        if (!additions.isEmpty()) {
            execute(TableLayout.addition(name(), additions));
        }
    }

    private MillraceException missing() {
        return new MillraceException(
                ErrorCode.STAGING_MISSING, "The table %s is not there".formatted(name()));
    }

    private void execute(String sql) {
        connection.execute(statement(sql).ofColumns());
    }

    private Statement statement(String sql) {
        return Statement.ofJob(staging.job(), staging.epoch(), sql);
    }
}
