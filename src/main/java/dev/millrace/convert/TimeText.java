package dev.millrace.convert;

/// Writes days and clock times as ISO 8601 does. Keeps the day that was written last: of values one
/// after the other, most are of the same. Not thread-safe.
final class TimeText {
    static final int DAY_SECONDS = 86_400;

    /// The most bytes of a day, a `T`, a time and a fraction of nine digits.
    static final int MOST_BYTES = 29;

    /// 0000-01-01 and 9999-12-31, the days that four digits can name, since 1970-01-01.
    private static final long FIRST_DAY = -719_528;

    private static final long LAST_DAY = 2_932_896;

    private final byte[] lastText = new byte[10];
    private long lastDay = Long.MIN_VALUE;

    /// Whether four digits can name the year of a day.
    static boolean canName(long day) {
        return day >= FIRST_DAY && day <= LAST_DAY;
    }

    /// Writes `YYYY-MM-DD`.
    ///
    /// @param day since 1970-01-01, one that four digits [can name][#canName]
    /// @return the byte behind it
    int day(long day, byte[] into, int at) {
        if (day != lastDay) {
            name(day);
            lastDay = day;
        }
        System.arraycopy(lastText, 0, into, at, lastText.length);
        return at + lastText.length;
    }

    /// The Gregorian calendar's name of a day, by counting from 1 March of year 0, so that leap
    /// days come last; in eras of 400 years.
    private void name(long day) {
        var shifted = (int) (day - FIRST_DAY) - 60 + 146_097;
        var era = shifted / 146_097;
        var ofEra = shifted % 146_097;
        var yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365;
        var ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        var shiftedMonth = (5 * ofYear + 2) / 153;
        var month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        var year = yearOfEra + (era - 1) * 400 + (month <= 2 ? 1 : 0);
        pair(year / 100, lastText, 0);
        pair(year % 100, lastText, 2);
        lastText[4] = '-';
        pair(month, lastText, 5);
        lastText[7] = '-';
        pair(ofYear - (153 * shiftedMonth + 2) / 5 + 1, lastText, 8);
    }

    /// Writes `hh:mm:ss`, and the fraction behind a point unless it is zero.
    ///
    /// @param second of the day
    /// @param fraction of the second, in units of 10^-digits seconds
    /// @return the byte behind it
    static int clock(int second, int fraction, int digits, byte[] into, int at) {
        pair(second / 3_600, into, at);
        into[at + 2] = ':';
        pair(second / 60 % 60, into, at + 3);
        into[at + 5] = ':';
        pair(second % 60, into, at + 6);
        if (fraction == 0) {
            return at + 8;
        }
        into[at + 8] = '.';
        var rest = fraction;
        for (var place = at + 8 + digits; place > at + 8; place--) {
            into[place] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + 9 + digits;
    }

    private static void pair(int number, byte[] into, int at) {
        into[at] = (byte) ('0' + number / 10);
        into[at + 1] = (byte) ('0' + number % 10);
    }
}
