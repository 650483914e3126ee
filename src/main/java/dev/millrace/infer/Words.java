package dev.millrace.infer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Eight bytes at a time.
final class Words {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NOT_ASCII = 0x8080808080808080L;

    private Words() {}

    static long at(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    static boolean isAscii(byte[] bytes, int start, int end) {
        var i = start;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            if ((at(bytes, i) & NOT_ASCII) != 0) {
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
