package dev.millrace.clickhouse;

import dev.millrace.core.Column;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Keep;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A table of the user's own, as the destination of a model: looked at, never changed.
///
/// @param name its quoted name
/// @param found null when it is not there
record ExistingTable(Model model, String name, @Nullable TableLayout found) {
    private static final String PLAIN_ONLY =
            "Load into a MergeTree table: only such a table can take a load's rows at one moment.";

    /// Refuses a table that cannot take the model's rows, with everything that is in the way.
    ///
    /// @param sorting the sorting key that the model wants, as ClickHouse writes it, or empty
    /// @param partition the partition key, the same
    /// @throws MillraceException INVALID_MODEL when it is not there, or cannot keep what the model
    ///   wants kept; TABLE_ENGINE_REFUSED; MODEL_CHANGE_REFUSED
    TableLayout require(String sorting, String partition) {
        if (found == null) {
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "There is no table %s".formatted(name),
                    "Make it first, or leave out existingTable: then Millrace makes it.",
                    null);
        }
        requireEngine(found.engine().name());
        if (model.definition().keep() == Keep.LATEST) {
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "The rows of %s have no version by which Millrace could keep the latest"
                            .formatted(name),
                    "Leave out keep, or existingTable: then Millrace makes the table.",
                    null);
        }
        var problems = new ArrayList<String>();
        model.definition().columns().forEach(column -> column(column, found, problems));
        new TableFit(model, name, found)
                .unfilled()
                .forEach(column ->
                        problems.add(
                                "its column %s is not in the model, is not Nullable and has no"
                                                .formatted(column)
                                        + " default"));
        if (!found.hasLineage()) {
            Lineage.NAMES.stream()
                    .filter(found.columns()::containsKey)
                    .forEach(column ->
                            problems.add(
                                    "its column '%s' has a name of Millrace's".formatted(column)));
        }
        key("sorted", found.sortingKey(), sorting, problems);
        key("partitioned", found.partitionKey(), partition, problems);
        if (!problems.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.MODEL_CHANGE_REFUSED,
                    "The table %s cannot take the model's rows: %s"
                            .formatted(name, String.join("; ", problems)),
                    "Make the model fit the table, or alter the table: Millrace does not.",
                    null);
        }
        return found;
    }

    private static void column(Column column, TableLayout found, List<String> problems) {
        var there = found.columns().get(column.name());
        var wanted = column.type().name();
        if (there == null) {
            problems.add("it has no column '%s' %s".formatted(column.name(), wanted));
        } else if (!there.defaultKind().isEmpty() && !there.defaultKind().equals("DEFAULT")) {
            problems.add(
                    "its column '%s' is %s and takes no values"
                            .formatted(column.name(), there.defaultKind()));
        } else if (!there.type().equals(wanted)) {
            problems.add(
                    "its column '%s' is %s, not %s".formatted(column.name(), there.type(), wanted));
        }
    }

    private static void key(String how, String there, String wanted, List<String> problems) {
        if (!wanted.isEmpty() && !there.equals(wanted)) {
            problems.add("it is %s by (%s), not by (%s)".formatted(how, there, wanted));
        }
    }

    /// Only engines that were tried: attached rows must be there as they were, at one moment, and
    /// be told from others'.
    private void requireEngine(String engine) {
        var remedy =
                switch (engine) {
                    case TableEngine.PLAIN, TableEngine.REPLACING -> null;
                    case "Distributed" ->
                            "Load into the tables that it distributes to, each on its own server.";
                    case "View", "MaterializedView", "LiveView", "WindowView" ->
                            "Load into the table that it reads from, or writes to.";
                    case "Merge" -> "Load into one of the tables that it reads from.";
                    case "Buffer" -> "Load into the table that it flushes to.";
                    default -> remedyForOther(engine);
                };
        if (remedy != null) {
            throw new MillraceException(
                    ErrorCode.TABLE_ENGINE_REFUSED,
                    "The table %s has the engine %s, of which Millrace cannot account for the rows"
                            .formatted(name, engine),
                    remedy,
                    null);
        }
    }

    private static String remedyForOther(String engine) {
        if (engine.startsWith("Replicated") || engine.startsWith("Shared")) {
            return "Load into a MergeTree table, and copy from it: replicas have not been tried yet.";
        }
        return engine.endsWith(TableEngine.PLAIN)
                ? "Load into a MergeTree table, from which a materialized view may fill this one:"
                        + " it merges rows by its own rules."
                : PLAIN_ONLY;
    }
}
