package dev.millrace.core;

/// The decimals by name: `Decimal(P, S)`, and `Decimal32(S)` to `Decimal256(S)`, which have the
/// greatest precision of their width.
final class DecimalNames {
    private static final int MAX_PRECISION = 76;

    /// ClickHouse's, for `Decimal` alone.
    private static final long DEFAULT_PRECISION = 10;

    private DecimalNames() {}

    static ColumnType.Decimal type(TypeText text) {
        var numerals = text.numerals();
        var precision = numerals.isEmpty() ? DEFAULT_PRECISION : numerals.getFirst();
        var scale = numerals.size() < 2 ? 0 : numerals.get(1);
        var isOne = precision >= 1 && precision <= MAX_PRECISION && numerals.size() <= 2;
        if (!isOne || scale < 0 || scale > precision) {
            throw ColumnTypes.invalid(
                    ("%s is not a column type: Decimal takes a precision from 1 to %d and a scale"
                                    + " from 0 to the precision, as in Decimal(9, 2)")
                            .formatted(text, MAX_PRECISION));
        }
        return new ColumnType.Decimal((int) precision, (int) scale);
    }

    static ColumnType.Decimal type(TypeText text, int precision) {
        var numerals = text.numerals();
        var scale = numerals.size() == 1 ? numerals.getFirst() : -1;
        if (scale < 0 || scale > precision) {
            throw ColumnTypes.invalid(
                    "%s is not a column type: %s takes a scale from 0 to %d, as in %2$s(4)"
                            .formatted(text, text.name(), precision));
        }
        return new ColumnType.Decimal(precision, (int) scale);
    }
}
