package dev.millrace.infer;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The two cases in which a column gets a wider type than its values need, because the next source
/// would need it:
///
/// - A column of one whole number only, such as 0 in every row, tells nothing of how its numbers
///   are; a column of decimal numbers whose name ends in the same word does.
/// - A column that is called an id and tells rows apart has 32 bits at least: there will be more.
final class Widening {
    private static final int LEAST_WHOLE_DIGITS = 5;
    private static final int LEAST_ID_BITS = 32;

    private Widening() {}

    /// The same columns, some with a wider type.
    static List<ColumnProposal> of(List<ColumnProposal> columns) {
        return columns.stream()
                .map(column -> {
                    var sibling =
                            isConstant(column)
                                    ? sibling(column, columns)
                                    : Optional.<ColumnProposal>empty();
                    return sibling.map(s -> like(column, s)).orElseGet(() -> asId(column));
                })
                .toList();
    }

    private static boolean isConstant(ColumnProposal column) {
        return column.column().type().base() instanceof ColumnType.Whole(int bits, _)
                && bits < LEAST_ID_BITS
                && column.evidence().distinctIsExact()
                && column.evidence().distinct() == 1
                && column.evidence().values() > 1
                && column.misfits().isEmpty();
    }

    private static Optional<ColumnProposal> sibling(
            ColumnProposal column, List<ColumnProposal> columns) {
        var word = lastWord(column.column().name());
        return columns.stream()
                .filter(c ->
                        c.column().type().base()
                                        instanceof ColumnType.Decimal(int precision, int scale)
                                && precision - scale >= LEAST_WHOLE_DIGITS
                                && lastWord(c.column().name()).equals(word))
                .findFirst();
    }

    private static String lastWord(String name) {
        var words = name.replaceAll("(?<=\\p{Ll})(?=\\p{Lu})", "_").split("[\\s_.-]+", -1);
        return words[words.length - 1].toLowerCase(Locale.ROOT);
    }

    private static ColumnProposal like(ColumnProposal column, ColumnProposal sibling) {
        var note =
                "It has the one value %s, which says little: its type is that of '%s'."
                        .formatted(column.evidence().least(), sibling.column().name());
        return with(column, (ColumnType.Scalar) sibling.column().type().base(), note);
    }

    private static ColumnProposal asId(ColumnProposal column) {
        return column.unique()
                        && OrderChoice.isCalledId(column.column().name())
                        && column.column().type().base()
                                instanceof ColumnType.Whole(int bits, boolean signed)
                        && bits < LEAST_ID_BITS
                ? with(
                        column,
                        new ColumnType.Whole(LEAST_ID_BITS, signed),
                        "It tells rows apart, and there will be more of them than so far.")
                : column;
    }

    private static ColumnProposal with(
            ColumnProposal column, ColumnType.Scalar scalar, String note) {
        var was = column.column();
        var type = was.type().isNullable() ? new ColumnType.Nullable(scalar) : scalar;
        return new ColumnProposal(
                new Column(was.name(), type, was.reading(), was.constraints()),
                column.evidence().with(note),
                column.misfits(),
                column.unique());
    }
}
