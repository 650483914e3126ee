package dev.millrace.clickhouse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes that are appended to, in the encodings of ClickHouse's Native format. Not thread-safe.
final class GrowingBytes {
    private byte[] bytes;
    private int length;

    GrowingBytes(int capacity) {
        bytes = new byte[capacity];
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    /// A number as unsigned LEB128.
    void addLength(int value) {
        need(5);
        var rest = value;
        while (rest >= 0x80) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    /// A length in bytes and the text in UTF-8.
    void addText(String text) {
        var utf8 = text.getBytes(StandardCharsets.UTF_8);
        addLength(utf8.length);
        need(utf8.length);
        System.arraycopy(utf8, 0, bytes, length, utf8.length);
        length += utf8.length;
    }

    /// The low bytes of a number, the lowest first.
    void addLittle(long value, int width) {
        need(width);
        for (var i = 0; i < width; i++) {
            bytes[length++] = (byte) (value >>> (8 * i));
        }
    }

    private void need(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
