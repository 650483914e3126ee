package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What became of one field in a column of one type.
///
/// @param value its bytes in Native format, or null when it was rejected
/// @param isNull whether it became NULL
/// @param rejection why it was rejected, or null
record OneField(byte @Nullable [] value, boolean isNull, @Nullable Rejection rejection) {

    static OneField read(String type, String text) {
        return read(type, ListedRecords.Field.plain(text));
    }

    static OneField read(String type, ListedRecords.Field field) {
        var validator =
                new Validator(model(new Column("x", ColumnTypes.parse(type))), 0, List.of("x"));
        // A good row before and one after: what is between must not move them.
        var zero = ListedRecords.Field.plain(neutral(type));
        var records = new ListedRecords().row(zero).row(field).row(zero);
        var validated = validator.validate(records, 1, 1, 10);
        var column = validated.batch().columns().getFirst();
        if (!validated.rejections().isEmpty()) {
            assertThat(validated.batch().rowIds()).startsWith(1, 3);
            assertThat(validated.batch().rows()).isEqualTo(2);
            return new OneField(null, false, validated.rejections().getFirst());
        }
        assertThat(validated.batch().rows()).isEqualTo(3);
        var before = neutralBytes(type);
        var value = Arrays.copyOfRange(column.values(), before, column.length() - before);
        var nulls = column.nulls();
        return new OneField(value, nulls != null && nulls[1] == 1, null);
    }

    static Model model(Column... columns) {
        var definition = new ModelDefinition(List.of(columns), null, null, List.of(), null);
        return model(definition);
    }

    static Model model(ModelDefinition definition) {
        return new Model(
                new ModelId(new UUID(1, 2)), "m", 1, definition, "me", "default", Instant.EPOCH);
    }

    private static String neutral(String type) {
        return switch (ColumnTypes.parse(type).base().name()) {
            case "Date" -> "1970-01-01";
            case "DateTime" -> "1970-01-01 00:00:00";
            default -> "0";
        };
    }

    private static int neutralBytes(String type) {
        var width = ColumnTypes.parse(type).widthBytes();
        return width < 0 ? 2 : width;
    }

    byte[] bytes() {
        assertThat(rejection).isNull();
        return value == null ? new byte[0] : value;
    }

    ByteBuffer littleEndian() {
        return ByteBuffer.wrap(bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// The text behind its length, which must be one byte.
    String text() {
        var all = bytes();
        assertThat((int) all[0]).isEqualTo(all.length - 1);
        return new String(all, 1, all.length - 1, UTF_8);
    }

    @Nullable RejectionCode error() {
        return rejection == null ? null : rejection.error();
    }

    String message() {
        return rejection == null ? "" : rejection.message();
    }

    String observed() {
        return rejection == null ? "" : rejection.observed();
    }
}
