package dev.millrace.clickhouse;

import dev.millrace.core.JobId;
import java.util.UUID;

/// The two columns that Millrace adds to its tables: which job a row came with, and which row of
/// the job it is. They are MATERIALIZED, so that `SELECT *` does not show them.
final class Lineage {
    static final String JOB = "_millrace_job";
    static final String JOB_TYPE = "UUID";
    static final String ROW = "_millrace_row";
    static final String ROW_TYPE = "UInt64";

    /// The job of rows that came with none.
    static final UUID NOBODY = new UUID(0, 0);

    private Lineage() {}

    /// The columns as a model's table declares them, with the index that finds a job's rows.
    static String declaration() {
        return """
        %s,
        %s UInt64 MATERIALIZED 0,
        INDEX _millrace_job_index %s TYPE bloom_filter GRANULARITY 1\
        """
                .formatted(jobColumn(NOBODY), ROW, JOB);
    }

    /// The job's column as its staging declares it: every row gets the job without its being sent.
    static String jobColumn(UUID job) {
        return "%s UUID MATERIALIZED %s".formatted(JOB, uuid(job));
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
