package dev.millrace.models;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Keep;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.NumberForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is otherwise in a model's next version, in words; and which of it cannot be, because rows
/// that are in the table, and jobs that run, would not fit it.
final class ModelChanges {
    private final Model present;
    private final Model next;
    private final Map<String, Column> columnsBefore;
    private final Map<String, Column> columnsAfter;
    private final List<Column> added = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();

    private ModelChanges(Model present, Model next) {
        this.present = present;
        this.next = next;
        this.columnsBefore = present.definition().columnsByName();
        this.columnsAfter = next.definition().columnsByName();
    }

    /// @throws MillraceException MODEL_CHANGE_REFUSED naming each change that cannot be
    static ModelChanges between(Model present, Model next) {
        var changes = new ModelChanges(present, next);
        changes.layout();
        changes.columns();
        changes.reading();
        if (!changes.refused.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.MODEL_CHANGE_REFUSED,
                    "Model '%s' cannot change so: %s"
                            .formatted(present.name(), String.join("; ", changes.refused)),
                    "Only columns that are Nullable or have a default can be added, and a table"
                            + " keeps its types, keys and name: make another model for others, and"
                            + " load its files into that.",
                    null);
        }
        return changes;
    }

    boolean isEmpty() {
        return added.isEmpty() && said.isEmpty();
    }

    /// @param before the columns that the table had, each with what rows have in it that bring no
    ///   value for it; an earlier version may have had them, or an update that did not come to its
    ///   end
    /// @return a sentence for each change, without a full stop
    List<String> sentences(Map<String, String> before) {
        var additions = added.stream().map(column -> addition(column, before.get(column.name())));
        return Stream.concat(additions, said.stream()).toList();
    }

    private String addition(Column column, @Nullable String value) {
        return value == null
                ? "added column %s, to table '%s' too".formatted(typed(column), next.table())
                : "added column %s; table '%s' has it already, and %s where a row brought no value"
                        .formatted(typed(column), next.table(), value);
    }

    private void layout() {
        var before = present.definition();
        var after = next.definition();
        if (!present.table().equals(next.table())) {
            refused.add(
                    "its table is '%s' and cannot become '%s'"
                            .formatted(present.table(), next.table()));
        }
        if (before.existingTable() != after.existingTable()) {
            refused.add(
                    before.existingTable()
                            ? "its table is the user's own and cannot become Millrace's"
                            : "its table is Millrace's and cannot become the user's own");
        }
        if (before.keep() != after.keep()) {
            refused.add(
                    switch (before.keep()) {
                        case ALL -> "its table keeps all rows and cannot keep only the latest";
                        case LATEST -> "its table keeps the latest rows and cannot keep all";
                    });
        }
        if (before.keep() == Keep.LATEST
                && !Set.copyOf(before.key()).equals(Set.copyOf(after.key()))) {
            refused.add("the key of a table that keeps the latest rows cannot change");
        }
        if (!before.orderBy().equals(after.orderBy())) {
            refused.add(
                    "its table is sorted by %s and cannot be by %s (say orderBy)"
                            .formatted(names(before.orderBy()), names(after.orderBy())));
        }
        if (!Objects.equals(before.partitionBy(), after.partitionBy())) {
            refused.add(
                    "its table is partitioned by %s and cannot be by %s (say partitionBy)"
                            .formatted(partition(present), partition(next)));
        }
    }

    private static String partition(Model model) {
        var key = model.definition().partitionBy();
        return key == null ? "nothing" : key.text();
    }

    private void columns() {
        for (var column : next.definition().columns()) {
            var before = columnsBefore.get(column.name());
            if (before != null) {
                column(before, column);
            } else if (column.isOptional()) {
                added.add(column);
            } else {
                refused.add(
                        "the new column %s is not Nullable and has no default"
                                .formatted(typed(column)));
            }
        }
        for (var column : present.definition().columns()) {
            if (!columnsAfter.containsKey(column.name())) {
                said.add(
                        "removed column %s; table '%s' keeps it"
                                .formatted(typed(column), next.table()));
            }
        }
        order();
    }

    private void order() {
        var before = shared(columnsBefore, columnsAfter);
        if (!before.equals(shared(columnsAfter, columnsBefore))) {
            said.add("the columns come in another order");
        }
    }

    /// The names that another version has too, in their order.
    private static List<String> shared(Map<String, Column> columns, Map<String, Column> others) {
        return columns.keySet().stream().filter(others::containsKey).toList();
    }

    private static String typed(Column column) {
        return "'%s' %s".formatted(column.name(), column.type().name());
    }

    private void column(Column before, Column after) {
        if (!before.type().equals(after.type())) {
            refused.add(
                    "column '%s' is %s and cannot become %s"
                            .formatted(before.name(), before.type().name(), after.type().name()));
        }
        reading("'%s'".formatted(after.name()), before.reading(), after.reading());
        values("'%s'".formatted(after.name()), before.reading(), after.reading());
        constraints("'%s'".formatted(after.name()), before.constraints(), after.constraints());
    }

    private void reading(String column, ColumnReading before, ColumnReading after) {
        compare(
                before.sourceNames(),
                after.sourceNames(),
                column + " is now also read from the names " + names(after.sourceNames()));
        compare(
                before.nullMarkers(),
                after.nullMarkers(),
                column + " now takes as no value: " + names(after.nullMarkers()));
        compare(
                before.defaultText(),
                after.defaultText(),
                after.defaultText() == null
                        ? column + " has no default any more"
                        : "%s now has the default '%s'; rows that are there keep what they have"
                                .formatted(column, after.defaultText()));
    }

    /// How its values are written.
    private void values(String column, ColumnReading before, ColumnReading after) {
        compare(
                before.dateFormats(),
                after.dateFormats(),
                after.dateFormats().isEmpty()
                        ? column + " is now written in its type's standard form"
                        : column + " is now written as " + names(after.dateFormats()));
        compare(
                before.allowNonFinite(),
                after.allowNonFinite(),
                column
                        + (after.allowNonFinite()
                                ? " may now be infinite or not a number"
                                : " must now be finite"));
        compare(
                before.clockChange(),
                after.clockChange(),
                column
                        + " now takes a time that a clock change skips or repeats thus: "
                        + after.clockChange().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        compare(
                before.outerBlanks(),
                after.outerBlanks(),
                "The blanks at the ends of a text of %s are now %s"
                        .formatted(
                                column,
                                switch (after.outerBlanks()) {
                                    case KEEP -> "kept";
                                    case TRIM -> "trimmed";
                                    case REJECT -> "refused";
                                }));
        compare(
                before.numbers(),
                after.numbers(),
                column
                        + " now has numbers written like "
                        + (after.numbers().group() == NumberForm.NO_GROUP
                                ? "1234"
                                : "1" + after.numbers().group() + "234")
                        + after.numbers().decimal()
                        + "5");
        compare(
                before.nested(),
                after.nested(),
                "JSON objects and arrays in %s are now %s"
                        .formatted(
                                column,
                                switch (after.nested()) {
                                    case JSON -> "stored as text";
                                    case REJECT -> "refused";
                                }));
    }

    private void constraints(String column, ColumnConstraints before, ColumnConstraints after) {
        bound(before.min(), after.min(), column + " is now at least", column + " has no min");
        bound(before.max(), after.max(), column + " is now at most", column + " has no max");
        bound(
                before.pattern(),
                after.pattern(),
                column + " now fits the pattern",
                column + " has no pattern");
        compare(
                before.allowed(),
                after.allowed(),
                after.allowed().isEmpty()
                        ? column + " now allows any value"
                        : column + " now allows " + names(after.allowed()));
        bound(
                before.minLength(),
                after.minLength(),
                column + " now has a length of at least",
                column + " has no minLength");
        bound(
                before.maxLength(),
                after.maxLength(),
                column + " now has a length of at most",
                column + " has no maxLength");
    }

    private void bound(
            @Nullable Object before, @Nullable Object after, String set, String removed) {
        compare(before, after, after == null ? removed + " any more" : set + " " + after);
    }

    private void reading() {
        var before = present.definition();
        var after = next.definition();
        compare(
                before.eventId(),
                after.eventId(),
                after.eventId() == null
                        ? "no column names a row in its rejections any more"
                        : "'%s' now names a row in its rejections".formatted(after.eventId()));
        compare(
                before.key(),
                after.key(),
                after.key().isEmpty()
                        ? "it has no key any more"
                        : "its key is " + names(after.key()));
        compare(
                before.unknownColumns(),
                after.unknownColumns(),
                switch (after.unknownColumns()) {
                    case IGNORE -> "columns that it does not have are now ignored";
                    case REJECT -> "a source with columns that it does not have is now refused";
                });
    }

    private void compare(@Nullable Object before, @Nullable Object after, String change) {
        if (!Objects.equals(before, after)) {
            said.add(change);
        }
    }

    private static String names(List<String> names) {
        return names.isEmpty() ? "nothing" : "'" + String.join("', '", names) + "'";
    }
}
