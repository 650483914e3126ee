package dev.millrace.convert;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.Binary;

/// How the values of a column become JSON. Thread-safe.
interface ParquetValue {
    /// Writes the value where the reader stands, which may be read once only.
    void write(ColumnReader from, JsonText out);

    /// The fraction's digits of a unit, by its units a second.
    static int digits(long perSecond) {
        return perSecond == 1_000 ? 3 : perSecond == 1_000_000 ? 6 : 9;
    }

    static ParquetValue day(String column) {
        return (from, out) -> {
            var day = from.getInteger();
            if (!out.day(day)) {
                throw outOfRange(column, "day " + day);
            }
        };
    }

    static ParquetValue timestamp(String column, long perSecond, boolean isInstant) {
        var digits = digits(perSecond);
        return (from, out) -> {
            var value = from.getLong();
            var second = Math.floorDiv(value, perSecond);
            var fraction = (int) Math.floorMod(value, perSecond);
            if (!out.timestamp(second, fraction, digits, isInstant)) {
                throw outOfRange(column, "timestamp " + value);
            }
        };
    }

    static ParquetValue time(String column, long perSecond, boolean isInt) {
        var digits = digits(perSecond);
        return (from, out) -> {
            var value = isInt ? from.getInteger() : from.getLong();
            var second = Math.floorDiv(value, perSecond);
            if (!out.time(second, (int) Math.floorMod(value, perSecond), digits)) {
                throw outOfRange(column, "time of day " + value);
            }
        };
    }

    /// A day of the Julian calendar's count, and nanoseconds of it, which may be more than one day
    /// or negative.
    static ParquetValue int96(String column) {
        return (from, out) -> {
            var bytes = buffer(from.getBinary()).order(ByteOrder.LITTLE_ENDIAN);
            var nanos = bytes.getLong(bytes.position());
            var day = bytes.getInt(bytes.position() + 8) - 2_440_588L;
            var second = day * TimeText.DAY_SECONDS + Math.floorDiv(nanos, 1_000_000_000L);
            var fraction = (int) Math.floorMod(nanos, 1_000_000_000L);
            if (!out.timestamp(second, fraction, 9, true)) {
                throw outOfRange(column, "timestamp of Julian day " + (day + 2_440_588L));
            }
        };
    }

    static ParquetValue decimal(int scale) {
        return (from, out) -> {
            var bytes = buffer(from.getBinary());
            if (bytes.remaining() == 0) {
                throw new IllegalArgumentException("a decimal of no bytes");
            }
            if (bytes.remaining() <= Long.BYTES) {
                var unscaled = (long) bytes.get(bytes.position());
                for (var i = bytes.position() + 1; i < bytes.limit(); i++) {
                    unscaled = unscaled << Byte.SIZE | (bytes.get(i) & 0xFF);
                }
                out.decimal(unscaled, scale);
            } else {
                var whole =
                        new BigInteger(
                                bytes.array(),
                                bytes.arrayOffset() + bytes.position(),
                                bytes.remaining());
                out.decimal(whole, scale);
            }
        };
    }

    static ParquetValue text() {
        return (from, out) -> {
            var bytes = buffer(from.getBinary());
            out.text(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        };
    }

    static ParquetValue uuid() {
        return (from, out) -> {
            var bytes = buffer(from.getBinary());
            out.uuid(bytes.array(), bytes.arrayOffset() + bytes.position());
        };
    }

    static ParquetValue float16() {
        return (from, out) -> {
            var bytes = buffer(from.getBinary()).order(ByteOrder.LITTLE_ENDIAN);
            out.real(Float.float16ToFloat(bytes.getShort(bytes.position())));
        };
    }

    private static ByteBuffer buffer(Binary binary) {
        var buffer = binary.toByteBuffer();
        return buffer.hasArray() ? buffer : ByteBuffer.wrap(binary.getBytesUnsafe());
    }

    private static RuntimeException outOfRange(String column, String value) {
        return Trouble.unsupported(
                "Column %s has %s, which is beyond what can be written with a year of four digits"
                                .formatted(column, value)
                        + " and a time of a day",
                "Correct the value, or write the column as an integer.");
    }
}
