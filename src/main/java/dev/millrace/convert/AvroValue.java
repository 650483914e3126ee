package dev.millrace.convert;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// How values of one Avro schema become JSON.
interface AvroValue {
    /// Takes the value that comes next, and writes it.
    void write(AvroBlock in, JsonText out) throws IOException;

    /// A record: an object. Its fields may hold records of its own kind.
    final class Struct implements AvroValue {
        private final List<byte[]> keys = new ArrayList<>();
        private final List<AvroValue> fields = new ArrayList<>();

        void add(String name, AvroValue value) {
            keys.add(JsonText.key(name));
            fields.add(value);
        }

        /// Writes the value of each field where those of its column are.
        void writeRow(AvroBlock in, List<ColumnValues> into) throws IOException {
            in.enter();
            var length = 0L;
            for (var i = 0; i < fields.size(); i++) {
                var column = into.get(i);
                fields.get(i).write(in, column.begin());
                length += column.end();
                JsonText.checkRecord(length);
            }
            in.leave();
        }

        @Override
        public void write(AvroBlock in, JsonText out) throws IOException {
            in.enter();
            out.put('{');
            for (var i = 0; i < fields.size(); i++) {
                out.separate(i == 0);
                out.raw(keys.get(i));
                fields.get(i).write(in, out);
            }
            out.put('}');
            in.leave();
        }
    }

    static AvroValue array(AvroValue element) {
        return (in, out) -> {
            in.enter();
            out.put('[');
            var first = true;
            for (var count = in.takeCount(); count > 0; count = in.takeCount()) {
                for (var i = 0L; i < count; i++) {
                    out.separate(first);
                    first = false;
                    element.write(in, out);
                }
            }
            out.put(']');
            in.leave();
        };
    }

    static AvroValue map(AvroValue value) {
        return (in, out) -> {
            in.enter();
            out.put('{');
            var first = true;
            for (var count = in.takeCount(); count > 0; count = in.takeCount()) {
                for (var i = 0L; i < count; i++) {
                    out.separate(first);
                    first = false;
                    text(in, out);
                    out.put(':');
                    value.write(in, out);
                }
            }
            out.put('}');
            in.leave();
        };
    }

    static AvroValue union(List<AvroValue> branches) {
        return (in, out) -> {
            var branch = in.takeInt();
            if (branch < 0 || branch >= branches.size()) {
                throw new IOException(
                        "branch %d of a union of %d".formatted(branch, branches.size()));
            }
            branches.get(branch).write(in, out);
        };
    }

    static AvroValue symbol(List<byte[]> symbols) {
        return (in, out) -> {
            var symbol = in.takeInt();
            if (symbol < 0 || symbol >= symbols.size()) {
                throw new IOException(
                        "symbol %d of an enum of %d".formatted(symbol, symbols.size()));
            }
            out.raw(symbols.get(symbol));
        };
    }

    static void truth(AvroBlock in, JsonText out) throws IOException {
        var value = in.takeByte();
        if (value != 0 && value != 1) {
            throw new IOException("a boolean that is %d".formatted(value));
        }
        out.truth(value == 1);
    }

    static void text(AvroBlock in, JsonText out) throws IOException {
        var count = in.takeLong();
        var from = in.take(count);
        out.text(in.bytes(), from, (int) count);
    }

    static AvroValue fixed(int size) {
        return (in, out) -> out.text(in.bytes(), in.take(size), size);
    }

    static AvroValue day(String column) {
        return (in, out) -> {
            var day = in.takeInt();
            if (!out.day(day)) {
                throw outOfRange(column, "day " + day);
            }
        };
    }

    static AvroValue time(String column, long perSecond, int digits) {
        return (in, out) -> {
            var value = in.takeLong();
            var second = Math.floorDiv(value, perSecond);
            if (!out.time(second, (int) Math.floorMod(value, perSecond), digits)) {
                throw outOfRange(column, "time of day " + value);
            }
        };
    }

    static AvroValue timestamp(String column, long perSecond, int digits, boolean isInstant) {
        return (in, out) -> {
            var value = in.takeLong();
            var second = Math.floorDiv(value, perSecond);
            var fraction = (int) Math.floorMod(value, perSecond);
            if (!out.timestamp(second, fraction, digits, isInstant)) {
                throw outOfRange(column, "timestamp " + value);
            }
        };
    }

    static AvroValue decimal(int scale) {
        return (in, out) -> out.decimal(in.takeBig(in.takeInt()), scale);
    }

    static AvroValue fixedDecimal(int size, int scale) {
        return (in, out) -> out.decimal(in.takeBig(size), scale);
    }

    /// A decimal that brings its scale: bytes that hold bytes and an int.
    static AvroValue bigDecimal(String column) {
        return (in, out) -> {
            var length = in.takeInt();
            var after = in.left() - length;
            var unscaled = in.takeBig(in.takeInt());
            var scale = in.takeInt();
            if (in.left() != after) {
                throw new IOException("a decimal of another length than it says");
            }
            if (Math.abs((long) scale) > 10_000) {
                throw outOfRange(column, "a decimal with scale " + scale);
            }
            out.decimal(unscaled, scale);
        };
    }

    private static RuntimeException outOfRange(String column, String value) {
        return Trouble.unsupported(
                "Column %s has %s, which is beyond what can be written".formatted(column, value),
                "Correct the value, or write the column without its logical type.");
    }
}
