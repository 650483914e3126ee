package dev.millrace.validate;

import dev.millrace.core.ColumnType;
import dev.millrace.core.LittleEndian;
import dev.millrace.core.RejectionCode;
import org.jspecify.annotations.Nullable;

/// IPv4: four numbers from 0 to 255 with points between.
///
/// A number with a zero before it is refused: some programs read such a one as octal (POSIX's
/// `inet_addr`), so that `010.0.0.1` means 8.0.0.1 to one and 10.0.0.1 to another.
final class IpV4Parser extends FixedParser {
    private static final int PARTS = 4;

    IpV4Parser(ColumnType type) {
        super(type);
    }

    @Override
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        var address = address(bytes, start, end);
        if (address < 0) {
            return RejectionCode.NOT_AN_IP_ADDRESS;
        }
        LittleEndian.putInt(values, row * Integer.BYTES, (int) address);
        return null;
    }

    /// The number of an address, its first part uppermost; negative when it is none.
    static long address(byte[] bytes, int start, int end) {
        var address = 0L;
        var part = 0;
        var digits = 0;
        var points = 0;
        for (var i = start; i < end; i++) {
            var digit = bytes[i] - '0';
            if (digit >= 0 && digit <= 9) {
                // Before this digit there is none, or no lonely zero.
                if (digits > 0 && part == 0) {
                    return -1;
                }
                part = part * 10 + digit;
                if (part > 255) {
                    return -1;
                }
                digits++;
            } else if (bytes[i] == '.' && digits > 0) {
                address = address << Byte.SIZE | part;
                part = 0;
                digits = 0;
                points++;
            } else {
                return -1;
            }
        }
        var whole = points == PARTS - 1 && digits > 0;
        return whole ? address << Byte.SIZE | part : -1;
    }
}
