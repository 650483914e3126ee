package dev.millrace.infer;

/// Takes a number's text apart: digits after one sign at most, with one point at most, and an
/// exponent. Reused; not thread-safe.
final class NumberText {
    /// So many digits are a long for certain.
    static final int LONG_DIGITS = 18;

    private static final int DECIMAL_DIGITS = 76;

    boolean negative;
    boolean signed;

    /// Whether a digit follows a leading zero before the point, as in `00123`.
    boolean leadingZero;

    /// The digits before the point but for leading zeros, and those behind it.
    int wholeDigits;

    int fractionDigits;
    boolean hasPoint;
    boolean hasExponent;

    /// What the digits before and behind the point are together, if they are [#LONG_DIGITS] at
    /// most.
    long digits;

    /// Where the digits begin.
    int digitsStart;

    /// Reads a whole text; false when it is no number.
    boolean read(byte[] bytes, int start, int end) {
        var i = start;
        var first = bytes[i];
        negative = first == '-';
        signed = negative || first == '+';
        if (signed) {
            i++;
        }
        digitsStart = i;
        hasPoint = false;
        hasExponent = false;
        fractionDigits = 0;
        var number = 0L;
        while (i < end && isDigit(bytes[i])) {
            number = number * 10 + bytes[i++] - '0';
        }
        var before = i - digitsStart;
        leadingZero = before > 1 && bytes[digitsStart] == '0';
        wholeDigits = before - leadingZeros(bytes, digitsStart, i);
        if (i < end && bytes[i] == '.') {
            hasPoint = true;
            var point = ++i;
            while (i < end && isDigit(bytes[i])) {
                number = number * 10 + bytes[i++] - '0';
            }
            fractionDigits = i - point;
        }
        digits = number;
        if (before + fractionDigits == 0) {
            return false;
        }
        return i == end || readExponent(bytes, i, end);
    }

    private static int leadingZeros(byte[] bytes, int start, int end) {
        var i = start;
        while (i < end && bytes[i] == '0') {
            i++;
        }
        return i - start;
    }

    private boolean readExponent(byte[] bytes, int start, int end) {
        var i = start;
        if ((bytes[i++] | 0x20) != 'e') {
            return false;
        }
        if (i < end && (bytes[i] == '-' || bytes[i] == '+')) {
            i++;
        }
        var from = i;
        while (i < end && isDigit(bytes[i])) {
            i++;
        }
        hasExponent = true;
        return i == end && i > from;
    }

    boolean isWhole() {
        return !hasPoint && !hasExponent;
    }

    /// Whether it has more digits than any exact type may hold.
    boolean isLong() {
        return wholeDigits + fractionDigits > DECIMAL_DIGITS;
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
