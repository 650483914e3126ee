package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.core.ColumnType;
import dev.millrace.core.RejectionCode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Enum8 and Enum16: a name of the type's exactly as it is spelled, or, where no name is spelled
/// so, a name's number as [WholeParser] reads one.
final class EnumParser extends FixedParser {
    private static final int MAX_DIGITS = 5;
    private static final long MIXER = 0x9E3779B97F4A7C15L;

    /// A hash table with at most half of its places taken; a name stands at the place of its hash
    /// or at the next free one. Places without a name are null.
    private final byte[] @Nullable [] names;

    /// The numbers of the names, in the same places.
    private final short[] numbers;

    /// The numbers in order.
    private final short[] sorted;

    EnumParser(ColumnType type, ColumnType.Enumeration enumeration) {
        super(type);
        var elements = enumeration.elements();
        var places = 2 * Integer.highestOneBit(2 * elements.size() - 1);
        names = new byte[places][];
        numbers = new short[places];
        sorted = new short[elements.size()];
        for (var i = 0; i < sorted.length; i++) {
            var name = elements.get(i).name().getBytes(UTF_8);
            var place = place(name, 0, name.length);
            names[place] = name;
            numbers[place] = (short) elements.get(i).number();
            sorted[i] = numbers[place];
        }
    }

    @Override
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        var place = place(bytes, start, end);
        if (names[place] != null) {
            put(numbers[place], row);
            return null;
        }
        return parseNumber(bytes, start, end, row);
    }

    /// Where a name stands, or would.
    private int place(byte[] bytes, int start, int end) {
        var place = hash(bytes, start, end) & (names.length - 1);
        for (var name = names[place]; name != null; name = names[place]) {
            if (Arrays.equals(name, 0, name.length, bytes, start, end)) {
                return place;
            }
            place = (place + 1) & (names.length - 1);
        }
        return place;
    }

    private static int hash(byte[] bytes, int start, int end) {
        var hash = (long) (end - start);
        var i = start;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            hash = (hash ^ LittleEndian.getLong(bytes, i)) * MIXER;
        }
        for (; i < end; i++) {
            hash = (hash ^ bytes[i]) * MIXER;
        }
        return (int) (hash >>> Integer.SIZE);
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
