package dev.millrace.infer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.millrace.core.NumberForm;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The fields of a column that are numbers with commas: before the decimals (`1.234,5`) or between
/// thousands (`1,234.5`). `1,234` may be either. Not thread-safe.
final class CommaNumbers {
    private static final int LONGEST = 40;
    private static final Pattern DECIMAL_COMMA =
            Pattern.compile("[-+]?(0|[1-9]\\d*|[1-9]\\d{0,2}(\\.\\d{3})+),\\d+");
    private static final Pattern GROUPING_COMMA =
            Pattern.compile("[-+]?[1-9]\\d{0,2}(,\\d{3})+(\\.\\d+)?");

    final Tally all = new Tally();
    private final Reading decimal = new Reading();
    private final Reading grouping = new Reading();
    private boolean hasGroups;

    /// What the fields are in one of the two readings.
    private static final class Reading {
        long fitting;

        /// Whether a field fits this reading alone.
        boolean decided;

        int wholeDigits;
        int fractionDigits;
        BigInteger min = BigInteger.ZERO;
        BigInteger max = BigInteger.ZERO;

        void add(String whole, String fraction) {
            var digits = whole.replaceAll("[^0-9]", "");
            wholeDigits = Math.max(wholeDigits, digits.length());
            fractionDigits = Math.max(fractionDigits, fraction.length());
            var value = new BigInteger(whole.startsWith("-") ? "-" + digits : digits);
            min = fitting == 0 ? value : min.min(value);
            max = fitting == 0 ? value : max.max(value);
            fitting++;
        }
    }

    /// Adds a field, if it is such a number.
    boolean add(byte[] bytes, int from, int to, long row) {
        if (to - from > LONGEST || !hasOnlyNumberSigns(bytes, from, to)) {
            return false;
        }
        var text = new String(bytes, from, to - from, US_ASCII);
        var isDecimal = DECIMAL_COMMA.matcher(text).matches();
        var isGrouping = GROUPING_COMMA.matcher(text).matches();
        if (!isDecimal && !isGrouping) {
            return false;
        }
        all.add(bytes, from, to, row);
        if (isDecimal) {
            var comma = text.indexOf(',');
            decimal.add(text.substring(0, comma), text.substring(comma + 1));
            decimal.decided |= !isGrouping;
            hasGroups |= text.indexOf('.') >= 0;
        }
        if (isGrouping) {
            var point = text.indexOf('.');
            grouping.add(
                    point < 0 ? text : text.substring(0, point),
                    point < 0 ? "" : text.substring(point + 1));
            grouping.decided |= !isDecimal;
        }
        return true;
    }

    private static boolean hasOnlyNumberSigns(byte[] bytes, int from, int to) {
        var commas = 0;
        for (var i = from; i < to; i++) {
            var b = bytes[i];
            if (b == ',') {
                commas++;
            } else if (b != '.' && !NumberText.isDigit(b) && (i > from || (b != '-' && b != '+'))) {
                return false;
            }
        }
        return commas > 0;
    }

    /// How all of them are written, or null when nobody can tell or they differ.
    @Nullable NumberForm form() {
        if (decimal.fitting == all.count && decimal.decided) {
            return new NumberForm(',', hasGroups ? '.' : NumberForm.NO_GROUP);
        }
        return grouping.fitting == all.count && grouping.decided ? new NumberForm('.', ',') : null;
    }

    private Reading reading(NumberForm form) {
        return form.decimal() == ',' ? decimal : grouping;
    }

    int wholeDigits(NumberForm form) {
        return reading(form).wholeDigits;
    }

    int fractionDigits(NumberForm form) {
        return reading(form).fractionDigits;
    }

    /// The least one, without its decimals.
    BigInteger min(NumberForm form) {
        return reading(form).min;
    }

    /// The greatest one, without its decimals.
    BigInteger max(NumberForm form) {
        return reading(form).max;
    }
}
