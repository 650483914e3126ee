package dev.millrace.convert;

import java.math.BigDecimal;
import java.time.LocalDate;

/// Numbers in cells: as numbers, or as the days and times that their formats make of them.
///
/// A number of 15 digits or fewer, or an integer, is written with the digits that it has; others as
/// the shortest text of the double that they are. A day's fraction counts to the millisecond, as
/// Excel shows it, and to the microsecond where it is closer to one of those. Not thread-safe.
final class XlsxNumber {
    private static final int EXACT_DIGITS = 15;
    private static final int DOUBLE_DIGITS = 17;
    private static final double DAY_MICROS = 86_400e6;
    private static final long DAY_MICROS_WHOLE = 86_400_000_000L;

    /// 9999-12-31, the last day that a workbook's calendar has.
    private static final double LAST_SERIAL = 2_958_465;

    private static final long DAY_0_OF_1904 = LocalDate.of(1904, 1, 1).toEpochDay();
    private static final long DAY_0_OF_1900 = LocalDate.of(1899, 12, 30).toEpochDay();

    /// What Excel takes for 29 February 1900, a day that there was not.
    private static final int NO_DAY = 60;

    private final boolean from1904;

    XlsxNumber(boolean from1904) {
        this.from1904 = from1904;
    }

    /// @throws NumberFormatException when the text is no number
    void write(String text, XlsxFormat format, JsonText out) {
        var number = text.strip();
        if (format != XlsxFormat.NUMBER && writeTime(Double.parseDouble(number), format, out)) {
            return;
        }
        writeNumber(number, out);
    }

    private static void writeNumber(String text, JsonText out) {
        if (text.length() > 400) {
            throw new NumberFormatException("a number of %d characters".formatted(text.length()));
        }
        var exact = new BigDecimal(text);
        var digits = exact.precision();
        var isWhole = text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0;
        if (Math.abs((long) exact.scale()) > 400) {
            throw new NumberFormatException("a number beyond what a workbook can hold");
        }
        if (isWhole || digits > DOUBLE_DIGITS) {
            out.decimal(exact.unscaledValue(), exact.scale());
        } else if (digits <= EXACT_DIGITS && Math.abs(exact.scale()) <= EXACT_DIGITS) {
            var plain = exact.signum() == 0 ? BigDecimal.ZERO : exact.stripTrailingZeros();
            out.decimal(plain.unscaledValue(), plain.scale());
        } else {
            out.real(exact.doubleValue());
        }
    }

    /// @return false when the number is none of the calendar's; then nothing is written
    private boolean writeTime(double serial, XlsxFormat format, JsonText out) {
        if (!(serial >= 0 && serial < LAST_SERIAL + 1)) {
            return false;
        }
        var micros = micros(serial);
        var day = Math.floorDiv(micros, DAY_MICROS_WHOLE);
        var ofDay = Math.floorMod(micros, DAY_MICROS_WHOLE);
        var second = ofDay / 1_000_000;
        var fraction = (int) (ofDay % 1_000_000);
        var digits = fraction % 1_000 == 0 ? 3 : 6;
        var shown = digits == 3 ? fraction / 1_000 : fraction;
        if (format == XlsxFormat.TIME && day == 0) {
            return out.time(second, shown, digits);
        }
        var isDate = format == XlsxFormat.DATE && ofDay == 0;
        if (!from1904 && (day == 0 || day == NO_DAY)) {
            // As Excel shows it: whoever takes it for a day is told that it is none.
            var name = day == 0 ? "1900-01-00" : "1900-02-29";
            out.text(isDate ? name : name + "T" + clock(second));
            return true;
        }
        var epochDay = epochDay(day);
        return isDate
                ? out.day(epochDay)
                : out.timestamp(epochDay * TimeText.DAY_SECONDS + second, shown, digits, false);
    }

    private static String clock(long second) {
        return "%02d:%02d:%02d".formatted(second / 3_600, second / 60 % 60, second % 60);
    }

    private long epochDay(long day) {
        if (from1904) {
            return DAY_0_OF_1904 + day;
        }
        return DAY_0_OF_1900 + day + (day < NO_DAY ? 1 : 0);
    }

    /// The nearest millisecond, where the double cannot mean another microsecond.
    private static long micros(double serial) {
        var exact = serial * DAY_MICROS;
        var millis = Math.rint(exact / 1_000) * 1_000;
        var doubt = Math.max(1, 2 * Math.ulp(serial) * DAY_MICROS);
        return (long) (Math.abs(exact - millis) <= doubt ? millis : Math.rint(exact));
    }
}
