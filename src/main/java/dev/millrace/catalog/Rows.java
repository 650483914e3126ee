package dev.millrace.catalog;

import dev.millrace.core.Before;
import dev.millrace.core.Cause;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/// Values between rows and records.
final class Rows {
    /// New identities that are tried before giving up: their first 8 hex digits may be taken.
    static final int MOST_NEW_IDS = 20;

    private static final OffsetDateTime END_OF_TIME =
            OffsetDateTime.of(9999, 12, 31, 0, 0, 0, 0, ZoneOffset.UTC);

    private Rows() {}

    static UUID uuid(ResultSet rs, String column) throws SQLException {
        return rs.getObject(column, UUID.class);
    }

    static Instant instant(ResultSet rs, String column) throws SQLException {
        return rs.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant instantOrNull(ResultSet rs, String column) throws SQLException {
        var time = rs.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static List<String> texts(ResultSet rs, String column) throws SQLException {
        return List.of((String[]) rs.getArray(column).getArray());
    }

    static List<Long> numbers(ResultSet rs, String column) throws SQLException {
        return List.of((Long[]) rs.getArray(column).getArray());
    }

    /// A text from outside as PostgreSQL can hold it: it refuses the character U+0000.
    static String storable(String text) {
        return text.replace('\0', '\uFFFD');
    }

    static @Nullable String storableOrNull(@Nullable String text) {
        return text == null ? null : storable(text);
    }

    /// Binds `code`, `message` and `remedy`, all null without a cause.
    static Update bindCause(Update update, @Nullable Cause cause) {
        return update.bind("code", cause == null ? null : cause.code())
                .bind("message", cause == null ? null : storable(cause.message()))
                .bind("remedy", cause == null ? null : storableOrNull(cause.remedy()));
    }

    /// The values of `before` and `number`, for lists that have the newest first.
    ///
    /// @param before null for the beginning of the list
    static Map<String, Object> place(@Nullable Before before) {
        return before == null
                ? Map.of("before", END_OF_TIME, "number", Long.MAX_VALUE)
                : Map.of(
                        "before", before.createdAt().atOffset(ZoneOffset.UTC),
                        "number", before.number());
    }

    /// A random UUID that the caller could store, whose public id was free.
    static UUID newId(Predicate<UUID> store) {
        for (var tries = 0; tries < MOST_NEW_IDS; tries++) {
            var id = UUID.randomUUID();
            if (store.test(id)) {
                return id;
            }
        }
        throw new IllegalStateException(
                "%d random ids in a row were taken".formatted(MOST_NEW_IDS));
    }

    /// A text as a UUID, or null when it is none.
    static @Nullable UUID uuidOrNull(String text) {
        try {
            return text.length() == 36 ? UUID.fromString(text) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
