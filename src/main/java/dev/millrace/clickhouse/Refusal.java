package dev.millrace.clickhouse;

import com.clickhouse.client.api.ServerException;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What ClickHouse said when it refused a statement.
///
/// @param code ClickHouse's error number
/// @param line its first line, without the version and the stack trace
record Refusal(int code, String line) {
    static final int CANNOT_PARSE_TEXT = 6;
    static final int BAD_ARGUMENTS = 36;
    static final int CANNOT_PARSE_DATE = 38;
    static final int CANNOT_PARSE_DATETIME = 41;
    static final int ILLEGAL_TYPE_OF_ARGUMENT = 43;
    static final int ILLEGAL_COLUMN = 44;
    static final int TABLE_ALREADY_EXISTS = 57;
    static final int UNKNOWN_TABLE = 60;
    static final int CANNOT_PARSE_NUMBER = 72;
    static final int CANNOT_WRITE = 75;
    static final int UNKNOWN_DATABASE = 81;
    static final int CANNOT_READ_ARRAY_FROM_TEXT = 130;
    static final int TIMEOUT_EXCEEDED = 159;
    static final int CANNOT_ALLOCATE_MEMORY = 173;
    static final int TOO_MANY_SIMULTANEOUS_QUERIES = 202;
    static final int SOCKET_TIMEOUT = 209;
    static final int NETWORK_ERROR = 210;
    static final int ABORTED = 236;
    static final int MEMORY_LIMIT_EXCEEDED = 241;
    static final int TABLE_IS_READ_ONLY = 242;
    static final int NOT_ENOUGH_SPACE = 243;
    static final int TOO_MANY_PARTS = 252;
    static final int UNFINISHED = 341;
    static final int PART_IS_TEMPORARILY_LOCKED = 384;
    static final int QUERY_WAS_CANCELLED = 394;
    static final int CANNOT_SCHEDULE_TASK = 439;
    static final int DEADLOCK_AVOIDED = 473;
    static final int AUTHENTICATION_FAILED = 516;
    static final int DATA_TYPE_CANNOT_BE_USED_IN_KEY = 549;
    static final int TOO_MANY_MUTATIONS = 692;
    static final int TABLE_IS_BEING_RESTARTED = 733;
    static final int SERVER_OVERLOADED = 745;

    private static final int MAX_LINE = 1000;

    /// What stands behind the reason, among it a repetition of [ReadOnlyCheck#question].
    private static final Pattern TRAILER =
            Pattern.compile(
                    "\\s*(: In scope SELECT substring\\(formatQuery.*|Stack trace.*|\\(version [^)]*\\).*|\\(queryId=.*|\\(transport error.*)",
                    Pattern.DOTALL);

    /// What an ALTER says of the table that it is to change: without the database.
    private static final Pattern OURS = Pattern.compile("Could not find table: [jk]_[0-9a-f]{32}_");

    private static final Pattern CODE =
            Pattern.compile("Code: (\\d+)\\. (?:DB::Exception: )?(.*)", Pattern.DOTALL);

    /// The refusal in a failure's chain of causes, or null when the server did not speak.
    static @Nullable Refusal in(@Nullable Throwable failure) {
        for (var e = failure; e != null; e = e.getCause()) {
            if (e instanceof ServerException said) {
                return of(said.getCode(), String.valueOf(said.getMessage()));
            }
        }
        return null;
    }

    /// The refusal in an exception text that ends an answer.
    static Refusal parse(String text) {
        var match = CODE.matcher(text);
        return match.find() ? of(Integer.parseInt(match.group(1)), text) : of(0, text);
    }

    private static Refusal of(int code, String message) {
        var match = CODE.matcher(message);
        var text = TRAILER.matcher(match.find() ? match.group(2) : message).replaceFirst("");
        var line = text.strip();
        return new Refusal(code, line.length() > MAX_LINE ? line.substring(0, MAX_LINE) : line);
    }

    /// As ClickHouse's users know it.
    String text() {
        return "%s (ClickHouse code %d)".formatted(line, code);
    }

    /// The same in Millrace's words.
    ///
    /// @param stagingDatabase where an unknown table means that an epoch has passed
    MillraceException toException(String stagingDatabase, @Nullable Throwable cause) {
        return switch (code) {
            case UNKNOWN_TABLE, UNKNOWN_DATABASE ->
                    isMissing(stagingDatabase)
                            ? new MillraceException(ErrorCode.STAGING_MISSING, text(), cause)
                            : refused(cause);
            case TIMEOUT_EXCEEDED,
                    CANNOT_ALLOCATE_MEMORY,
                    TOO_MANY_SIMULTANEOUS_QUERIES,
                    SOCKET_TIMEOUT,
                    NETWORK_ERROR,
                    ABORTED,
                    MEMORY_LIMIT_EXCEEDED,
                    TABLE_IS_READ_ONLY,
                    TOO_MANY_PARTS,
                    UNFINISHED,
                    PART_IS_TEMPORARILY_LOCKED,
                    QUERY_WAS_CANCELLED,
                    CANNOT_SCHEDULE_TASK,
                    DEADLOCK_AVOIDED,
                    TOO_MANY_MUTATIONS,
                    TABLE_IS_BEING_RESTARTED,
                    SERVER_OVERLOADED ->
                    new MillraceException(
                            ErrorCode.CLICKHOUSE_UNAVAILABLE,
                            "ClickHouse cannot do it now: " + text(),
                            cause);
            case NOT_ENOUGH_SPACE -> diskFull(cause);
            case CANNOT_WRITE -> line.contains("No space left") ? diskFull(cause) : refused(cause);
            default -> refused(cause);
        };
    }

    private boolean isMissing(String database) {
        return code == UNKNOWN_TABLE
                ? (line.contains("Table " + database + ".")
                        || line.contains("Table `" + database + "`.")
                        || line.contains("identifier '" + database + ".")
                        || OURS.matcher(line).find())
                : line.contains("Database " + database + " ");
    }

    private MillraceException diskFull(@Nullable Throwable cause) {
        return new MillraceException(
                ErrorCode.DISK_FULL,
                "ClickHouse has no space left: " + text(),
                "Free space on the disk of ClickHouse's data.",
                cause);
    }

    private MillraceException refused(@Nullable Throwable cause) {
        return new MillraceException(
                ErrorCode.CLICKHOUSE_REFUSED,
                "ClickHouse refused: " + text(),
                code == AUTHENTICATION_FAILED
                        ? "Check the user and password of the ClickHouse connection."
                        : null,
                cause);
    }
}
