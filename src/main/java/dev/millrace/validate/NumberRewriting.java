package dev.millrace.validate;

import dev.millrace.core.NumberForm;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Brings numbers that are written in a [NumberForm] to the standard form. A text without a digit
/// is left as it is. Not thread-safe.
final class NumberRewriting {
    private static final int GROUP_DIGITS = 3;

    private final byte decimal;
    private final byte[] group;
    private byte[] standard = new byte[32];
    private int length;

    NumberRewriting(NumberForm form) {
        decimal = (byte) form.decimal();
        group =
                form.group() == NumberForm.NO_GROUP
                        ? new byte[0]
                        : String.valueOf(form.group()).getBytes(StandardCharsets.UTF_8);
    }

    /// What was written last, from 0 on.
    byte[] standard() {
        return standard;
    }

    /// @return how many bytes, or -1 when it is no number in this form
    int rewrite(byte[] bytes, int from, int to) {
        length = 0;
        if (standard.length < to - from) {
            standard = new byte[2 * (to - from)];
        }
        var at = from;
        if (at < to && (bytes[at] == '-' || bytes[at] == '+')) {
            standard[length++] = bytes[at++];
        }
        var digits = copyDigits(bytes, at, to);
        at += digits;
        if (group.length > 0 && digits > 0 && digits <= GROUP_DIGITS) {
            while (isGroup(bytes, at, to)) {
                var more = copyDigits(bytes, at + group.length, to);
                if (more != GROUP_DIGITS) {
                    return -1;
                }
                at += group.length + more;
            }
        }
        if (at < to && bytes[at] == decimal) {
            standard[length++] = '.';
            at++;
            var decimals = copyDigits(bytes, at, to);
            digits += decimals;
            at += decimals;
        }
        if (digits == 0) {
            return copy(bytes, from, to);
        }
        return at == to || (bytes[at] | 0x20) == 'e' ? append(bytes, at, to) : -1;
    }

    private int copyDigits(byte[] bytes, int from, int to) {
        var at = from;
        while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
            standard[length++] = bytes[at++];
        }
        return at - from;
    }

    private boolean isGroup(byte[] bytes, int at, int to) {
        return to - at >= group.length
                && Arrays.equals(bytes, at, at + group.length, group, 0, group.length);
    }

    private int copy(byte[] bytes, int from, int to) {
        length = 0;
        return append(bytes, from, to);
    }

    private int append(byte[] bytes, int from, int to) {
        System.arraycopy(bytes, from, standard, length, to - from);
        length += to - from;
        return length;
    }
}
