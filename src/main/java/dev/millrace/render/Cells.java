package dev.millrace.render;

import dev.millrace.core.ColumnType;
import dev.millrace.core.LittleEndian;

/// Writes values that have the same number of bytes each, and short texts: many at once, each into
/// a cell of its own, so that none waits for how long the one before has become. Every type has the
/// loop over them for itself, so that the compiler joins the two. Not thread-safe.
abstract class Cells {
    /// How many are written at once.
    static final int MOST = 128;

    private static final int CELL_BYTES = 40;

    final ColumnBytes in;
    final byte[] bytes = new byte[MOST * CELL_BYTES];
    private final byte[] lengths = new byte[MOST];

    private final byte behind;

    Cells(ColumnBytes in, char behind) {
        this.in = in;
        this.behind = (byte) behind;
    }

    /// Writes the next values into the cells.
    ///
    /// @param count at most [#MOST]
    abstract void fill(int count);

    /// Puts NULL into the cells of values that are.
    final void fillNulls(ColumnBytes nulls, int count) {
        for (var i = 0; i < count; i++) {
            if (nulls.int8() != 0) {
                var at = start(i);
                bytes[at] = '\\';
                bytes[at + 1] = 'N';
                ends(i, at + 2);
            }
        }
    }

    /// Where a cell begins.
    static int start(int cell) {
        return cell * CELL_BYTES;
    }

    final void ends(int cell, int end) {
        bytes[end] = behind;
        lengths[cell] = (byte) (end + 1 - start(cell));
    }

    /// Copies a cell with what stands behind it.
    ///
    /// @return where it has ended
    final int copy(int cell, byte[] to, int at) {
        var from = start(cell);
        var length = lengths[cell];
        LittleEndian.putLong(to, at, LittleEndian.getLong(bytes, from));
        if (length > 8) {
            LittleEndian.putLong(to, at + 8, LittleEndian.getLong(bytes, from + 8));
            if (length > 16) {
                LittleEndian.putLong(to, at + 16, LittleEndian.getLong(bytes, from + 16));
                LittleEndian.putLong(to, at + 24, LittleEndian.getLong(bytes, from + 24));
                if (length > 32) {
                    to[at + 32] = bytes[from + 32];
                }
            }
        }
        return at + length;
    }

    /// @param of a scalar of so many bytes
    /// @param behind what stands behind each value
    static Cells of(ColumnType of, ColumnBytes in, char behind) {
        return switch (of) {
            case ColumnType.Whole(int bits, boolean signed) -> whole(bits, signed, in, behind);
            case ColumnType.Floating(int bits) ->
                    bits == 32 ? new Float32(in, behind) : new Float64(in, behind);
            case ColumnType.Decimal(_, int scale) -> new Fixed(in, behind, of.widthBytes(), scale);
            case ColumnType.Bool _ -> new Bool(in, behind);
            case ColumnType.Date _ -> new Day(in, behind, 2);
            case ColumnType.Date32 _ -> new Day(in, behind, 4);
            case ColumnType.DateTime _ -> new Time(in, behind, 4, 0);
            case ColumnType.DateTime64(int precision, _) -> new Time(in, behind, 8, precision);
            case ColumnType.Text _, ColumnType.FixedText _, ColumnType.Enumeration _ -> none(of);
            case ColumnType.Uuid _, ColumnType.IpV4 _, ColumnType.IpV6 _ -> none(of);
            case ColumnType.Array _, ColumnType.Nullable _, ColumnType.LowCardinality _ -> none(of);
        };
    }

    private static Cells none(ColumnType of) {
        throw new IllegalStateException("no " + of.name() + " was asked for");
    }

    private static Cells whole(int bits, boolean signed, ColumnBytes in, char behind) {
        return switch (bits) {
            case 8 -> signed ? new Int8(in, behind) : new UInt8(in, behind);
            case 16 -> signed ? new Int16(in, behind) : new UInt16(in, behind);
            case 32 -> signed ? new Int32(in, behind) : new UInt32(in, behind);
            default -> signed ? new Int64(in, behind) : new UInt64(in, behind);
        };
    }

    private static final class Int8 extends Cells {
        Int8(ColumnBytes in, char behind) {
            super(in, behind);
        }

        @Override
        void fill(int count) {
            for (var i = 0; i < count; i++) {
                ends(i, DecimalDigits.signed(in.int8(), bytes, start(i)));
            }
        }
    }

    private static final class UInt8 extends Cells {
        UInt8(ColumnBytes in, char behind) {
            super(in, behind);
        }

        @Override
        void fill(int count) {
            for (var i = 0; i < count; i++) {
                ends(i, DecimalDigits.unsigned(in.int8() & 0xFF, bytes, start(i)));
            }
        }
    }

    private static final class Int16 extends Cells {
        Int16(ColumnBytes in, char behind) {
            super(in, behind);
        }

        @Override
        void fill(int count) {
            for (var i = 0; i < count; i++) {
                ends(i, DecimalDigits.signed(in.int16(), bytes, start(i)));
            }
        }
    }

    private static final class UInt16 extends Cells {
        UInt16(ColumnBytes in, char behind) {
            super(in, behind);
        }

        @Override
        void fill(int count) {
            for (var i = 0; i < count; i++) {
                ends(i, DecimalDigits.unsigned(in.int16() & 0xFFFF, bytes, start(i)));
            }
        }
    }

    private static final class Int32 extends Cells {
        Int32(ColumnBytes in, char behind) {
            super(in, behind);
        }

        @Override
        void fill(int count) {
            for (var i = 0; i < count; i++) {
                ends(i, DecimalDigits.signed(in.int32(), bytes, start(i)));
            }
        }
    }

    private static final class UInt32 extends Cells {
        UInt32(ColumnBytes in, char behind) {
            super(in, behind);
        }

        @Override
        void fill(int count) {
            for (var i = 0; i < count; i++) {
                ends(i, DecimalDigits.unsigned(in.int32() & 0xFFFF_FFFFL, bytes, start(i)));
            }
        }
    }

    private static final class Int64 extends Cells {
        Int64(ColumnBytes in, char behind) {
            super(in, behind);
        }

        @Override
        void fill(int count) {
            for (var i = 0; i < count; i++) {
                ends(i, DecimalDigits.signed(in.int64(), bytes, start(i)));
            }
        }
    }

    private static final class UInt64 extends Cells {
        UInt64(ColumnBytes in, char behind) {
            super(in, behind);
        }

        @Override
        void fill(int count) {
            for (var i = 0; i < count; i++) {
                ends(i, DecimalDigits.unsigned(in.int64(), bytes, start(i)));
            }
        }
    }

    private static final class Float32 extends Cells {
        private final FloatText floats = new FloatText();

        Float32(ColumnBytes in, char behind) {
            super(in, behind);
        }

        @Override
        void fill(int count) {
            for (var i = 0; i < count; i++) {
                var value = Float.intBitsToFloat(in.int32());
                ends(i, floats.write(value, bytes, start(i)));
            }
        }
    }

    private static final class Float64 extends Cells {
        private final FloatText floats = new FloatText();

        Float64(ColumnBytes in, char behind) {
            super(in, behind);
        }

        @Override
        void fill(int count) {
            for (var i = 0; i < count; i++) {
                var value = Double.longBitsToDouble(in.int64());
                ends(i, floats.write(value, bytes, start(i)));
            }
        }
    }

    /// Decimals of 18 digits at most, without zeros at their end.
    private static final class Fixed extends Cells {
        private final boolean small;
        private final int scale;
        private final long perWhole;

        Fixed(ColumnBytes in, char behind, int width, int scale) {
            super(in, behind);
            this.small = width == 4;
            this.scale = scale;
            this.perWhole = tens(scale);
        }

        @Override
        void fill(int count) {
            for (var i = 0; i < count; i++) {
                ends(i, write(small ? in.int32() : in.int64(), start(i)));
            }
        }

        private int write(long value, int at) {
            var end = at;
            if (value < 0) {
                bytes[end++] = '-';
            }
            var size = Math.abs(value);
            var whole = size / perWhole;
            end = DecimalDigits.unsigned(whole, bytes, end);
            return DecimalDigits.fraction(scale, size - whole * perWhole, bytes, end);
        }
    }

    private static final class Bool extends Cells {
        private static final long TRUE = CalendarText.word("true");
        private static final long FALSE = CalendarText.word("false");

        Bool(ColumnBytes in, char behind) {
            super(in, behind);
        }

        @Override
        void fill(int count) {
            for (var i = 0; i < count; i++) {
                var isTrue = in.int8() != 0;
                LittleEndian.putLong(bytes, start(i), isTrue ? TRUE : FALSE);
                ends(i, start(i) + (isTrue ? 4 : 5));
            }
        }
    }

    private static final class Day extends Cells {
        private final CalendarText calendar = new CalendarText();
        private final boolean small;

        Day(ColumnBytes in, char behind, int width) {
            super(in, behind);
            this.small = width == 2;
        }

        @Override
        void fill(int count) {
            for (var i = 0; i < count; i++) {
                var day = small ? in.int16() & 0xFFFF : in.int32();
                ends(i, calendar.day(day, bytes, start(i)));
            }
        }
    }

    private static final class Time extends Cells {
        private final CalendarText calendar = new CalendarText();
        private final boolean small;
        private final int precision;
        private final long perSecond;

        Time(ColumnBytes in, char behind, int width, int precision) {
            super(in, behind);
            this.small = width == 4;
            this.precision = precision;
            this.perSecond = tens(precision);
        }

        @Override
        void fill(int count) {
            for (var i = 0; i < count; i++) {
                var ticks = small ? in.int32() & 0xFFFF_FFFFL : in.int64();
                ends(i, calendar.time(ticks, precision, perSecond, bytes, start(i)));
            }
        }
    }

    private static long tens(int digits) {
        var tens = 1L;
        for (var i = 0; i < digits; i++) {
            tens *= 10;
        }
        return tens;
    }
}
