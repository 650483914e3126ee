package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;

/// One date format of a column, ready to match texts with: what [DatePattern] makes of a pattern.
/// Immutable, thread-safe.
///
/// @param text as the model has it
/// @param steps what a text is made of, in order
/// @param byHalfDays whether hours count from 1 to 12
record DateFormat(String text, Step[] steps, boolean byHalfDays) {
    private static final byte[][] MONTHS =
            bytes(
                    List.of(
                            "january",
                            "february",
                            "march",
                            "april",
                            "may",
                            "june",
                            "july",
                            "august",
                            "september",
                            "october",
                            "november",
                            "december"));
    private static final int ABBREVIATION = 3;
    static final int NANO_DIGITS = 9;

    /// What a step matches.
    enum Kind {
        /// Digits, for a field of a reading.
        NUMBER,
        /// Digits of a second's fraction.
        FRACTION,
        MONTH_NAME,
        MONTH_ABBREVIATION,
        /// AM or PM.
        HALF_DAY,
        /// `+hh:mm` or Z.
        OFFSET_COLON,
        /// `+hhmm` or Z.
        OFFSET_PLAIN,
        /// `+hh`, `+hhmm` or Z.
        OFFSET_SHORT,
        /// `+hhmm`, never Z.
        OFFSET_DIGITS,
        LITERAL,
        /// A count of units since 1970-01-01 00:00:00 UTC.
        COUNT
    }

    /// @param field the reading's, of a number
    /// @param least the least digits of a number; those of a fraction; of a count, those of a
    ///   second's fraction that the unit makes: 3 for milliseconds
    /// @param most the most digits
    /// @param literal the text itself, of a literal
    record Step(Kind kind, int field, int least, int most, byte[] literal) {}

    private static byte[][] bytes(List<String> words) {
        return words.stream().map(w -> w.getBytes(US_ASCII)).toArray(byte[][]::new);
    }

    /// Reads a whole text; false when it does not fit, or is no day and time.
    boolean read(byte[] bytes, int start, int end, DateReading into) {
        into.clear();
        if (steps[0].kind == Kind.COUNT) {
            return EpochCount.read(steps[0].least, bytes, start, end, into);
        }
        var at = start;
        for (var step : steps) {
            at = read(step, bytes, at, end, into);
            if (at < 0) {
                return false;
            }
        }
        return at == end && into.resolve(byHalfDays);
    }

    /// Where the step's text ends that begins here, -1 when it does not fit.
    private static int read(Step step, byte[] bytes, int at, int end, DateReading into) {
        return switch (step.kind) {
            case NUMBER -> readNumber(step, bytes, at, end, into);
            case LITERAL -> skipLiteral(step.literal, bytes, at, end);
            case FRACTION -> readFraction(step.least, bytes, at, end, into);
            case MONTH_NAME, MONTH_ABBREVIATION ->
                    readMonth(step.kind == Kind.MONTH_ABBREVIATION, bytes, at, end, into);
            case HALF_DAY -> readHalfDay(bytes, at, end, into);
            case OFFSET_COLON, OFFSET_PLAIN, OFFSET_SHORT, OFFSET_DIGITS ->
                    readOffset(step.kind, bytes, at, end, into);
            case COUNT -> -1;
        };
    }

    private static int readNumber(Step step, byte[] bytes, int at, int end, DateReading into) {
        var most = Math.min(end, at + step.most);
        var number = 0;
        var i = at;
        while (i < most && bytes[i] >= '0' && bytes[i] <= '9') {
            number = number * 10 + bytes[i++] - '0';
        }
        into.fields[step.field] = number;
        return i - at < step.least ? -1 : i;
    }

    private static int skipLiteral(byte[] literal, byte[] bytes, int at, int end) {
        var after = at + literal.length;
        if (after > end) {
            return -1;
        }
        for (var i = 0; i < literal.length; i++) {
            if (bytes[at + i] != literal[i]) {
                return -1;
            }
        }
        return after;
    }

    private static int readFraction(int digits, byte[] bytes, int at, int end, DateReading into) {
        var after = at + digits;
        if (after > end || !Digits.areAll(bytes, at, after)) {
            return -1;
        }
        into.nanos = nanos(bytes, at, after);
        return after;
    }

    /// The nanoseconds that nine digits or fewer are behind a decimal point.
    static int nanos(byte[] bytes, int start, int end) {
        var nanos = 0;
        for (var i = 0; i < NANO_DIGITS; i++) {
            nanos = nanos * 10 + (start + i < end ? bytes[start + i] - '0' : 0);
        }
        return nanos;
    }

    private static int readMonth(
            boolean abbreviated, byte[] bytes, int at, int end, DateReading into) {
        for (var i = 0; i < MONTHS.length; i++) {
            var length = abbreviated ? ABBREVIATION : MONTHS[i].length;
            if (isWord(MONTHS[i], length, bytes, at, end)) {
                into.fields[DateReading.MONTH] = i + 1;
                return at + length;
            }
        }
        return -1;
    }

    /// Whether the first letters of a word stand here, in any case.
    private static boolean isWord(byte[] word, int length, byte[] bytes, int at, int end) {
        if (at + length > end) {
            return false;
        }
        for (var i = 0; i < length; i++) {
            if ((bytes[at + i] | 0x20) != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static int readHalfDay(byte[] bytes, int at, int end, DateReading into) {
        if (at + 2 > end || (bytes[at + 1] | 0x20) != 'm') {
            return -1;
        }
        var letter = bytes[at] | 0x20;
        into.afternoon = letter == 'p';
        return letter == 'a' || letter == 'p' ? at + 2 : -1;
    }

    private static int readOffset(Kind kind, byte[] bytes, int at, int end, DateReading into) {
        if (at == end) {
            return -1;
        }
        var length =
                bytes[at] == 'Z' && kind != Kind.OFFSET_DIGITS
                        ? 1
                        : offsetLength(kind, bytes, at, end);
        if (at + length > end) {
            return -1;
        }
        into.offset = OffsetText.seconds(bytes, at, at + length);
        return into.offset == OffsetText.NONE ? -1 : at + length;
    }

    private static int offsetLength(Kind kind, byte[] bytes, int at, int end) {
        if (kind == Kind.OFFSET_COLON) {
            return "+hh:mm".length();
        }
        var whole = "+hhmm".length();
        var isShort =
                kind == Kind.OFFSET_SHORT
                        && !(at + whole <= end && Digits.areAll(bytes, at + 3, at + whole));
        return isShort ? "+hh".length() : whole;
    }
}
