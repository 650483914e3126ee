package dev.millrace.render;

import dev.millrace.core.LittleEndian;
import java.time.LocalDate;

/// Days and times as ISO 8601 has them, in UTC and double quotes. Not thread-safe: it keeps the
/// last day's text, since rows that stand together are mostly of one day.
final class CalendarText {
    private static final int DAY_SECONDS = 86_400;

    private long day = Long.MIN_VALUE;
    private long start; // "YYYY-MM
    private int end; // -DDT

    /// @param epochDay of four digits' year
    int day(long epochDay, byte[] to, int at) {
        date(epochDay, to, at);
        to[at + 11] = '"';
        return at + 12;
    }

    /// @param ticks of 10^-precision seconds
    /// @param perSecond 10^precision
    int time(long ticks, int precision, long perSecond, byte[] to, int at) {
        var second = precision == 0 ? ticks : Math.floorDiv(ticks, perSecond);
        var epochDay = Math.floorDiv(second, (long) DAY_SECONDS);
        var ofDay = (int) (second - epochDay * DAY_SECONDS);
        date(epochDay, to, at);
        LittleEndian.putLong(to, at + 12, clock(ofDay));
        var behind = at + 20;
        if (precision > 0) {
            to[behind] = '.';
            behind = DecimalDigits.last(precision, ticks - second * perSecond, to, behind + 1);
        }
        to[behind] = 'Z';
        to[behind + 1] = '"';
        return behind + 2;
    }

    /// `hh:mm:ss`: three numbers are cut into their digits side by side.
    private static long clock(int ofDay) {
        var minutes = ofDay / 60;
        var hour = minutes / 60;
        var numbers =
                hour | (long) (minutes - hour * 60) << 24 | (long) (ofDay - minutes * 60) << 48;
        var tens = ((numbers * 103) >>> 10) & 0x000F_0000_0F00_000FL;
        return (tens | (numbers - tens * 10) << 8) | 0x3030_3A30_303A_3030L;
    }

    private void date(long epochDay, byte[] to, int at) {
        if (epochDay != day) {
            keep(epochDay);
        }
        LittleEndian.putLong(to, at, start);
        LittleEndian.putInt(to, at + 8, end);
    }

    private void keep(long epochDay) {
        var date = LocalDate.ofEpochDay(epochDay);
        var text =
                "\"%04d-%02d-%02dT"
                        .formatted(date.getYear(), date.getMonthValue(), date.getDayOfMonth());
        start = word(text.substring(0, 8));
        end = (int) word(text.substring(8));
        day = epochDay;
    }

    /// At most eight characters of ASCII, the first one lowest.
    static long word(String text) {
        var word = 0L;
        for (var i = 0; i < text.length(); i++) {
            word |= (long) text.charAt(i) << (8 * i);
        }
        return word;
    }
}
