package dev.millrace.infer;

import dev.millrace.core.ColumnReading.Nested;
import dev.millrace.core.ColumnType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The columns that a table is best sorted by: first one of few values, by which queries choose and
/// which keeps like rows together; then a time; then what tells rows apart. None that may be NULL.
///
/// @param columns their names, perhaps none
/// @param why for people
record OrderChoice(List<String> columns, String why) {
    /// A column of fewer values sorts nothing; one of more leaves the time behind it in pieces.
    private static final int LEAST_GROUPS = 2;

    private static final int MOST_GROUPS = 1_000;

    static OrderChoice of(List<ColumnProposal> columns) {
        var able =
                columns.stream()
                        .filter(c -> !c.column().type().isNullable())
                        .filter(c -> c.column().reading().nested() == Nested.REJECT)
                        .toList();
        var names = new ArrayList<String>();
        var why = new ArrayList<String>();
        var time = able.stream().filter(OrderChoice::isTime).findFirst();
        var id = id(able);
        if (time.isPresent()) {
            groups(able).ifPresent(c -> add(c, "has few values", names, why));
        }
        time.ifPresent(c -> add(c, "says when", names, why));
        id.ifPresent(c -> add(c, "tells rows apart", names, why));
        if (names.isEmpty()) {
            dictionaries(able).ifPresent(c -> add(c, "has few values", names, why));
        }
        if (names.isEmpty()) {
            able.stream()
                    .filter(OrderChoice::isSortable)
                    .findFirst()
                    .ifPresent(c -> add(c, "is the first that is always there", names, why));
        }
        return new OrderChoice(
                List.copyOf(names),
                names.isEmpty()
                        ? "No column that can be sorted by is always there"
                        : String.join(", ", why));
    }

    private static void add(
            ColumnProposal column, String what, List<String> names, List<String> why) {
        names.add(column.column().name());
        why.add("'%s' %s".formatted(column.column().name(), what));
    }

    private static boolean isTime(ColumnProposal column) {
        return !(column.column().type() instanceof ColumnType.Array)
                && column.column().type().isDated();
    }

    private static Optional<ColumnProposal> groups(List<ColumnProposal> columns) {
        return dictionaries(columns).filter(c -> c.evidence().distinct() <= MOST_GROUPS);
    }

    private static Optional<ColumnProposal> dictionaries(List<ColumnProposal> columns) {
        return columns.stream()
                .filter(c -> c.column().type() instanceof ColumnType.LowCardinality)
                .filter(c -> c.evidence().distinct() >= LEAST_GROUPS)
                .min(Comparator.comparingInt(c -> c.evidence().distinct()));
    }

    private static boolean isSortable(ColumnProposal column) {
        return !(column.column().type() instanceof ColumnType.Array)
                && !(column.column().type() instanceof ColumnType.Floating)
                && column.evidence().values() > 0;
    }

    /// The column that names rows: of those that are unique, one that is called so first.
    static Optional<ColumnProposal> id(List<ColumnProposal> columns) {
        return columns.stream()
                .filter(c -> c.unique() && mayBeId(c.column().type()))
                .max(
                        Comparator.comparing((ColumnProposal c) -> isCalledId(c.column().name()))
                                .thenComparing(c -> c.column().type() instanceof ColumnType.Uuid)
                                .thenComparing(c -> -columns.indexOf(c)));
    }

    private static boolean mayBeId(ColumnType type) {
        return switch (type) {
            case ColumnType.Whole _, ColumnType.Uuid _, ColumnType.Text _ -> true;
            default -> false;
        };
    }

    static boolean isCalledId(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return lower.equals("id")
                || lower.equals("uuid")
                || lower.endsWith("_id")
                || lower.endsWith(" id")
                || name.endsWith("Id")
                || name.endsWith("ID");
    }
}
