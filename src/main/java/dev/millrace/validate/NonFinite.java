package dev.millrace.validate;

/// The words for numbers that are not finite: `nan`, `inf` and `infinity`, in any case, after one
/// sign at most. Not-a-number has no sign.
final class NonFinite {
    private static final String[] WORDS = {"nan", "inf", "infinity"};

    private NonFinite() {}

    /// The number that a text names, or 0 when it names none.
    static double of(byte[] bytes, int start, int end) {
        var signed = start < end && (bytes[start] == '-' || bytes[start] == '+');
        var from = signed ? start + 1 : start;
        for (var word : WORDS) {
            if (is(word, bytes, from, end)) {
                if (word.equals("nan")) {
                    return Double.NaN;
                }
                return signed && bytes[start] == '-'
                        ? Double.NEGATIVE_INFINITY
                        : Double.POSITIVE_INFINITY;
            }
        }
        return 0;
    }

    private static boolean is(String word, byte[] bytes, int start, int end) {
        if (end - start != word.length()) {
            return false;
        }
        for (var i = 0; i < word.length(); i++) {
            if ((bytes[start + i] | 0x20) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
