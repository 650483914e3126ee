package dev.millrace.validate;

import java.util.Arrays;

/// ASCII hexadecimal digits of either case in a byte array.
final class HexDigits {
    private static final byte[] VALUES = new byte[256];

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (var digit = 0; digit < 16; digit++) {
            var character = Character.forDigit(digit, 16);
            VALUES[character] = (byte) digit;
            VALUES[Character.toUpperCase(character)] = (byte) digit;
        }
    }

    private HexDigits() {}

    /// What a digit stands for, negative when it is none.
    static int value(byte digit) {
        return VALUES[digit & 0xFF];
    }

    /// The number that four digits make, negative when they are not all digits.
    static int four(byte[] bytes, int at) {
        var first = value(bytes[at]);
        var second = value(bytes[at + 1]);
        var third = value(bytes[at + 2]);
        var fourth = value(bytes[at + 3]);
        // A negative one is all ones, and stays so however it is shifted.
        return first << 12 | second << 8 | third << 4 | fourth;
    }
}
