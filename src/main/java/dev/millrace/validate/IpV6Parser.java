package dev.millrace.validate;

import dev.millrace.core.ColumnType;
import dev.millrace.core.RejectionCode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// IPv6: eight groups of one to four hexadecimal digits with colons between, of which `::` may
/// stand once for one or more that are 0, and the last two may be an IPv4 address (RFC 4291,
/// section 2.2). An IPv4 address alone is the mapped one, `192.0.2.1` is `::ffff:192.0.2.1`.
final class IpV6Parser extends FixedParser {
    private static final int GROUPS = 8;
    private static final int MAX_DIGITS = 4;

    /// Where the groups go that are being read.
    private int at;

    private int groups;

    /// How many groups stand before the `::`, or -1 while there is none.
    private int before;

    IpV6Parser(ColumnType type) {
        super(type);
    }

    @Override
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        at = row * widthBytes;
        groups = 0;
        before = -1;
        var from = start;
        if (isDouble(bytes, start, end)) {
            before = 0;
            from = start + 2;
        }
        return readGroups(bytes, start, from, end) && spread()
                ? null
                : RejectionCode.NOT_AN_IP_ADDRESS;
    }

    private boolean readGroups(byte[] bytes, int start, int from, int end) {
        var i = from;
        while (i < end) {
            var first = i;
            var group = 0;
            for (; i < end && HexDigits.value(bytes[i]) >= 0; i++) {
                group = group << 4 | HexDigits.value(bytes[i]);
            }
            if (i < end && bytes[i] == '.') {
                return addIpV4(IpV4Parser.address(bytes, first, end), first == start);
            }
            if (i == first || i - first > MAX_DIGITS || !add(group)) {
                return false;
            }
            if (i == end) {
                return true;
            }
            if (before < 0 && isDouble(bytes, i, end)) {
                before = groups;
                i += 2;
            } else if (bytes[i] == ':' && i + 1 < end) {
                i++;
            } else {
                return false;
            }
        }
        return true;
    }

    private static boolean isDouble(byte[] bytes, int at, int end) {
        return at + 1 < end && bytes[at] == ':' && bytes[at + 1] == ':';
    }

    private boolean add(int group) {
        if (groups == GROUPS) {
            return false;
        }
        values[at + 2 * groups] = (byte) (group >>> Byte.SIZE);
        values[at + 2 * groups + 1] = (byte) group;
        groups++;
        return true;
    }

    private boolean addIpV4(long address, boolean alone) {
        if (alone) {
            before = 0;
            add(0xFFFF);
        }
        return address >= 0 && add((int) (address >>> Short.SIZE)) && add((int) address);
    }

    /// Puts the groups behind the `::` where they belong, and zeros before them.
    private boolean spread() {
        if (before < 0 || groups == GROUPS) {
            return before < 0 && groups == GROUPS;
        }
        var from = at + 2 * before;
        var after = 2 * (groups - before);
        var end = at + widthBytes;
        System.arraycopy(values, from, values, end - after, after);
        Arrays.fill(values, from, end - after, (byte) 0);
        return true;
    }
}
