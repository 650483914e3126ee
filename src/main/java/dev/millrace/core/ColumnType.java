package dev.millrace.core;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;

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
        return switch (this) {
            case Nullable _ -> true;
            case LowCardinality(ColumnType of) -> of.isNullable();
            case Scalar _, Array _ -> false;
        };
    }

    /// What a value is that is not NULL: this type without its Nullable and LowCardinality.
    default ColumnType base() {
        return switch (this) {
            case Nullable(Scalar of) -> of;
            case LowCardinality(ColumnType of) -> of.base();
            case Scalar _, Array _ -> this;
        };
    }

    /// This type as a batch holds it: without LowCardinality, which is how a table stores values
    /// and not what they are.
    default ColumnType plain() {
        return switch (this) {
            case LowCardinality(ColumnType of) -> of;
            case Array(ColumnType element) -> new Array(element.plain());
            case Scalar _, Nullable _ -> this;
        };
    }

    /// Whether date formats say how its fields are read: whether its values are days or times, or
    /// arrays of such.
    default boolean isDated() {
        return switch (base()) {
            case Date _, Date32 _, DateTime _, DateTime64 _ -> true;
            case Whole _, Floating _, Decimal _, Bool _ -> false;
            case Text _, FixedText _, Enumeration _, Uuid _, IpV4 _, IpV6 _ -> false;
            case Array(ColumnType element) -> element.isDated();
            case Nullable _, LowCardinality _ -> false;
        };
    }

    /// Whether its values are texts, in which blanks and emptiness count.
    default boolean isText() {
        return switch (base()) {
            case Text _, FixedText _ -> true;
            case Whole _, Floating _, Decimal _, Bool _ -> false;
            case Enumeration _, Uuid _, IpV4 _, IpV6 _, Array _ -> false;
            case Date _, Date32 _, DateTime _, DateTime64 _ -> false;
            case Nullable _, LowCardinality _ -> false;
        };
    }

    /// One value, neither NULL nor several.
    sealed interface Scalar extends ColumnType {}

    /// An integer of 8, 16, 32, 64, 128 or 256 bits.
    record Whole(int bits, boolean signed) implements Scalar {
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
    record Floating(int bits) implements Scalar {
        @Override
        public String name() {
            return "Float" + bits;
        }

        @Override
        public int widthBytes() {
            return bits / 8;
        }
    }

    /// A decimal number, exactly.
    ///
    /// @param precision its digits, 1 to 76
    /// @param scale how many of them stand behind the point, 0 to precision
    record Decimal(int precision, int scale) implements Scalar {
        @Override
        public String name() {
            return "Decimal(%d, %d)".formatted(precision, scale);
        }

        @Override
        public int widthBytes() {
            return precision <= 9 ? 4 : precision <= 18 ? 8 : precision <= 38 ? 16 : 32;
        }
    }

    /// UTF-8 text of any length.
    record Text() implements Scalar {
        @Override
        public String name() {
            return "String";
        }

        @Override
        public int widthBytes() {
            return -1;
        }
    }

    /// UTF-8 text of so many bytes at most, zero bytes behind it up to them.
    ///
    /// @param widthBytes 1 to 256
    record FixedText(int widthBytes) implements Scalar {
        @Override
        public String name() {
            return "FixedString(" + widthBytes + ")";
        }
    }

    record Bool() implements Scalar {
        @Override
        public String name() {
            return "Bool";
        }

        @Override
        public int widthBytes() {
            return 1;
        }
    }

    /// One of a list of names, kept as its number.
    ///
    /// @param bits 8 or 16, those of the signed numbers
    /// @param elements at least one, by number; neither a name nor a number is there twice
    record Enumeration(int bits, List<Element> elements) implements Scalar {
        /// A name, any text, and its number.
        public record Element(String name, int number) {}

        public Enumeration {
            elements = List.copyOf(elements);
        }

        @Override
        public String name() {
            return elements.stream()
                    .map(e -> TypeText.quoted(e.name()) + " = " + e.number())
                    .collect(Collectors.joining(", ", "Enum" + bits + "(", ")"));
        }

        @Override
        public int widthBytes() {
            return bits / 8;
        }
    }

    /// A universally unique identifier, 16 bytes: its first eight as one little-endian number, then
    /// its last eight as another.
    record Uuid() implements Scalar {
        @Override
        public String name() {
            return "UUID";
        }

        @Override
        public int widthBytes() {
            return 16;
        }
    }

    /// An address of the internet protocol's version 4, four bytes as a little-endian number.
    record IpV4() implements Scalar {
        @Override
        public String name() {
            return "IPv4";
        }

        @Override
        public int widthBytes() {
            return 4;
        }
    }

    /// An address of the internet protocol's version 6, 16 bytes in the order of the network.
    record IpV6() implements Scalar {
        @Override
        public String name() {
            return "IPv6";
        }

        @Override
        public int widthBytes() {
            return 16;
        }
    }

    /// A day from 1970-01-01 to 2149-06-06, two bytes.
    record Date() implements Scalar {
        @Override
        public String name() {
            return "Date";
        }

        @Override
        public int widthBytes() {
            return 2;
        }
    }

    /// A day from 1900-01-01 to 2299-12-31, four bytes.
    record Date32() implements Scalar {
        @Override
        public String name() {
            return "Date32";
        }

        @Override
        public int widthBytes() {
            return 4;
        }
    }

    /// A point in time, counted from 1970-01-01 00:00:00 UTC.
    sealed interface Timestamp extends Scalar {
        /// The digits of the fraction of a second, 0 to 9.
        int precision();

        /// The region, such as `Europe/Berlin`, in whose time the column's texts are read and shown
        /// that have no offset; null for UTC.
        @org.jspecify.annotations.Nullable
        String zone();

        /// The zone that texts without an offset are read in.
        default ZoneId zoneId() {
            var zone = zone();
            return zone == null ? ZoneOffset.UTC : ZoneId.of(zone);
        }
    }

    /// A second from 1970-01-01 00:00:00 to 2106-02-07 06:28:15 UTC, four bytes.
    record DateTime(@org.jspecify.annotations.Nullable String zone) implements Timestamp {
        /// @throws MillraceException INVALID_MODEL for a zone that is none
        public DateTime {
            TimeZones.require(zone);
        }

        @Override
        public String name() {
            return zone == null ? "DateTime" : "DateTime('%s')".formatted(zone);
        }

        @Override
        public int precision() {
            return 0;
        }

        @Override
        public int widthBytes() {
            return 4;
        }
    }

    /// A tick of 10^-precision seconds from 0000-01-01 00:00:00 to the end of 9999 UTC, eight
    /// bytes; with a precision of 8 or 9 only as far as eight bytes reach.
    record DateTime64(int precision, @org.jspecify.annotations.Nullable String zone)
            implements Timestamp {
        /// @throws MillraceException INVALID_MODEL for a zone that is none, or another precision
        public DateTime64 {
            if (precision < 0 || precision > 9) {
                throw new MillraceException(
                        ErrorCode.INVALID_MODEL,
                        "DateTime64 has 0 to 9 digits of a second, not %d".formatted(precision));
            }
            TimeZones.require(zone);
        }

        @Override
        public String name() {
            return zone == null
                    ? "DateTime64(%d)".formatted(precision)
                    : "DateTime64(%d, '%s')".formatted(precision, zone);
        }

        @Override
        public int widthBytes() {
            return 8;
        }
    }

    /// A scalar, or NULL.
    record Nullable(Scalar of) implements ColumnType {
        @Override
        public String name() {
            return "Nullable(" + of.name() + ")";
        }

        @Override
        public int widthBytes() {
            return of.widthBytes();
        }
    }

    /// The same values, which the table keeps by a dictionary.
    ///
    /// @param of a scalar or a Nullable
    record LowCardinality(ColumnType of) implements ColumnType {
        @Override
        public String name() {
            return "LowCardinality(" + of.name() + ")";
        }

        @Override
        public int widthBytes() {
            return of.widthBytes();
        }
    }

    /// Any number of values of one type, none included.
    record Array(ColumnType element) implements ColumnType {
        @Override
        public String name() {
            return "Array(" + element.name() + ")";
        }

        @Override
        public int widthBytes() {
            return -1;
        }
    }
}
