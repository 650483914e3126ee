package dev.millrace.infer;

import dev.millrace.validate.FieldCheck;

/// Takes a day, or a day and a time, apart, however it is written: the shape, which a date format
/// can say, and what it means. Reused; not thread-safe.
final class TimeText {
    /// Which parts a day is made of, in their order.
    enum Order {
        YEAR_MONTH_DAY,
        /// Day and month, or month and day.
        TWO_AND_YEAR,
        DAY_NAME_YEAR,
        NAME_DAY_YEAR
    }

    /// How an offset from UTC is written.
    enum Offset {
        NONE,
        ZULU,
        UTC,
        HOURS,
        DIGITS,
        COLON
    }

    /// What a text looks like, but for digits that may be one or two.
    ///
    /// @param joint what stands between the parts of the day
    /// @param gap what stands before the time; 0 when there is none
    /// @param seconds whether the time has some
    /// @param fraction how many digits of a second it has
    /// @param half what stands before AM or PM: 0 for none of these, 1 for nothing
    /// @param spaced whether a space stands before the offset
    record Shape(
            Order order,
            char joint,
            boolean longName,
            char gap,
            boolean seconds,
            int fraction,
            char half,
            Offset offset,
            boolean spaced) {
        boolean hasTime() {
            return gap != 0;
        }

        /// Whether its type reads it without a date format, when all of its numbers have all
        /// digits.
        boolean isStandard() {
            return order == Order.YEAR_MONTH_DAY
                    && joint == '-'
                    && (gap == 0 || (seconds && half == 0));
        }
    }

    private static final String[] MONTHS = {
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
        "december"
    };
    private static final int NO_DAY = Integer.MIN_VALUE;
    private static final int MOST_FRACTION = 9;
    private static final long DAY_SECONDS = 86_400;

    private byte[] bytes = new byte[0];
    private int at;
    private int end;

    Order order = Order.YEAR_MONTH_DAY;
    char joint;
    boolean longName;
    char gap;
    boolean seconds;
    int fraction;
    char half;
    Offset offset = Offset.NONE;
    boolean spaced;

    /// Whether a number of the day, or the hour, has one digit.
    boolean oneDigitDay;

    boolean oneDigitHour;

    /// The day since 1970-01-01, in days; of [Order#TWO_AND_YEAR] as if the day came first, and as
    /// if the month did. `Integer.MIN_VALUE` for none.
    int day;

    int otherDay;

    /// The second of the day, and the offset from UTC in seconds.
    private int second;

    private int offsetSeconds;

    /// Reads a whole text; false when it is neither a day nor a day and a time.
    boolean read(byte[] text, int start, int stop) {
        bytes = text;
        at = start;
        end = stop;
        gap = 0;
        seconds = false;
        fraction = 0;
        half = 0;
        offset = Offset.NONE;
        spaced = false;
        longName = false;
        oneDigitDay = false;
        oneDigitHour = false;
        second = 0;
        offsetSeconds = 0;
        otherDay = NO_DAY;
        if (!readDay() || (day == NO_DAY && otherDay == NO_DAY)) {
            return false;
        }
        return at == end || readTime();
    }

    Shape shape() {
        return new Shape(order, joint, longName, gap, seconds, fraction, half, offset, spaced);
    }

    /// Whether the shape is that of the text that was read last.
    boolean hasShape(Shape shape) {
        return shape.order == order
                && shape.joint == joint
                && shape.gap == gap
                && shape.seconds == seconds
                && shape.fraction == fraction
                && shape.offset == offset
                && shape.half == half
                && shape.spaced == spaced
                && shape.longName == longName;
    }

    /// The seconds since 1970-01-01 00:00:00 UTC, for one of the days.
    long instant(int ofDay) {
        return ofDay * DAY_SECONDS + second - offsetSeconds;
    }

    private boolean readDay() {
        if (!NumberText.isDigit(bytes[at])) {
            return readNameFirst();
        }
        var first = number(4);
        var digits = digitsRead;
        if (at == end) {
            return false;
        }
        joint = (char) bytes[at++];
        if (digits == 4) {
            return isJoint() && readMonthAndDay(first);
        }
        if (digits > 2 || at == end) {
            return false;
        }
        oneDigitDay = digits == 1;
        return NumberText.isDigit(bytes[at])
                ? isJoint() && readSecondAndYear(first)
                : readNameAndYear(first);
    }

    private boolean isJoint() {
        return joint == '-' || joint == '/' || joint == '.';
    }

    private boolean readMonthAndDay(int year) {
        order = Order.YEAR_MONTH_DAY;
        var month = part();
        if (month < 0 || !skip(joint)) {
            return false;
        }
        var ofMonth = part();
        day = ofMonth < 0 ? NO_DAY : FieldCheck.day(year, month, ofMonth);
        return ofMonth >= 0;
    }

    private boolean readSecondAndYear(int first) {
        order = Order.TWO_AND_YEAR;
        var next = part();
        if (next < 0 || !skip(joint)) {
            return false;
        }
        var year = number(4);
        if (digitsRead != 4) {
            return false;
        }
        day = FieldCheck.day(year, next, first);
        otherDay = FieldCheck.day(year, first, next);
        return true;
    }

    private boolean readNameAndYear(int ofMonth) {
        order = Order.DAY_NAME_YEAR;
        if (joint != ' ' && joint != '-' && joint != '/') {
            return false;
        }
        var month = name();
        if (month == 0 || !skip(joint)) {
            return false;
        }
        var year = number(4);
        day = digitsRead == 4 ? FieldCheck.day(year, month, ofMonth) : NO_DAY;
        return digitsRead == 4;
    }

    private boolean readNameFirst() {
        order = Order.NAME_DAY_YEAR;
        joint = ' ';
        var month = name();
        if (month == 0 || !skip(' ')) {
            return false;
        }
        var ofMonth = part();
        if (ofMonth < 0 || !skip(',') || !skip(' ')) {
            return false;
        }
        var year = number(4);
        day = digitsRead == 4 ? FieldCheck.day(year, month, ofMonth) : NO_DAY;
        return digitsRead == 4;
    }

    private int digitsRead;

    private int number(int most) {
        var number = 0;
        var from = at;
        while (at < end && at - from < most && NumberText.isDigit(bytes[at])) {
            number = number * 10 + bytes[at++] - '0';
        }
        digitsRead = at - from;
        return number;
    }

    /// A month or a day, of one digit or two; -1 for none.
    private int part() {
        var number = number(2);
        oneDigitDay |= digitsRead == 1;
        return digitsRead == 0 ? -1 : number;
    }

    /// A number of two digits; -1 for none.
    private int two() {
        var number = number(2);
        return digitsRead == 2 ? number : -1;
    }

    private boolean skip(char c) {
        if (at < end && bytes[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    /// A month's number by its name or the first three letters; 0 for none.
    private int name() {
        var from = at;
        while (at < end && (bytes[at] | 0x20) >= 'a' && (bytes[at] | 0x20) <= 'z') {
            at++;
        }
        var length = at - from;
        for (var i = 0; i < MONTHS.length; i++) {
            if ((length == 3 || length == MONTHS[i].length()) && isName(MONTHS[i], from, length)) {
                longName = length > 3;
                return i + 1;
            }
        }
        return 0;
    }

    private boolean isName(String name, int from, int length) {
        for (var i = 0; i < length; i++) {
            if ((bytes[from + i] | 0x20) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean readTime() {
        gap = (char) bytes[at++];
        if (gap != ' ' && gap != 'T') {
            return false;
        }
        var hour = number(2);
        oneDigitHour = digitsRead == 1;
        if (digitsRead == 0 || !skip(':')) {
            return false;
        }
        var minute = two();
        var ofMinute = 0;
        if (skip(':')) {
            seconds = true;
            ofMinute = two();
            if (skip('.') && !readFraction()) {
                return false;
            }
        }
        if (minute < 0 || minute > 59 || ofMinute < 0 || ofMinute > 59) {
            return false;
        }
        var ofDay = readHalf(hour);
        second = ofDay * 3600 + minute * 60 + ofMinute;
        return ofDay >= 0 && ofDay <= 23 && (at == end || readOffset());
    }

    private boolean readFraction() {
        var from = at;
        while (at < end && NumberText.isDigit(bytes[at])) {
            at++;
        }
        fraction = at - from;
        return fraction > 0 && fraction <= MOST_FRACTION;
    }

    /// The hour of the day, by AM and PM if they follow; -1 for none.
    private int readHalf(int hour) {
        var from = at + (at < end && bytes[at] == ' ' ? 1 : 0);
        if (from + 2 > end || (bytes[from + 1] | 0x20) != 'm') {
            return hour;
        }
        var letter = bytes[from] | 0x20;
        if (letter != 'a' && letter != 'p') {
            return hour;
        }
        half = from > at ? ' ' : (char) 1;
        at = from + 2;
        return hour < 1 || hour > 12 ? -1 : hour % 12 + (letter == 'p' ? 12 : 0);
    }

    private boolean readOffset() {
        spaced = skip(' ');
        var length = end - at;
        if (length == 1 && bytes[at] == 'Z') {
            offset = Offset.ZULU;
            return true;
        }
        if (length == 3 && bytes[at] == 'U' && bytes[at + 1] == 'T' && bytes[at + 2] == 'C') {
            offset = Offset.UTC;
            return spaced;
        }
        if (length < 3 || (bytes[at] != '+' && bytes[at] != '-')) {
            return false;
        }
        var west = bytes[at++] == '-';
        var hours = two();
        var colon = skip(':');
        var minutes = at == end ? 0 : two();
        if (hours < 0 || minutes < 0 || minutes > 59 || hours * 60 + minutes > 18 * 60) {
            return false;
        }
        offset = length == 3 ? Offset.HOURS : colon ? Offset.COLON : Offset.DIGITS;
        offsetSeconds = (hours * 60 + minutes) * (west ? -60 : 60);
        return at == end && length == (colon ? 6 : length == 3 ? 3 : 5);
    }
}
