package dev.millrace.validate;

/// A decimal number in a text: sign, digits × 10^exponent. Reused for every field; not thread-safe.
final class Decimal {
    /// So many digits fit an unsigned long whatever they are.
    private static final int MAX_DIGITS = 19;

    /// So many characters hold no more digits than a long can.
    private static final int SHORT_TEXT = 18;

    /// So many characters are read faster one by one than at once.
    private static final int FEW = 3;

    /// Far beyond every exponent that matters, and far from overflowing.
    private static final int HUGE_EXPONENT = 100_000_000;

    /// How many digits there are from the first that is not 0.
    private int significant;

    private int mantissaEnd;
    private int point;
    private boolean negative;
    private boolean whole;
    private boolean zero;
    private long digits;
    private int exponent;

    boolean isNegative() {
        return negative;
    }

    /// Whether [#digits] holds all of the text's digits; otherwise all but this can be asked.
    boolean isWhole() {
        return whole;
    }

    boolean isZero() {
        return zero;
    }

    /// The digits without their point, as an unsigned number.
    long digits() {
        return digits;
    }

    /// The power of ten that the last digit stands for.
    int exponent() {
        return exponent;
    }

    /// Where the digits end, and an exponent may begin; unknown when all digits are in [#digits].
    int mantissaEnd() {
        return mantissaEnd;
    }

    /// Where the point stands, or -1; unknown when all digits are in [#digits].
    int point() {
        return point;
    }

    /// Reads a text, at least one byte of it.
    ///
    /// @return false when it is not a decimal number
    boolean scan(byte[] bytes, int start, int end) {
        negative = bytes[start] == '-';
        var from = negative || bytes[start] == '+' ? start + 1 : start;
        return scanFew(bytes, from, end) || scanAny(bytes, from, end);
    }

    private boolean scanFew(byte[] bytes, int start, int end) {
        var count = end - start;
        if (count > FEW && count <= Digits.EIGHT && end >= Digits.EIGHT) {
            return scanEight(bytes, end, count);
        }
        return count <= SHORT_TEXT && scanShort(bytes, start, end);
    }

    /// Reads the commonest kind all at once: more than one character, eight at most, without an
    /// exponent. Returns false for any other.
    private boolean scanEight(byte[] bytes, int end, int count) {
        var text = Digits.lastEight(bytes, end, count);
        var place = Digits.firstPoint(text);
        var value = Digits.eight(place < 0 ? text : Digits.without(text, place));
        if (value < 0) {
            return false;
        }
        digits = value;
        exponent = place < 0 ? 0 : place + 1 - Digits.EIGHT;
        zero = value == 0;
        whole = true;
        return true;
    }

    /// Reads few digits without an exponent. Returns false for anything else.
    private boolean scanShort(byte[] bytes, int start, int end) {
        var value = 0L;
        var point = -1;
        for (var i = start; i < end; i++) {
            var digit = bytes[i] - '0';
            if (digit >= 0 && digit <= 9) {
                value = value * 10 + digit;
            } else if (digit == '.' - '0' && point < 0) {
                point = i;
            } else {
                return false;
            }
        }
        var points = point < 0 ? 0 : 1;
        if (end - start == points) {
            return false;
        }
        digits = value;
        exponent = point < 0 ? 0 : point + 1 - end;
        zero = value == 0;
        whole = true;
        return true;
    }

    private boolean scanAny(byte[] bytes, int start, int end) {
        digits = 0;
        significant = 0;
        point = -1;
        var i = scanDigits(bytes, start, end);
        if (i < end && bytes[i] == '.') {
            point = i;
            i = scanDigits(bytes, i + 1, end);
        }
        var points = point < 0 ? 0 : 1;
        if (i - start == points || !scanExponent(bytes, i, end)) {
            return false;
        }
        mantissaEnd = i;
        exponent -= point < 0 ? 0 : i - point - 1;
        zero = significant == 0;
        whole = significant <= MAX_DIGITS;
        return true;
    }

    /// Appends the digits that begin here to [#digits], which wrap after MAX_DIGITS, and then
    /// nobody reads them.
    ///
    /// @return where they end
    private int scanDigits(byte[] bytes, int start, int end) {
        var first = significant > 0 ? start : Digits.skipZeros(bytes, start, end);
        var i = first;
        var value = digits;
        for (; i <= end - Digits.EIGHT; i += Digits.EIGHT) {
            var eight = Digits.eight(bytes, i);
            if (eight < 0) {
                break;
            }
            value = value * 100_000_000 + eight;
        }
        for (; i < end; i++) {
            var digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            value = value * 10 + digit;
        }
        digits = value;
        significant += i - first;
        return i;
    }

    /// Reads `e`, a sign and digits, or nothing at all, into [#exponent].
    private boolean scanExponent(byte[] bytes, int start, int end) {
        exponent = 0;
        if (start == end) {
            return true;
        }
        if (bytes[start] != 'e' && bytes[start] != 'E') {
            return false;
        }
        var signed = start + 1 < end && (bytes[start + 1] == '-' || bytes[start + 1] == '+');
        var from = signed ? start + 2 : start + 1;
        if (from == end || !Digits.areAll(bytes, from, end)) {
            return false;
        }
        for (var i = from; i < end; i++) {
            exponent = Math.min(exponent * 10 + bytes[i] - '0', HUGE_EXPONENT);
        }
        if (bytes[start + 1] == '-') {
            exponent = -exponent;
        }
        return true;
    }
}
