package dev.millrace.validate;

/// Offsets from UTC in a text: `Z`, `+hh`, `+hhmm` or `+hh:mm`, at most 18 hours either way.
final class OffsetText {
    /// Stands for no offset.
    static final int NONE = Integer.MAX_VALUE;

    private static final int MAX_SECONDS = 18 * 3_600;

    private OffsetText() {}

    /// The offset that a text is, in seconds, or [#NONE].
    static int seconds(byte[] bytes, int start, int end) {
        var length = end - start;
        if (length == 1 && bytes[start] == 'Z') {
            return 0;
        }
        var colon = length == "+hh:mm".length() && bytes[start + 3] == ':';
        var shaped = colon || length == "+hhmm".length() || length == "+hh".length();
        if (!shaped || (bytes[start] != '+' && bytes[start] != '-')) {
            return NONE;
        }
        var hours = Digits.two(bytes, start + 1);
        var minutes = length == "+hh".length() ? 0 : Digits.two(bytes, end - 2);
        var seconds = hours * 3_600 + minutes * 60;
        if ((hours | minutes) < 0 || minutes > 59 || seconds > MAX_SECONDS) {
            return NONE;
        }
        return bytes[start] == '-' ? -seconds : seconds;
    }
}
