package dev.millrace.clickhouse;

import dev.millrace.core.Staging;
import java.util.Optional;
import java.util.regex.Pattern;

/// The one statement that makes a job's staging: the one that would make its target again, with
/// what is otherwise in staging put in its place. It saves three statements that alter a copy, and
/// a rename.
///
/// ClickHouse writes that statement itself, always in the same way. Wherever it looks otherwise
/// than is known of the tables that Millrace makes, there is no such statement, and staging is made
/// step by step.
final class StagingDeclaration {
    /// Names of settings that the target may not have itself.
    private static final Pattern OURS =
            Pattern.compile(
                    "non_replicated_deduplication_window|min_parts_to_merge_at_once"
                            + "|max_parts_in_total|assign_part_uuids|min_bytes_for_wide_part");

    private StagingDeclaration() {}

    /// @param staging whose rows are to say where they come from
    /// @param name the table that is to be made
    /// @param target the one that it is to be like
    /// @param layout the target's
    static Optional<String> of(
            Staging staging, TableName name, TableName target, TableLayout layout) {
        var create = layout.createQuery();
        if (!layout.hasLineage() || layout.hasTtl() || create.contains("[HIDDEN]")) {
            return Optional.empty();
        }
        var engine = layout.engine();
        var tail = " ENGINE = " + engine.text();
        var bare = TableEngine.withoutQuoted(engine.clauses());
        if (!create.endsWith(tail) || OURS.matcher(bare).find()) {
            return Optional.empty();
        }
        return TableIdentity.behindName(
                        create.substring(0, create.length() - tail.length()), target)
                .flatMap(columns ->
                        with(
                                columns,
                                Lineage.jobColumn(layout.jobType(), Lineage.NOBODY),
                                Lineage.jobColumn(layout.jobType(), staging.job().uuid())))
                .flatMap(columns ->
                        layout.keepsLatest()
                                ? with(
                                        columns,
                                        Lineage.versionDeclaration(),
                                        Lineage.versionColumn(staging.number()))
                                : Optional.of(columns))
                .map(columns ->
                        "CREATE TABLE %s %s ENGINE = %s%s%s %s"
                                .formatted(
                                        name.quoted(),
                                        columns,
                                        TableEngine.PLAIN,
                                        engine.clauses(),
                                        bare.contains(" SETTINGS ") ? "," : " SETTINGS",
                                        StagingTable.TABLE_SETTINGS));
    }

    /// A column declared otherwise. Its name, in backquotes, its type and that it is MATERIALIZED
    /// stand there once; or more often, when a comment says the same, and then it is not known
    /// which is which.
    private static Optional<String> with(String columns, String before, String after) {
        var name = before.substring(0, before.indexOf(' '));
        var kind = before.substring(name.length(), before.indexOf(" MATERIALIZED "));
        var head = Sql.identifier(name) + kind + " MATERIALIZED ";
        var at = columns.indexOf(head);
        var whole = Sql.identifier(name) + before.substring(name.length());
        var end = at + whole.length();
        if (at < 0
                || columns.indexOf(head, at + 1) >= 0
                || !columns.startsWith(whole, at)
                || end >= columns.length()
                || ",)".indexOf(columns.charAt(end)) < 0) {
            return Optional.empty();
        }
        return Optional.of(columns.substring(0, at) + after + columns.substring(end));
    }
}
