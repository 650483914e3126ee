package dev.millrace.validate;

/// Calendar days in a text.
final class Days {
    /// Stands for no day: a day that a four-digit year can name is far from it.
    static final int NONE = Integer.MIN_VALUE;

    /// The length of `YYYY-MM-DD`.
    static final int LENGTH = 10;

    static final int FIRST_OF_1900 = -25_567;
    static final int LAST_OF_2299 = 120_529;

    private static final int[] DAYS_BEFORE_MONTH = {
        0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365
    };

    /// The days from the first day of year 0 of the Gregorian calendar to 1970-01-01.
    private static final int EPOCH = 719_528;

    private Days() {}

    /// The day that `YYYY-MM-DD` at this place names, in days since 1970-01-01, or [#NONE] when no
    /// such day is in the Gregorian calendar. The array has [#LENGTH] bytes from there.
    static int at(byte[] bytes, int at) {
        var century = Digits.two(bytes, at);
        var ofCentury = Digits.two(bytes, at + 2);
        var month = Digits.two(bytes, at + 5);
        var day = Digits.two(bytes, at + 8);
        if ((century | ofCentury | month | day) < 0
                || bytes[at + 4] != '-'
                || bytes[at + 7] != '-') {
            return NONE;
        }
        return of(century * 100 + ofCentury, month, day);
    }

    /// The day that a year, a month and a day of it name, or [#NONE]. The year has four digits.
    static int of(int year, int month, int day) {
        if (month < 1 || month > 12 || day < 1) {
            return NONE;
        }
        var leap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
        var leapDay = leap && month > 2 ? 1 : 0;
        var before = DAYS_BEFORE_MONTH[month];
        var monthDays = DAYS_BEFORE_MONTH[month + 1] - before + (leap && month == 2 ? 1 : 0);
        if (day > monthDays) {
            return NONE;
        }
        // Year 0 is a leap year: the leap days of the years 0 to year - 1.
        var past = year - 1;
        var leapDays = year == 0 ? 0 : 1 + past / 4 - past / 100 + past / 400;
        return year * 365 + leapDays + before + leapDay + day - 1 - EPOCH;
    }
}
