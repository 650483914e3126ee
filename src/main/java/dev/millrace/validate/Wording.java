package dev.millrace.validate;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnType;
import dev.millrace.core.Limits;
import dev.millrace.core.NumberForm;
import dev.millrace.core.RejectionCode;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// What a rejection tells a person: what is wrong, and what to write instead.
final class Wording {
    private static final int SHOWN_CHARACTERS = 60;
    private static final int SHOWN_NAMES = 12;
    private static final Pattern ZERO = Pattern.compile("-0*\\.?0*([eE].*)?");
    private static final Set<String> NOT_FINITE = Set.of("nan", "inf", "infinity");

    private Wording() {}

    /// A field that its column cannot hold.
    ///
    /// @param type the column's, or that of its arrays' elements, without Nullable
    static String ofField(RejectionCode error, Column column, ColumnType type, String observed) {
        var shown = shown(observed);
        return switch (error) {
            case NULL_VALUE -> ofNull(column, type, observed);
            case NOT_AN_INTEGER ->
                    "%s is not a whole number: write digits only, such as 42".formatted(shown);
            case NOT_A_NUMBER ->
                    isNotFinite(observed)
                            ? "%s is not allowed in '%s': write a finite number"
                                    .formatted(shown, column.name())
                            : "%s is not a number: write it like 12.5 or -1.25e3".formatted(shown);
            case NOT_A_BOOLEAN ->
                    "%s is neither true nor false: write true or false (or 1, 0, yes, no, on, off)"
                            .formatted(shown);
            case NOT_A_DATE, AMBIGUOUS_DATE, NOT_A_TIMESTAMP, AMBIGUOUS_TIMESTAMP ->
                    TimeWording.of(column, type, observed, shown);
            case NOT_A_UUID ->
                    ("%s is not a UUID: write 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12"
                                    + " with a hyphen between, or without any hyphen")
                            .formatted(shown);
            case NOT_AN_IP_ADDRESS ->
                    type instanceof ColumnType.IpV4
                            ? ("%s is not an IPv4 address: write four numbers from 0 to 255 without"
                                            + " leading zeros and with points between, such as"
                                            + " 192.0.2.1")
                                    .formatted(shown)
                            : ("%s is not an IPv6 address: write it like 2001:db8::1 or"
                                            + " ::ffff:192.0.2.1, without brackets, prefix length or"
                                            + " zone")
                                    .formatted(shown);
            case NOT_IN_ENUM ->
                    "%s is none of the names that '%s' has: write %s"
                            .formatted(shown, column.name(), names(type));
            case OUT_OF_RANGE ->
                    isZero(type, observed)
                            ? ("%s has a sign that a dictionary does not keep for 0: write 0, or"
                                            + " leave LowCardinality out")
                                    .formatted(shown)
                            : "%s does not fit %s, which holds %s"
                                    .formatted(shown, type.name(), range(type));
            case TOO_LONG -> tooLong(type, shown);
            case TOO_PRECISE -> tooPrecise(type, shown);
            case INVALID_ENCODING ->
                    ("%s has bytes that are not characters in the source's encoding: give the"
                                    + " encoding that the source really has, or repair the text")
                            .formatted(shown);
            case NOT_AN_ARRAY ->
                    ("%s is not an array: write it like [1, 2] or ['a', 'b'], texts in quotes, with"
                                    + " a backslash before a quote or a backslash inside")
                            .formatted(shown);
            case NESTED_VALUE ->
                    ("%s is a JSON object or array, and '%s' is a text: let the column take it as"
                                    + " JSON (\"nested\": \"json\" in the model), or make it an"
                                    + " Array")
                            .formatted(shown, column.name());
            case MISSING_COLUMN, EXTRA_COLUMN, MALFORMED_RECORD, CONSTRAINT_VIOLATED ->
                    throw new IllegalArgumentException(error + " is no problem of a field");
        };
    }

    /// Of a number that is written otherwise than the column's.
    static String ofForm(Column column, String observed) {
        var form = column.reading().numbers();
        var whole = form.group() == NumberForm.NO_GROUP ? "1234" : "1" + form.group() + "234";
        var decimals = column.type().base() instanceof ColumnType.Whole ? "" : form.decimal() + "5";
        return "%s is not a number as '%s' has them: write it like %s%s"
                .formatted(shown(observed), column.name(), whole, decimals);
    }

    private static String names(ColumnType type) {
        if (!(type instanceof ColumnType.Enumeration(_, var elements))) {
            throw new IllegalArgumentException(type.name() + " has no names");
        }
        var names = elements.stream().limit(SHOWN_NAMES).map(e -> shown(e.name())).toList();
        return elements.size() > SHOWN_NAMES
                ? "one of its %d, such as %s".formatted(elements.size(), String.join(", ", names))
                : String.join(" or ", names);
    }

    private static String tooLong(ColumnType type, String shown) {
        return type instanceof ColumnType.Array
                ? ("%s has more elements than a row has room for, %d MiB in all of its arrays: cut"
                                + " it into several rows, or give it elements of fewer bytes than"
                                + " %s has")
                        .formatted(shown, Limits.MAX_ROW_ELEMENT_BYTES >> 20, type.name())
                : ("%s is longer than the %d bytes of UTF-8 that %s holds: shorten it, or make the"
                                + " column String")
                        .formatted(shown, type.widthBytes(), type.name());
    }

    private static String tooPrecise(ColumnType type, String shown) {
        return type instanceof ColumnType.Decimal(_, int scale)
                ? ("%s has more digits behind the point than the %d that %s holds: round it, or give"
                                + " the column a greater scale")
                        .formatted(shown, scale, type.name())
                : TimeWording.tooPrecise(type, shown);
    }

    private static String ofNull(Column column, ColumnType type, String observed) {
        if (column.type().isNullable()) {
            return ("The field is an empty text in quotes, which is no %s: leave the quotes out for"
                            + " NULL, or give the column \"\" as a null marker")
                    .formatted(TypeName.of(type));
        }
        return "%s, and '%s' cannot be NULL: write %s"
                .formatted(
                        observed.isBlank()
                                ? "The field is empty"
                                : shown(observed) + " stands for NULL",
                        column.name(),
                        type instanceof ColumnType.Array
                                ? "[] for no elements"
                                : "a value, or make the column "
                                        + TypeName.of(nullable(column.type())));
    }

    /// An element of an array that is NULL, or nothing in quotes, and can be neither.
    ///
    /// @param element the elements' type
    static String ofNullElement(Column column, ColumnType element, String observed) {
        var wanted = TypeName.of(nullable(column.type()));
        if (!observed.isEmpty()) {
            return ("%s stands for NULL, and the elements of '%s' cannot be NULL: write a value, or"
                            + " make the column %s")
                    .formatted(shown(observed), column.name(), wanted);
        }
        var instead =
                element.isNullable()
                        ? "NULL without quotes"
                        : "NULL without quotes and make the column " + wanted;
        return "The element is an empty text in quotes, which is no %s: write a value, or %s"
                .formatted(TypeName.of(element.base()), instead);
    }

    /// A type whose values, or its arrays' elements, may be NULL.
    private static ColumnType nullable(ColumnType type) {
        return switch (type) {
            case ColumnType.Scalar of -> new ColumnType.Nullable(of);
            case ColumnType.LowCardinality(ColumnType of) ->
                    new ColumnType.LowCardinality(nullable(of));
            case ColumnType.Array(ColumnType element) -> new ColumnType.Array(nullable(element));
            case ColumnType.Nullable _ -> type;
        };
    }

    /// A field whose value the model does not allow.
    ///
    /// @param wanted what it must be
    static String ofConstraint(Column column, String observed, String wanted) {
        return "%s is not allowed in '%s': it must be %s"
                .formatted(shown(observed), column.name(), wanted);
    }

    /// A field of the header that a record is too short to have.
    ///
    /// @param required whether the model has the column and it cannot be NULL
    static String ofMissing(String column, boolean required, int fields, int header) {
        return "The %scolumn '%s' is missing: the record has %d of the header's %d fields"
                .formatted(required ? "required " : "", column, fields, header);
    }

    /// The fields of a record beyond the header's.
    static String ofExtra(int fields, int header) {
        return ("The record has %d fields and the header %d: quote a field that holds the"
                        + " delimiter")
                .formatted(fields, header);
    }

    private static String shown(String observed) {
        var text = FieldText.cut(observed, SHOWN_CHARACTERS);
        return "'" + text + (text.length() < observed.length() ? "…'" : "'");
    }

    private static boolean isZero(ColumnType type, String observed) {
        return type instanceof ColumnType.Floating && ZERO.matcher(observed.strip()).matches();
    }

    private static boolean isNotFinite(String observed) {
        var word = observed.strip().toLowerCase(Locale.ROOT);
        return NOT_FINITE.contains(
                word.startsWith("-") || word.startsWith("+") ? word.substring(1) : word);
    }

    private static String range(ColumnType type) {
        return switch (type) {
            case ColumnType.Whole whole -> range(whole);
            case ColumnType.Floating(var bits) ->
                    bits == Float.SIZE
                            ? "0 and magnitudes from %s to %s"
                                    .formatted(Float.MIN_VALUE, Float.MAX_VALUE)
                            : "0 and magnitudes from %s to %s"
                                    .formatted(Double.MIN_VALUE, Double.MAX_VALUE);
            case ColumnType.Decimal decimal -> range(decimal);
            case ColumnType.Date _ -> "1970-01-01 to 2149-06-06";
            case ColumnType.Date32 _ -> "1900-01-01 to 2299-12-31";
            case ColumnType.Timestamp timestamp -> Ticks.of(timestamp).range();
            case ColumnType.Text _,
                    ColumnType.FixedText _,
                    ColumnType.Enumeration _,
                    ColumnType.Bool _,
                    ColumnType.Uuid _,
                    ColumnType.IpV4 _,
                    ColumnType.IpV6 _,
                    ColumnType.Array _,
                    ColumnType.Nullable _,
                    ColumnType.LowCardinality _ ->
                    throw new IllegalArgumentException(type.name() + " has no range");
        };
    }

    private static String range(ColumnType.Decimal type) {
        var whole = type.precision() - type.scale();
        return whole == 0
                ? "what is between -1 and 1"
                : "at most %d digits before the point".formatted(whole);
    }

    private static String range(ColumnType.Whole type) {
        var magnitudeBits = type.signed() ? type.bits() - 1 : type.bits();
        if (type.bits() > Long.SIZE) {
            return (type.signed() ? "-2^%1$d to 2^%1$d - 1" : "0 to 2^%d - 1")
                    .formatted(magnitudeBits);
        }
        var limit = BigInteger.ONE.shiftLeft(magnitudeBits);
        var min = type.signed() ? limit.negate() : BigInteger.ZERO;
        return "%d to %d".formatted(min, limit.subtract(BigInteger.ONE));
    }
}
