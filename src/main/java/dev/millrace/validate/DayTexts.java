package dev.millrace.validate;

import dev.millrace.core.LittleEndian;

/// Calendar days in texts that come one after the other, and often name the day of the one before.
/// Not thread-safe.
final class DayTexts {
    private static final int HEAD = Long.BYTES;

    /// The last text, its first eight bytes and the two behind them. At first ten zeros, which name
    /// no day.
    private long head;

    private short tail;
    private int day = Days.NONE;

    /// As [Days#at].
    int at(byte[] bytes, int at) {
        var first = LittleEndian.getLong(bytes, at);
        var last = LittleEndian.getShort(bytes, at + HEAD);
        if (first != head || last != tail) {
            head = first;
            tail = last;
            day = Days.at(bytes, at);
        }
        return day;
    }
}
