package dev.millrace.clickhouse;

import dev.millrace.core.JobId;
import java.util.List;
import java.util.UUID;

/// The columns that Millrace adds to its tables: which job a row came with, and which row of the
/// job it is; where only the latest row of a key is kept, also which of two rows is later. They are
/// MATERIALIZED, so that `SELECT *` does not show them.
final class Lineage {
    static final String JOB = "_millrace_job";

    /// All rows of a job have the same value: as a number in a dictionary it costs an insert next
    /// to nothing, where sixteen bytes a row cost as much as a few columns of data.
    static final String JOB_TYPE = "LowCardinality(UUID)";

    /// The job's type in tables that earlier builds made.
    private static final String PLAIN_JOB_TYPE = "UUID";

    static final String ROW = "_millrace_row";
    static final String ROW_TYPE = "UInt64";
    static final String VERSION = "_millrace_version";
    static final String VERSION_TYPE = "UInt128";
    static final List<String> NAMES = List.of(JOB, ROW, VERSION);

    /// The job of rows that came with none.
    static final UUID NOBODY = new UUID(0, 0);

    private Lineage() {}

    /// The columns as a model's table declares them, with the index that finds a job's rows.
    static String declaration() {
        return """
        %s,
        %s,
        INDEX _millrace_job_index %s TYPE bloom_filter GRANULARITY 1\
        """
                .formatted(jobColumn(JOB_TYPE, NOBODY), rowDeclaration(), JOB);
    }

    /// Whether the job's column may have this type.
    static boolean isJobType(String type) {
        return type.equals(JOB_TYPE) || type.equals(PLAIN_JOB_TYPE);
    }

    /// The column that says which row of its job a row is. Rows that stand near each other have
    /// numbers that differ little, and are the same difference apart where the key keeps the
    /// source's order.
    static String rowDeclaration() {
        return "%s %s MATERIALIZED 0 CODEC(Delta, Default)".formatted(ROW, ROW_TYPE);
    }

    /// The column that says which of two rows is later, as a model's table declares it.
    static String versionDeclaration() {
        return "%s %s MATERIALIZED 0".formatted(VERSION, VERSION_TYPE);
    }

    /// The same as the staging of the job with this number declares it: of two jobs the one that
    /// was made later is later, of two rows of one job the one further back.
    static String versionColumn(long job) {
        return "%s %s MATERIALIZED bitOr(bitShiftLeft(toUInt128(%d), 64), toUInt128(%s))"
                .formatted(VERSION, VERSION_TYPE, job, ROW);
    }

    /// The job's column as its staging declares it: every row gets the job without its being sent.
    ///
    /// @param type what the target has
    static String jobColumn(String type, UUID job) {
        return "%s %s MATERIALIZED %s".formatted(JOB, type, uuid(job));
    }

    /// The condition that finds a job's rows.
    static String isOf(JobId job) {
        return "%s = %s".formatted(JOB, uuid(job.uuid()));
    }

    /// A query of one row, its columns `rows`, `row_sum` and `row_hash`: what [Digest] holds.
    static String digest(String table, String condition) {
        return """
        SELECT toInt64(count()) AS rows,
               reinterpretAsInt64(sum(%1$s)) AS row_sum,
               reinterpretAsInt64(sum(intHash64(%1$s))) AS row_hash
        FROM %2$s WHERE %3$s\
        """
                .formatted(ROW, table, condition);
    }

    private static String uuid(UUID uuid) {
        return "toUUID('%s')".formatted(uuid);
    }
}
