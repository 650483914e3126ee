package dev.millrace.clickhouse;

import dev.millrace.core.JobId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/// One statement and how it is to run. Its `query_id` says whose it is, so that a fence can find
/// what it has to end: `millrace-<job uuid>-<epoch>-<random>` for a job's, else
/// `millrace-<random>`.
///
/// @param settings ClickHouse's settings for this statement by name
record Statement(String queryId, String sql, Map<String, String> settings) {
    private static final String PREFIX = "millrace-";
    private static final Map<String, String> COLUMN_SETTINGS =
            Map.of(
                    "allow_suspicious_low_cardinality_types", "1",
                    "max_query_size", "1000000000",
                    "max_ast_elements", "100000000",
                    "max_expanded_ast_elements", "100000000");

    Statement {
        settings = Map.copyOf(settings);
    }

    /// A statement that belongs to no job, or that must outlive its fence.
    static Statement of(String sql) {
        return new Statement(PREFIX + UUID.randomUUID(), sql, Map.of());
    }

    /// A question to the server's system tables, about a few rows of them: more threads than one
    /// only cost time.
    static Statement look(String sql) {
        return of(sql).with("max_threads", "1");
    }

    /// A statement of a job, sent by who believes that this is its epoch.
    static Statement ofJob(JobId job, int epoch, String sql) {
        var id = "%s%s-%d-%s".formatted(PREFIX, job.uuid(), epoch, UUID.randomUUID());
        return new Statement(id, sql, Map.of());
    }

    Statement with(String setting, String value) {
        var more = new LinkedHashMap<>(settings);
        more.put(setting, value);
        return new Statement(queryId, sql, more);
    }

    Statement with(Map<String, String> others) {
        var more = new LinkedHashMap<>(settings);
        more.putAll(others);
        return new Statement(queryId, sql, more);
    }

    /// The same as one that makes or changes columns: a model may have a LowCardinality of a number
    /// or a day, which ClickHouse otherwise takes for a slip, and so many columns, names and
    /// defaults that ClickHouse would otherwise take the statement for an attack.
    Statement ofColumns() {
        return with(COLUMN_SETTINGS);
    }

    /// The condition on `system.processes` that finds a job's statements.
    static String isOf(JobId job) {
        return "startsWith(query_id, %s)".formatted(Sql.literal(PREFIX + job.uuid() + "-"));
    }

    /// The same for those of earlier epochs only. A query id without an epoch counts as early.
    static String isOfBefore(JobId job, int epoch) {
        return "%s AND toUInt64OrZero(extract(query_id, '^millrace-[0-9a-f-]{36}-([0-9]+)-')) < %d"
                .formatted(isOf(job), epoch);
    }
}
