package dev.millrace.clickhouse;

import dev.millrace.core.Column;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Whether a table that is there can take a model's rows.
///
/// @param name the table's quoted name
record TableFit(Model model, String name, TableLayout found) {
    /// @throws MillraceException TABLE_NOT_OURS when Millrace did not make the table
    void requireOurs(String remedy) {
        var why = foreign();
        if (why != null) {
            throw new MillraceException(
                    ErrorCode.TABLE_NOT_OURS,
                    "The table %s is there, and Millrace did not make it: %s".formatted(name, why),
                    remedy,
                    null);
        }
    }

    private @Nullable String foreign() {
        var wanted =
                switch (model.definition().keep()) {
                    case ALL -> TableEngine.PLAIN;
                    case LATEST -> TableEngine.REPLACING;
                };
        if (!found.engine().name().equals(wanted)) {
            return "its engine is %s, not %s".formatted(found.engine().name(), wanted);
        }
        if (!found.hasJob()) {
            return lacks(Lineage.JOB, Lineage.JOB_TYPE);
        }
        if (!found.isMaterialized(Lineage.ROW, Lineage.ROW_TYPE)) {
            return lacks(Lineage.ROW, Lineage.ROW_TYPE);
        }
        return found.engine().merges() && !found.keepsLatest()
                ? "it does not keep the rows with the highest %s".formatted(Lineage.VERSION)
                : null;
    }

    private static String lacks(String column, String type) {
        return "it has no column %s %s MATERIALIZED".formatted(column, type);
    }

    /// @param sorting the sorting key that the model wants, as ClickHouse writes it
    /// @param partition the partition key, the same
    /// @throws MillraceException MODEL_CHANGE_REFUSED for other keys or types, and for what
    ///   [#requireFilled] refuses
    void requireSame(String sorting, String partition) {
        requireKey("sorted", found.sortingKey(), sorting);
        requireKey("partitioned", found.partitionKey(), partition);
        for (var column : model.definition().columns()) {
            var there = found.columns().get(column.name());
            if (there != null && !there.type().equals(column.type().name())) {
                throw refused(
                        name,
                        "its column '%s' is %s, not %s"
                                .formatted(column.name(), there.type(), column.type().name()));
            }
        }
        requireFilled();
    }

    private void requireKey(String how, String there, String wanted) {
        if (!there.equals(wanted)) {
            throw refused(name, "it is %s by (%s), not by (%s)".formatted(how, there, wanted));
        }
    }

    /// Refuses a column that the model's rows would fill with what ClickHouse puts there when
    /// nobody says anything: one that this version of the model lacks, and that can neither be NULL
    /// nor has a default of its own.
    void requireFilled() {
        var unfilled = unfilled();
        if (!unfilled.isEmpty()) {
            throw refused(
                    name,
                    ("its column %s is not in version %d of the model, is not Nullable and has no"
                                    + " default in the table")
                            .formatted(String.join(", its column ", unfilled), model.version()));
        }
    }

    /// Each column that the model's rows have no value for.
    List<String> unfilled() {
        var named =
                model.definition().columns().stream().map(Column::name).collect(Collectors.toSet());
        return found.columns().values().stream()
                .filter(c -> !named.contains(c.name()) && !c.mayBeLeftOut())
                .map(c -> "'%s' %s".formatted(c.name(), c.type()))
                .toList();
    }

    /// Why a table cannot take a model's rows.
    static MillraceException refused(String name, String why) {
        return new MillraceException(
                ErrorCode.MODEL_CHANGE_REFUSED,
                "The table %s cannot take the model's rows: %s".formatted(name, why),
                "A column that comes or goes must be Nullable or have a default in the table; for"
                        + " other changes make a new model.",
                null);
    }
}
