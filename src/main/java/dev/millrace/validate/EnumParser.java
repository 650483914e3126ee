package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.core.ColumnType;
import dev.millrace.core.LittleEndian;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.RejectionCode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Enum8 and Enum16: a name of the type's exactly as it is spelled, or, where no name is spelled
/// so, a name's number as [WholeParser] reads one.
final class EnumParser extends FixedParser {
    private static final int MAX_DIGITS = 5;

    private final TextTable names;

    /// The numbers of the names, by their places.
    private final short[] numbers;

    /// The numbers in order.
    private final short[] sorted;

    EnumParser(ColumnType type, ColumnType.Enumeration enumeration) {
        super(type);
        var elements = enumeration.elements();
        var texts = elements.stream().map(e -> e.name().getBytes(UTF_8)).toList();
        names = new TextTable(texts);
        numbers = new short[names.places()];
        sorted = new short[elements.size()];
        for (var i = 0; i < sorted.length; i++) {
            var name = texts.get(i);
            sorted[i] = (short) elements.get(i).number();
            numbers[names.find(name, 0, name.length)] = sorted[i];
        }
    }

    @Override
    boolean parseAll(RecordBlock block, int first, int row) {
        for (var i = 0; i < block.records; i++) {
            var place = first + i;
            if (parse(block.bytes, block.starts[place], block.ends[place], row + i) != null) {
                return false;
            }
        }
        return true;
    }

    @Override
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        var place = names.find(bytes, start, end);
        if (place >= 0) {
            put(numbers[place], row);
            return null;
        }
        return parseNumber(bytes, start, end, row);
    }

    private @Nullable RejectionCode parseNumber(byte[] bytes, int start, int end, int row) {
        var signed = start < end && (bytes[start] == '-' || bytes[start] == '+');
        var digits = signed ? start + 1 : start;
        var from = Digits.skipZeros(bytes, digits, end);
        if (digits == end || end - from > MAX_DIGITS || !Digits.areAll(bytes, from, end)) {
            return RejectionCode.NOT_IN_ENUM;
        }
        var number = 0;
        for (var i = from; i < end; i++) {
            number = number * 10 + bytes[i] - '0';
        }
        number = bytes[start] == '-' ? -number : number;
        if (number != (short) number || Arrays.binarySearch(sorted, (short) number) < 0) {
            return RejectionCode.NOT_IN_ENUM;
        }
        put(number, row);
        return null;
    }

    private void put(int number, int row) {
        if (widthBytes == 1) {
            values[row] = (byte) number;
        } else {
            LittleEndian.putShort(values, row * Short.BYTES, (short) number);
        }
    }
}
