package dev.millrace.explore;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.QueryEngine;
import java.io.OutputStream;
import java.util.regex.Pattern;

/// Read-only questions to the destination. That they only read is the engine's own doing, not a
/// reading of their text. Thread-safe.
public final class Explore {
    private static final Pattern FORMAT = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,63}");

    private final QueryEngine engine;

    public Explore(QueryEngine engine) {
        this.engine = engine;
    }

    /// Runs one statement and streams its answer.
    ///
    /// @param format an output format as ClickHouse names it
    /// @throws MillraceException INVALID_REQUEST, QUERY_REFUSED, CLICKHOUSE_UNAVAILABLE
    public void query(String sql, String format, OutputStream out) {
        if (sql.isBlank()) {
            throw new MillraceException(ErrorCode.INVALID_REQUEST, "The statement is empty");
        }
        if (!FORMAT.matcher(format).matches()) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "'%s' is not the name of an output format".formatted(format),
                    "Use a name that ClickHouse knows, such as CSVWithNames or JSONEachRow.",
                    null);
        }
        engine.query(sql, format, out);
    }
}
