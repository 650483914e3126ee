package dev.millrace.convert;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

/// What an Avro file's schema says of its rows.
///
/// A logical type that is unknown, or not valid where it stands, means nothing, as Avro's
/// specification has it: the value is written as its plain type.
final class AvroSchema {
    private static final long MILLIS = 1_000;
    private static final long MICROS = 1_000_000;
    private static final long NANOS = 1_000_000_000;

    private final Map<String, AvroValue.Struct> records = new HashMap<>();

    private AvroSchema() {}

    /// @param names of the columns, in their order
    record Fields(List<String> names, AvroValue.Struct record) {}

    static Fields read(byte[] json) {
        var text = new String(json, StandardCharsets.UTF_8);
        var schema =
                new Schema.Parser(NameValidator.NO_VALIDATION)
                        .setValidateDefaults(false)
                        .parse(text);
        if (schema.getType() != Schema.Type.RECORD) {
            throw Trouble.unsupported(
                    "The Avro source holds values of type %s, not records"
                            .formatted(schema.getType().getName()),
                    "Write it with a record as its schema.");
        }
        if (schema.getFields().isEmpty()) {
            throw Trouble.unsupported(
                    "The Avro source has no columns", "Write it with at least one.");
        }
        var names = schema.getFields().stream().map(Schema.Field::name).toList();
        return new Fields(names, new AvroSchema().record(schema, ""));
    }

    private AvroValue value(Schema schema, String column) {
        return switch (schema.getType()) {
            case NULL -> (_, out) -> out.nothing();
            case BOOLEAN -> AvroValue::truth;
            case INT -> whole32(schema, column);
            case LONG -> whole64(schema, column);
            case FLOAT -> (in, out) -> out.real(Float.intBitsToFloat((int) in.takeFixed(4)));
            case DOUBLE -> (in, out) -> out.real(Double.longBitsToDouble(in.takeFixed(8)));
            case STRING -> AvroValue::text;
            case BYTES -> bytes(schema, column);
            case FIXED -> fixed(schema, column);
            case ENUM -> symbols(schema);
            case ARRAY -> AvroValue.array(value(schema.getElementType(), column));
            case MAP -> AvroValue.map(value(schema.getValueType(), column));
            case UNION ->
                    AvroValue.union(schema.getTypes().stream().map(t -> value(t, column)).toList());
            case RECORD -> record(schema, column);
        };
    }

    private AvroValue.Struct record(Schema schema, String column) {
        var known = records.get(schema.getFullName());
        if (known != null) {
            return known;
        }
        var record = new AvroValue.Struct();
        records.put(schema.getFullName(), record);
        for (var field : schema.getFields()) {
            var name = column.isEmpty() ? field.name() : column + "." + field.name();
            record.add(field.name(), value(field.schema(), name));
        }
        return record;
    }

    private static AvroValue symbols(Schema schema) {
        var symbols = schema.getEnumSymbols().stream().map(AvroSchema::text).toList();
        return AvroValue.symbol(symbols);
    }

    private static byte[] text(String symbol) {
        var key = JsonText.key(symbol);
        return Arrays.copyOf(key, key.length - 1);
    }

    private static AvroValue whole32(Schema schema, String column) {
        return switch (schema.getLogicalType()) {
            case LogicalTypes.Date _ -> AvroValue.day(column);
            case LogicalTypes.TimeMillis _ -> AvroValue.time(column, MILLIS, 3);
            case null, default -> (in, out) -> out.whole(in.takeInt());
        };
    }

    private static AvroValue whole64(Schema schema, String column) {
        return switch (schema.getLogicalType()) {
            case LogicalTypes.TimeMicros _ -> AvroValue.time(column, MICROS, 6);
            case LogicalTypes.TimestampMillis _ -> AvroValue.timestamp(column, MILLIS, 3, true);
            case LogicalTypes.TimestampMicros _ -> AvroValue.timestamp(column, MICROS, 6, true);
            case LogicalTypes.TimestampNanos _ -> AvroValue.timestamp(column, NANOS, 9, true);
            case LogicalTypes.LocalTimestampMillis _ ->
                    AvroValue.timestamp(column, MILLIS, 3, false);
            case LogicalTypes.LocalTimestampMicros _ ->
                    AvroValue.timestamp(column, MICROS, 6, false);
            case LogicalTypes.LocalTimestampNanos _ -> AvroValue.timestamp(column, NANOS, 9, false);
            case null, default -> (in, out) -> out.whole(in.takeLong());
        };
    }

    private static AvroValue bytes(Schema schema, String column) {
        return switch (schema.getLogicalType()) {
            case LogicalTypes.Decimal decimal -> AvroValue.decimal(decimal.getScale());
            case LogicalTypes.BigDecimal _ -> AvroValue.bigDecimal(column);
            case null, default -> AvroValue::text;
        };
    }

    private static AvroValue fixed(Schema schema, String column) {
        var size = schema.getFixedSize();
        return switch (schema.getLogicalType()) {
            case LogicalTypes.Decimal decimal -> AvroValue.fixedDecimal(size, decimal.getScale());
            case LogicalTypes.Uuid _ -> (in, out) -> out.uuid(in.bytes(), in.take(size));
            case LogicalTypes.Duration _ ->
                    throw Trouble.unsupported(
                            "Column %s is a duration of months, days and milliseconds, which"
                                            .formatted(column)
                                    + " Millrace does not carry exactly",
                            "Write it as another type, or leave the column out.");
            case null, default -> AvroValue.fixed(size);
        };
    }
}
