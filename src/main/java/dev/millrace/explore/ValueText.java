package dev.millrace.explore;

import dev.millrace.core.SqlText;
import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How a value is written in SQL so that it is one of a column's type.
final class ValueText {
    private static final Pattern WHOLE_TYPE = Pattern.compile("U?Int(8|16|32|64)");
    private static final Pattern PLAIN_WHOLE = Pattern.compile("0|-?[1-9][0-9]{0,17}");
    private static final Pattern CHANGES =
            Pattern.compile(
                    "(?:Nullable|LowCardinality|SimpleAggregateFunction)\\((?:[A-Za-z_]\\w*, )?(.*)\\)",
                    Pattern.DOTALL);
    private static final Pattern MAY_BE_NULL =
            Pattern.compile(
                    "U?Int\\d+|Interval\\w+|Float\\d+|BFloat16|Bool|String|UUID|IPv[46]|Date|Date32|Time"
                            + "|(Decimal|FixedString|DateTime|DateTime64|Time64|Enum8|Enum16)\\b.*",
                    Pattern.DOTALL);

    private static final Pattern NOUGHTS = Pattern.compile("[ :.0]*");

    private ValueText() {}

    /// The type without what only says how it is kept, or that NULL is one of its values.
    static String bare(String type) {
        var text = type;
        for (var found = CHANGES.matcher(text); found.matches(); found = CHANGES.matcher(text)) {
            text = found.group(1);
        }
        return text;
    }

    /// Whether `toNullable` takes such a column: arrays, maps and tuples it does not, and of those
    /// a missing row gives an empty one.
    static boolean mayBeNull(String type) {
        return MAY_BE_NULL.matcher(bare(type)).matches();
    }

    /// Whether the server has to be asked how it reads a value.
    static boolean isChecked(String bareType) {
        return !bareType.equals("String");
    }

    /// @param value one that was found to be of the type
    static String sql(String value, String bareType) {
        if (bareType.equals("String")) {
            return SqlText.literal(value);
        }
        if (WHOLE_TYPE.matcher(bareType).matches() && PLAIN_WHOLE.matcher(value).matches()) {
            return value;
        }
        return "accurateCast(%s, %s)".formatted(SqlText.literal(value), SqlText.literal(bareType));
    }

    /// Whether what the server has read is what was said. It takes a thirteenth month for the first
    /// day of all, and leaves out digits that do not fit.
    ///
    /// @param read as the server writes it
    static boolean isKept(String value, String bareType, @Nullable String read) {
        if (read == null) {
            return false;
        }
        if (bareType.startsWith("Date")) {
            // a day stands for its midnight; parts of a second may have more noughts
            var said = value.strip().replace('T', ' ');
            return read.startsWith(said)
                    ? NOUGHTS.matcher(read.substring(said.length())).matches()
                    : said.startsWith(read)
                            && NOUGHTS.matcher(said.substring(read.length())).matches();
        }
        if (bareType.startsWith("Decimal")) {
            try {
                return new BigDecimal(value.strip()).compareTo(new BigDecimal(read)) == 0;
            } catch (NumberFormatException e) {
                return false;
            }
        }
        return true;
    }
}
