package dev.millrace.infer;

import dev.millrace.core.LittleEndian;

/// Eight bytes at a time.
final class Words {
    private static final long NOT_ASCII = 0x8080808080808080L;

    private Words() {}

    static boolean isAscii(byte[] bytes, int start, int end) {
        var i = start;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            if ((LittleEndian.getLong(bytes, i) & NOT_ASCII) != 0) {
                return false;
            }
        }
        var all = 0;
        for (; i < end; i++) {
            all |= bytes[i];
        }
        return all >= 0;
    }
}
