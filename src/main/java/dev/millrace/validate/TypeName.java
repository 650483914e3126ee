package dev.millrace.validate;

import dev.millrace.core.ColumnType;

/// The names of types as rejections have them: an enum's list of names can be a megabyte, and a
/// split keeps thousands of rejections.
final class TypeName {
    private static final int MOST_CHARACTERS = 200;
    private static final int MOST_NAMES = 50;

    private TypeName() {}

    /// The type as ClickHouse spells it; of an enum with a long list only how many names it has.
    static String of(ColumnType type) {
        return switch (type) {
            case ColumnType.Enumeration names -> of(names);
            case ColumnType.Nullable(ColumnType.Scalar of) -> "Nullable(" + of(of) + ")";
            case ColumnType.LowCardinality(ColumnType of) -> "LowCardinality(" + of(of) + ")";
            case ColumnType.Array(ColumnType element) -> "Array(" + of(element) + ")";
            case ColumnType.Whole _, ColumnType.Floating _, ColumnType.Decimal _ -> type.name();
            case ColumnType.Text _, ColumnType.FixedText _, ColumnType.Bool _ -> type.name();
            case ColumnType.Uuid _, ColumnType.IpV4 _, ColumnType.IpV6 _ -> type.name();
            case ColumnType.Date _, ColumnType.Date32 _, ColumnType.Timestamp _ -> type.name();
        };
    }

    private static String of(ColumnType.Enumeration type) {
        var count = type.elements().size();
        if (count <= MOST_NAMES) {
            var name = type.name();
            if (name.length() <= MOST_CHARACTERS) {
                return name;
            }
        }
        return "Enum%d(%d names)".formatted(type.bits(), count);
    }
}
