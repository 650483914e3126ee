package dev.millrace.core;

import dev.millrace.core.ColumnType.Scalar;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The column types by name.
public final class ColumnTypes {
    private static final int MAX_ARRAY_DEPTH = 4;

    /// Beyond it ClickHouse itself wants to be told that this is meant: every row takes so many.
    private static final int MAX_FIXED_TEXT_BYTES = 256;

    /// The types without arguments.
    private static final Map<String, Scalar> SIMPLE =
            Stream.concat(
                            Stream.of(8, 16, 32, 64, 128, 256)
                                    .flatMap(b ->
                                            Stream.of(
                                                    new ColumnType.Whole(b, true),
                                                    new ColumnType.Whole(b, false))),
                            Stream.of(
                                    new ColumnType.Floating(32),
                                    new ColumnType.Floating(64),
                                    new ColumnType.Text(),
                                    new ColumnType.Bool(),
                                    new ColumnType.Uuid(),
                                    new ColumnType.IpV4(),
                                    new ColumnType.IpV6(),
                                    new ColumnType.Date(),
                                    new ColumnType.Date32(),
                                    new ColumnType.DateTime(null)))
                    .collect(Collectors.toUnmodifiableMap(ColumnType::name, Function.identity()));

    private static final String KNOWN =
            "Int8 to Int256, UInt8 to UInt256, Float32, Float64, Decimal(P, S), String,"
                    + " FixedString(N), Enum(…), Bool, UUID, IPv4, IPv6, Date, Date32, DateTime,"
                    + " DateTime64";

    private ColumnTypes() {}

    /// Reads a type's name as ClickHouse spells it; spaces around parts are allowed.
    ///
    /// @throws MillraceException INVALID_MODEL for a name that is not one of ours
    public static ColumnType parse(String text) {
        return type(TypeText.parse(text));
    }

    private static ColumnType type(TypeText text) {
        return switch (text.name()) {
            case "Nullable" -> new ColumnType.Nullable(scalar(text, only(text)));
            case "LowCardinality" -> lowCardinality(text);
            case "Array" -> array(text);
            case "Decimal" -> DecimalNames.type(text);
            case "Decimal32" -> DecimalNames.type(text, 9);
            case "Decimal64" -> DecimalNames.type(text, 18);
            case "Decimal128" -> DecimalNames.type(text, 38);
            case "Decimal256" -> DecimalNames.type(text, 76);
            case "Enum", "Enum8", "Enum16" -> EnumNames.type(text);
            case "FixedString" -> fixedText(text);
            case "DateTime" -> new ColumnType.DateTime(zone(text, 0));
            case "DateTime64" -> dateTime64(text);
            default -> scalar(text);
        };
    }

    private static Scalar fixedText(TypeText text) {
        var numerals = text.numerals();
        var width = numerals.size() == 1 ? numerals.getFirst() : 0;
        if (width < 1 || width > MAX_FIXED_TEXT_BYTES) {
            throw invalid(
                    ("%s is not a column type: FixedString takes a number of bytes from 1 to %d, as"
                                    + " in FixedString(16); longer texts are for String")
                            .formatted(text, MAX_FIXED_TEXT_BYTES));
        }
        return new ColumnType.FixedText((int) width);
    }

    private static ColumnType lowCardinality(TypeText text) {
        var of = type(only(text));
        if (of instanceof ColumnType.LowCardinality || !hasDictionary(of.base())) {
            throw invalid(
                    ("%s cannot stand inside LowCardinality, which ClickHouse has for integers,"
                                    + " floats, texts, Bool, days, times of whole seconds, UUIDs and"
                                    + " addresses")
                            .formatted(of.name()));
        }
        return new ColumnType.LowCardinality(of);
    }

    /// Whether ClickHouse can keep a type's values by a dictionary.
    private static boolean hasDictionary(ColumnType base) {
        return switch (base) {
            case ColumnType.Whole _, ColumnType.Floating _ -> true;
            case ColumnType.Text _, ColumnType.FixedText _ -> true;
            case ColumnType.Bool _, ColumnType.Uuid _, ColumnType.IpV4 _, ColumnType.IpV6 _ -> true;
            case ColumnType.Date _, ColumnType.Date32 _, ColumnType.DateTime _ -> true;
            case ColumnType.DateTime64 _, ColumnType.Decimal _, ColumnType.Enumeration _ -> false;
            case ColumnType.Array _, ColumnType.Nullable _, ColumnType.LowCardinality _ -> false;
        };
    }

    private static ColumnType array(TypeText text) {
        var array = new ColumnType.Array(type(only(text)));
        var depth = 1;
        for (var element = array.element();
                element instanceof ColumnType.Array(ColumnType inner);
                element = inner) {
            depth++;
        }
        if (depth > MAX_ARRAY_DEPTH) {
            throw invalid("Arrays stand %d deep at most".formatted(MAX_ARRAY_DEPTH));
        }
        return array;
    }

    /// ClickHouse's own default is milliseconds.
    private static ColumnType dateTime64(TypeText text) {
        if (text.arguments().isEmpty()) {
            return new ColumnType.DateTime64(3, null);
        }
        if (text.arguments().getFirst() instanceof TypeText.Numeral(long precision)) {
            var digits = Math.clamp(precision, -1, 10);
            return new ColumnType.DateTime64(digits, zone(text, 1));
        }
        throw invalid("DateTime64 takes its precision first, as in DateTime64(3, 'UTC')");
    }

    /// The zone that a type names as its last argument, after so many others; null for none.
    private static @Nullable String zone(TypeText text, int others) {
        var arguments = text.arguments();
        if (arguments.size() == others) {
            return null;
        }
        if (arguments.size() == others + 1
                && arguments.getLast() instanceof TypeText.Quoted(String zone)) {
            return zone;
        }
        throw invalid(
                "%s takes one time zone in quotes at its end, such as 'UTC'"
                        .formatted(text.name()));
    }

    /// The only argument of a type that stands around another.
    private static TypeText only(TypeText text) {
        if (text.arguments().size() == 1
                && text.arguments().getFirst() instanceof TypeText.Type(TypeText inner)) {
            return inner;
        }
        throw invalid("%1$s stands around one type, as in %1$s(String)".formatted(text.name()));
    }

    private static Scalar scalar(TypeText around, TypeText text) {
        if (type(text) instanceof Scalar scalar) {
            return scalar;
        }
        throw invalid("%s cannot stand inside %s".formatted(text.name(), around.name()));
    }

    private static Scalar scalar(TypeText text) {
        var simple = SIMPLE.get(text.name());
        if (simple == null) {
            throw unknown(text.name());
        }
        if (!text.arguments().isEmpty()) {
            throw invalid("%s takes nothing in parentheses".formatted(text.name()));
        }
        return simple;
    }

    private static MillraceException unknown(String name) {
        var alike =
                SIMPLE.keySet().stream()
                        .filter(known ->
                                known.toLowerCase(Locale.ROOT)
                                        .equals(name.toLowerCase(Locale.ROOT)))
                        .findFirst();
        return new MillraceException(
                ErrorCode.INVALID_MODEL,
                "'%s' is not a column type that Millrace can load".formatted(name),
                alike.map("Did you mean %s?"::formatted)
                        .orElse(
                                "Use %s; Nullable(…) or LowCardinality(…) of one; Array(…) of them."
                                        .formatted(KNOWN)),
                null);
    }

    static MillraceException invalid(String what) {
        return new MillraceException(ErrorCode.INVALID_MODEL, what);
    }
}
