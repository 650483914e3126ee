package dev.millrace.core;

/// The type of a column, named as ClickHouse names it.
///
/// A switch over this type has no `default`: whoever adds a type is led by the compiler to every
/// place that must know it.
public sealed interface ColumnType {

    /// The spelling that ClickHouse uses, such as `Nullable(UInt32)`.
    String name();

    /// The bytes of one value in ClickHouse's Native format, or -1 for a type of variable length.
    int widthBytes();

    /// Whether a column of this type can hold NULL.
    default boolean isNullable() {
        return this instanceof Nullable;
    }

    /// This type without its Nullable.
    default ColumnType base() {
        return this instanceof Nullable(ColumnType of) ? of : this;
    }

    /// An integer of 8, 16, 32, 64, 128 or 256 bits.
    record Whole(int bits, boolean signed) implements ColumnType {
        @Override
        public String name() {
            return (signed ? "Int" : "UInt") + bits;
        }

        @Override
        public int widthBytes() {
            return bits / 8;
        }
    }

    /// An IEEE 754 number of 32 or 64 bits.
    record Floating(int bits) implements ColumnType {
        @Override
        public String name() {
            return "Float" + bits;
        }

        @Override
        public int widthBytes() {
            return bits / 8;
        }
    }

    /// UTF-8 text of any length.
    record Text() implements ColumnType {
        @Override
        public String name() {
            return "String";
        }

        @Override
        public int widthBytes() {
            return -1;
        }
    }

    record Bool() implements ColumnType {
        @Override
        public String name() {
            return "Bool";
        }

        @Override
        public int widthBytes() {
            return 1;
        }
    }

    /// A day from 1970-01-01 to 2149-06-06, two bytes.
    record Date() implements ColumnType {
        @Override
        public String name() {
            return "Date";
        }

        @Override
        public int widthBytes() {
            return 2;
        }
    }

    /// A second from 1970-01-01 00:00:00 to 2106-02-07 06:28:15 UTC, four bytes. Texts without a
    /// zone are read in UTC.
    record DateTime() implements ColumnType {
        @Override
        public String name() {
            return "DateTime";
        }

        @Override
        public int widthBytes() {
            return 4;
        }
    }

    /// Any of the others, or NULL.
    record Nullable(ColumnType of) implements ColumnType {
        public Nullable {
            if (of instanceof Nullable) {
                throw new MillraceException(
                        ErrorCode.INVALID_MODEL, "Nullable cannot stand inside Nullable");
            }
        }

        @Override
        public String name() {
            return "Nullable(" + of.name() + ")";
        }

        @Override
        public int widthBytes() {
            return of.widthBytes();
        }
    }
}
