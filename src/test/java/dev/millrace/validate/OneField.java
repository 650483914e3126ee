package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.ColumnValues;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.ModelId;
import dev.millrace.core.Rejection;
import dev.millrace.core.RejectionCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What became of one field in a column of one type.
///
/// @param value its bytes (a text's without its length), a List for an array; null for NULL and
///   when it was rejected
/// @param isNull whether it became NULL
/// @param rejection why it was rejected, or null
record OneField(@Nullable Object value, boolean isNull, @Nullable Rejection rejection) {

    static OneField read(String type, String text) {
        return read(type, ListedRecords.Field.plain(text));
    }

    static OneField read(String type, ListedRecords.Field field) {
        return read(new Column("x", ColumnTypes.parse(type)), field);
    }

    /// Reads a field twice, so that what is before and after it must not move it.
    static OneField read(Column column, ListedRecords.Field field) {
        var validator = new Validator(model(column), 0, List.of(column.name()));
        var validated = validator.validate(new ListedRecords().row(field).row(field), 1, 1, 10);
        if (!validated.rejections().isEmpty()) {
            assertThat(validated.batch().rows()).isZero();
            assertThat(validated.rejections()).hasSize(2);
            return new OneField(null, false, validated.rejections().getFirst());
        }
        assertThat(validated.batch().rows()).isEqualTo(2);
        var values = ColumnValues.of(validated.batch().columns().getFirst(), 2);
        assertThat(values.get(1)).isEqualTo(values.get(0));
        return new OneField(values.get(0), values.get(0) == null, null);
    }

    static Model model(Column... columns) {
        var definition = new ModelDefinition(List.of(columns), null, null, List.of(), null);
        return model(definition);
    }

    static Model model(ModelDefinition definition) {
        return new Model(
                new ModelId(new UUID(1, 2)), "m", 1, definition, "me", "default", Instant.EPOCH);
    }

    ByteBuffer littleEndian() {
        assertThat(rejection).isNull();
        return value instanceof ByteBuffer bytes
                ? bytes.order(ByteOrder.LITTLE_ENDIAN)
                : ByteBuffer.allocate(0);
    }

    byte[] bytes() {
        var bytes = new byte[littleEndian().remaining()];
        littleEndian().get(0, bytes);
        return bytes;
    }

    String text() {
        return new String(bytes(), UTF_8);
    }

    @Nullable RejectionCode error() {
        return rejection == null ? null : rejection.error();
    }

    String message() {
        return rejection == null ? "" : rejection.message();
    }

    /// The column's type as the rejection names it.
    String type() {
        return rejection == null ? "" : rejection.type();
    }

    String observed() {
        return rejection == null ? "" : rejection.observed();
    }
}
