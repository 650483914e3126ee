package dev.millrace.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDate;

/// Fields of CSV records as bytes, without an object per field: a file of 20 million rows takes
/// seconds. Not thread-safe.
final class CsvOutput implements AutoCloseable {
    private static final int ROOM = 1 << 16;

    /// More than any record takes.
    private static final int MAX_RECORD = 1 << 13;

    private static final int DAY_SECONDS = 86_400;

    private final OutputStream out;
    private final byte[] bytes = new byte[ROOM];
    private int length;
    private boolean isFirst = true;
    private long day = Long.MIN_VALUE;
    private byte[] dayText = {};

    CsvOutput(OutputStream out) {
        this.out = out;
    }

    /// Begins the next field.
    CsvOutput field() {
        if (!isFirst) {
            bytes[length++] = ',';
        }
        isFirst = false;
        return this;
    }

    void endRecord() throws IOException {
        bytes[length++] = '\n';
        isFirst = true;
        if (length > ROOM - MAX_RECORD) {
            flush();
        }
    }

    CsvOutput raw(byte[] text) {
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    CsvOutput raw(String text) {
        return raw(text.getBytes(UTF_8));
    }

    CsvOutput raw(char ascii) {
        bytes[length++] = (byte) ascii;
        return this;
    }

    CsvOutput number(long value) {
        if (value < 0) {
            raw('-');
        }
        var rest = Math.abs(value);
        var width = 1;
        for (var limit = 10L; rest >= limit && width < 19; limit *= 10) {
            width++;
        }
        return digits(rest, width);
    }

    /// A number with zeros before it up to a width.
    CsvOutput digits(long value, int width) {
        var rest = value;
        for (var i = length + width - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += width;
        return this;
    }

    CsvOutput hex(long value, int width) {
        for (var shift = 4 * (width - 1); shift >= 0; shift -= 4) {
            raw(Character.forDigit((int) (value >>> shift) & 0xF, 16));
        }
        return this;
    }

    /// A number of hundredths as programs print it, without zeros at its end.
    CsvOutput hundredths(long value) {
        number(value / 100);
        var rest = value % 100;
        if (rest != 0) {
            raw('.').digits(rest % 10 == 0 ? rest / 10 : rest, rest % 10 == 0 ? 1 : 2);
        }
        return this;
    }

    CsvOutput date(long epochDay) {
        if (epochDay != day) {
            day = epochDay;
            dayText = LocalDate.ofEpochDay(epochDay).toString().getBytes(UTF_8);
        }
        return raw(dayText);
    }

    /// A local time, of the seconds that it is behind 1970-01-01 by its own clock.
    CsvOutput time(long second) {
        var ofDay = Math.floorMod(second, DAY_SECONDS);
        return date(Math.floorDiv(second, DAY_SECONDS))
                .raw(' ')
                .digits(ofDay / 3600, 2)
                .raw(':')
                .digits(ofDay / 60 % 60, 2)
                .raw(':')
                .digits(ofDay % 60, 2);
    }

    private void flush() throws IOException {
        out.write(bytes, 0, length);
        length = 0;
    }

    @Override
    public void close() throws IOException {
        flush();
        out.close();
    }
}
