package dev.millrace.validate;

/// ASCII digits in a byte array.
final class Digits {
    private Digits() {}

    static boolean areAll(byte[] bytes, int start, int end) {
        for (var i = start; i < end; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return false;
            }
        }
        return true;
    }

    /// Where the zeros that begin here end.
    static int skipZeros(byte[] bytes, int start, int end) {
        var i = start;
        while (i < end && bytes[i] == '0') {
            i++;
        }
        return i;
    }

    /// The number that two digits make, negative when they are not both digits.
    static int two(byte[] bytes, int at) {
        var tens = bytes[at] - '0';
        var ones = bytes[at + 1] - '0';
        return (tens | ones | (9 - tens) | (9 - ones)) < 0 ? -1 : tens * 10 + ones;
    }
}
