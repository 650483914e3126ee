package dev.millrace.convert;

import java.io.IOException;
import java.math.BigInteger;

/// The bytes of one unpacked block, read value by value as Avro's specification encodes them
/// (<https://avro.apache.org/docs/1.12.0/specification/#binary-encoding>). Texts are looked at
/// where they stand. Not thread-safe.
final class AvroBlock {
    private static final int MAX_DEPTH = 64;

    private byte[] bytes = new byte[0];
    private int at;
    private int end;
    private int depth;

    /// Begins at another block.
    void open(byte[] content, int length) {
        bytes = content;
        at = 0;
        end = length;
        depth = 0;
    }

    int left() {
        return end - at;
    }

    byte[] bytes() {
        return bytes;
    }

    /// Takes so many bytes.
    ///
    /// @return where they begin
    int take(long count) throws IOException {
        if (count < 0 || count > end - at) {
            throw new IOException(
                    "a value of %,d bytes, where %,d are left".formatted(count, end - at));
        }
        var from = at;
        at += (int) count;
        return from;
    }

    byte takeByte() throws IOException {
        return bytes[take(1)];
    }

    long takeLong() throws IOException {
        var value = 0L;
        for (var shift = 0; shift < Long.SIZE; shift += 7) {
            var b = takeByte();
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new IOException("a number of more than ten bytes");
    }

    int takeInt() throws IOException {
        var value = takeLong();
        if (value != (int) value) {
            throw new IOException("an int that is %d".formatted(value));
        }
        return (int) value;
    }

    /// Takes a number of fixed width, its lowest byte first.
    long takeFixed(int width) throws IOException {
        var from = take(width);
        var value = 0L;
        for (var i = width - 1; i >= 0; i--) {
            value = value << Byte.SIZE | (bytes[from + i] & 0xFF);
        }
        return value;
    }

    BigInteger takeBig(int count) throws IOException {
        if (count == 0) {
            throw new IOException("a decimal of no bytes");
        }
        return new BigInteger(bytes, take(count), count);
    }

    /// Takes how many items an array's or a map's next piece has, 0 at its end.
    long takeCount() throws IOException {
        var count = takeLong();
        if (count < 0) {
            takeLong(); // how many bytes it has, for those who skip it
        }
        if (count == Long.MIN_VALUE) {
            throw new IOException("a list of more items than can be counted");
        }
        return Math.abs(count);
    }

    void enter() {
        if (++depth > MAX_DEPTH) {
            throw Trouble.unsupported(
                    "The Avro source nests its values more than %d deep".formatted(MAX_DEPTH),
                    "Write it with flatter records.");
        }
    }

    void leave() {
        depth--;
    }
}
