package dev.millrace.catalog;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What PostgreSQL's errors mean to Millrace: the only place that knows SQLSTATEs (PostgreSQL's
/// documentation, appendix A).
final class Failures {
    private static final Set<String> CONFLICT = Set.of("40001", "40P01");

    private static final String STATEMENT_CANCELLED = "57014";
    static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String IDLE_IN_TRANSACTION = "25P03";
    private static final String READ_ONLY = "25006";

    private Failures() {}

    /// @param doing what was tried, such as `add split %s`
    static MillraceException translate(String doing, Object what, Throwable failure) {
        return translate(doing.formatted(what), failure);
    }

    /// @param doing what was tried, to stand after "could not"
    static MillraceException translate(String doing, Throwable failure) {
        var sql = sqlException(failure);
        var reason = sql == null ? failure.getMessage() : sql.getMessage();
        var message = "Millrace could not %s: %s".formatted(doing, reason);
        if (sql == null) {
            return new MillraceException(ErrorCode.INTERNAL_ERROR, message, failure);
        }
        var state = state(sql);
        if (state.startsWith("28") || state.equals("3D000")) {
            return new MillraceException(
                    ErrorCode.INVALID_CONFIGURATION,
                    message,
                    "Check the catalog's address, user and password.",
                    failure);
        }
        if (isUnavailable(sql)) {
            return new MillraceException(
                    ErrorCode.CATALOG_UNAVAILABLE,
                    message,
                    "Check that Millrace's PostgreSQL runs and has connections left.",
                    failure);
        }
        return new MillraceException(
                ErrorCode.INTERNAL_ERROR, message + " (SQLSTATE " + state + ")", failure);
    }

    /// Whether a transaction was undone only because of another one beside it, so that it can run
    /// again at once.
    static boolean isConflict(Throwable failure) {
        var sql = sqlException(failure);
        return sql != null && CONFLICT.contains(state(sql));
    }

    /// Whether PostgreSQL is gone, going, coming, full, too slow or standing by.
    private static boolean isUnavailable(SQLException e) {
        var state = state(e);
        return e instanceof SQLTransientConnectionException // no connection from the pool in time
                || state.isEmpty() // said by the pool or the driver, not by PostgreSQL
                || state.startsWith("08")
                || state.startsWith("57P0")
                || state.startsWith("53")
                || CONFLICT.contains(state)
                || state.equals(STATEMENT_CANCELLED)
                || state.equals(LOCK_NOT_AVAILABLE)
                || state.equals(IDLE_IN_TRANSACTION)
                || state.equals(READ_ONLY);
    }

    private static String state(SQLException e) {
        var state = e.getSQLState();
        return state == null ? "" : state.toUpperCase(Locale.ROOT);
    }

    private static @Nullable SQLException sqlException(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }
}
