package dev.millrace.clickhouse;

import dev.millrace.core.JobId;
import dev.millrace.core.Staging;
import java.util.Comparator;
import java.util.List;

/// What a job has on the server at one moment: statements, the mutations that some have left
/// behind, and tables aside; read by one statement.
///
/// @param statements how many run
/// @param mutations how many of the job's are not done: killing a statement does not end its
///   mutation, and rows that it is still to remove must not be counted
/// @param tables the names of those that are aside
record JobTraces(long statements, long mutations, List<String> tables) {
    private record Trace(String kind, String name) {}

    /// Those of earlier epochs, with the tables of all epochs.
    static JobTraces before(ClickHouseConnection connection, Staging staging, TargetTable target) {
        var mutations =
                """
                UNION ALL
                SELECT 'mutation', mutation_id FROM system.mutations
                WHERE database = %s AND table = %s AND NOT is_done AND position(command, %s) > 0
                """
                        .formatted(
                                Sql.literal(target.database()),
                                Sql.literal(target.table()),
                                Sql.literal(staging.job().uuid().toString()));
        return read(
                connection,
                Statement.isOfBefore(staging.job(), staging.epoch()),
                mutations,
                staging.job());
    }

    /// Those of all epochs, without mutations.
    static JobTraces ofAll(ClickHouseConnection connection, JobId job) {
        return read(connection, Statement.isOf(job), "", job);
    }

    /// Statements are looked at before mutations: one that ends between leaves its mutation to be
    /// seen.
    private static JobTraces read(
            ClickHouseConnection connection, String running, String mutations, JobId job) {
        var sql =
                """
                SELECT 'statement' AS kind, query_id AS name FROM system.processes WHERE %s
                %sUNION ALL
                SELECT 'table', name FROM system.tables
                WHERE database = %s AND (startsWith(name, %s) OR startsWith(name, %s))\
                """
                        .formatted(
                                running,
                                mutations,
                                Sql.literal(connection.settings().stagingDatabase()),
                                Sql.literal(StagingTable.prefix(job)),
                                Sql.literal(KeptTable.prefix(job)));
        var traces =
                connection.rows(
                        Statement.look(sql),
                        r -> new Trace(r.getString("kind"), r.getString("name")));
        return new JobTraces(
                traces.stream().filter(t -> t.kind().equals("statement")).count(),
                traces.stream().filter(t -> t.kind().equals("mutation")).count(),
                traces.stream().filter(t -> t.kind().equals("table")).map(Trace::name).toList());
    }

    /// Whether nothing runs.
    boolean areStill() {
        return statements + mutations == 0;
    }

    List<String> tables(String prefix) {
        return tables.stream().filter(name -> name.startsWith(prefix)).toList();
    }

    /// The highest epoch under which there is a table, or -1.
    ///
    /// @param prefix the tables' names but for the epoch
    int latestEpoch(String prefix) {
        return latestEpoch(tables, prefix);
    }

    /// The same of some names.
    static int latestEpoch(List<String> names, String prefix) {
        return names.stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .filter(rest -> rest.matches("\\d{1,9}"))
                .map(Integer::valueOf)
                .max(Comparator.naturalOrder())
                .orElse(-1);
    }
}
