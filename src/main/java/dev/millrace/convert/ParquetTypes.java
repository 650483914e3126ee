package dev.millrace.convert;

import java.util.Set;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

/// What a Parquet field's types mean: the physical one, and over it the logical one, or the
/// converted one of older writers.
final class ParquetTypes {
    private static final Set<ConvertedType> TEXTS =
            Set.of(ConvertedType.UTF8, ConvertedType.ENUM, ConvertedType.JSON);
    private static final long MILLIS = 1_000;
    private static final long MICROS = 1_000_000;
    private static final long NANOS = 1_000_000_000;

    private final SchemaElement element;
    private final String column;
    private final Type type;

    private ParquetTypes(SchemaElement element, Type type, String column) {
        this.element = element;
        this.column = column;
        this.type = type;
    }

    static boolean isList(SchemaElement group) {
        var logical = group.getLogicalType();
        return logical != null
                ? logical.isSetLIST()
                : group.getConverted_type() == ConvertedType.LIST;
    }

    static boolean isMap(SchemaElement group) {
        var logical = group.getLogicalType();
        return logical != null
                ? logical.isSetMAP()
                : group.getConverted_type() == ConvertedType.MAP
                        || group.getConverted_type() == ConvertedType.MAP_KEY_VALUE;
    }

    /// Whether its values can be an object's names. Writers of old mark texts as nothing.
    static boolean isText(SchemaElement element) {
        if (element.getType() != Type.BYTE_ARRAY) {
            return false;
        }
        var logical = element.getLogicalType();
        if (logical != null) {
            return logical.isSetSTRING() || logical.isSetENUM() || logical.isSetJSON();
        }
        var converted = element.getConverted_type();
        return converted == null || TEXTS.contains(converted);
    }

    /// @throws dev.millrace.core.MillraceException SOURCE_UNSUPPORTED for a group that means
    ///   something else than its fields
    static void checkGroup(SchemaElement group, String name) {
        if (group.isSetLogicalType() && !isList(group) && !isMap(group)) {
            throw unsupported(group, "a group", name);
        }
    }

    /// How a column's values are written.
    ///
    /// @throws dev.millrace.core.MillraceException SOURCE_UNSUPPORTED, naming column and type
    static ParquetValue value(SchemaElement element, Type type, String column) {
        var types = new ParquetTypes(element, type, column);
        var logical = element.getLogicalType();
        var converted = element.getConverted_type();
        // Java's own writer gives an interval the logical type of columns that are always null.
        if (logical != null && converted != ConvertedType.INTERVAL) {
            return types.logical(logical);
        }
        return converted != null ? types.converted(converted) : types.plain();
    }

    private RuntimeException unsupported() {
        return unsupported(element, type.name(), column);
    }

    private static RuntimeException unsupported(
            SchemaElement element, String physical, String column) {
        var logical = element.getLogicalType();
        Object meant = element.getConverted_type();
        if (meant == null && logical != null) {
            meant = logical.getSetField();
        }
        if (meant == null) {
            meant = "a logical type of a newer Parquet";
        }
        return Trouble.unsupported(
                "Column %s is %s over %s, which Millrace does not carry exactly"
                        .formatted(column, meant, physical),
                "Write it as another type, or leave the column out.");
    }

    private ParquetValue of(Type wanted, ParquetValue value) {
        if (type != wanted) {
            throw unsupported();
        }
        return value;
    }

    private ParquetValue plain() {
        return switch (type) {
            case BOOLEAN -> (from, out) -> out.truth(from.getBoolean());
            case INT32 -> (from, out) -> out.whole(from.getInteger());
            case INT64 -> (from, out) -> out.whole(from.getLong());
            case INT96 -> ParquetValue.int96(column);
            case FLOAT -> (from, out) -> out.real(from.getFloat());
            case DOUBLE -> (from, out) -> out.real(from.getDouble());
            case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> ParquetValue.text();
        };
    }

    private ParquetValue logical(LogicalType logical) {
        var field = logical.getSetField();
        if (field == null) {
            throw unsupported();
        }
        return switch (field) {
            case STRING, ENUM, JSON, BSON -> texts();
            case UNKNOWN -> plain();
            case DECIMAL -> decimal(logical.getDECIMAL().getScale());
            case DATE -> of(Type.INT32, ParquetValue.day(column));
            case TIME -> time(perSecond(logical.getTIME().getUnit()));
            case TIMESTAMP -> {
                var timestamp = logical.getTIMESTAMP();
                yield of(
                        Type.INT64,
                        ParquetValue.timestamp(
                                column,
                                perSecond(timestamp.getUnit()),
                                timestamp.isIsAdjustedToUTC()));
            }
            case INTEGER ->
                    whole(logical.getINTEGER().getBitWidth(), logical.getINTEGER().isIsSigned());
            case UUID -> fixed(16, ParquetValue.uuid());
            case FLOAT16 -> fixed(2, ParquetValue.float16());
            case GEOMETRY, GEOGRAPHY -> of(Type.BYTE_ARRAY, ParquetValue.text());
            case MAP, LIST, VARIANT -> throw unsupported();
        };
    }

    private long perSecond(@Nullable TimeUnit unit) {
        if (unit == null || unit.getSetField() == null) {
            throw unsupported();
        }
        return switch (unit.getSetField()) {
            case MILLIS -> MILLIS;
            case MICROS -> MICROS;
            case NANOS -> NANOS;
        };
    }

    private ParquetValue converted(ConvertedType converted) {
        return switch (converted) {
            case UTF8, ENUM, JSON, BSON -> texts();
            case DECIMAL -> decimal(element.isSetScale() ? element.getScale() : 0);
            case DATE -> of(Type.INT32, ParquetValue.day(column));
            case TIME_MILLIS -> time(MILLIS);
            case TIME_MICROS -> time(MICROS);
            case TIMESTAMP_MILLIS -> of(Type.INT64, ParquetValue.timestamp(column, MILLIS, true));
            case TIMESTAMP_MICROS -> of(Type.INT64, ParquetValue.timestamp(column, MICROS, true));
            case UINT_8 -> whole(8, false);
            case UINT_16 -> whole(16, false);
            case UINT_32 -> whole(32, false);
            case UINT_64 -> whole(64, false);
            case INT_8 -> whole(8, true);
            case INT_16 -> whole(16, true);
            case INT_32 -> whole(32, true);
            case INT_64 -> whole(64, true);
            case MAP, MAP_KEY_VALUE, LIST, INTERVAL -> throw unsupported();
        };
    }

    /// Some writers give texts of one length their own physical type.
    private ParquetValue texts() {
        return type == Type.FIXED_LEN_BYTE_ARRAY
                ? ParquetValue.text()
                : of(Type.BYTE_ARRAY, ParquetValue.text());
    }

    private ParquetValue fixed(int bytes, ParquetValue value) {
        if (element.getType_length() != bytes) {
            throw unsupported();
        }
        return of(Type.FIXED_LEN_BYTE_ARRAY, value);
    }

    private ParquetValue time(long perSecond) {
        var isInt = perSecond == MILLIS;
        return of(isInt ? Type.INT32 : Type.INT64, ParquetValue.time(column, perSecond, isInt));
    }

    /// Smaller widths stand in 32 bits.
    private ParquetValue whole(int bits, boolean signed) {
        if (signed) {
            return of(bits == Long.SIZE ? Type.INT64 : Type.INT32, plain());
        }
        return bits == Long.SIZE
                ? of(Type.INT64, (from, out) -> out.unsigned(from.getLong()))
                : of(Type.INT32, (from, out) -> out.whole(unsigned(from)));
    }

    private static long unsigned(ColumnReader from) {
        return Integer.toUnsignedLong(from.getInteger());
    }

    private ParquetValue decimal(int scale) {
        if (scale < 0 || scale > 1_000) {
            throw unsupported();
        }
        return switch (type) {
            case INT32 -> (from, out) -> out.decimal((long) from.getInteger(), scale);
            case INT64 -> (from, out) -> out.decimal(from.getLong(), scale);
            case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> ParquetValue.decimal(scale);
            case BOOLEAN, INT96, FLOAT, DOUBLE -> throw unsupported();
        };
    }
}
