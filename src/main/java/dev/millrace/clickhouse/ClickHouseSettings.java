package dev.millrace.clickhouse;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;

/// How a ClickHouse server is reached, and what Millrace calls its own there.
///
/// @param endpoint the HTTP interface, such as `http://127.0.0.1:8123`; it stands in messages, so
///   it may not say a user or a password
/// @param writer who loads: reads and writes both databases, and may make them
/// @param reader who answers users' queries: must not be able to change anything
/// @param database holds the tables of models and `rejected_rows`
/// @param stagingDatabase holds the rows of loads that are not published; nobody else's business
/// @param statementLimit the longest that one statement of a load may take
/// @param fenceLimit the longest wait for a job's statements to end
/// @param queryLimit the longest that a user's query may take
public record ClickHouseSettings(
        URI endpoint,
        Login writer,
        Login reader,
        String database,
        String stagingDatabase,
        Duration statementLimit,
        Duration fenceLimit,
        Duration queryLimit) {
    private static final Pattern DATABASE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
    private static final Pattern LOGIN_PARAMETER =
            Pattern.compile("(^|&)(user|password)=", Pattern.CASE_INSENSITIVE);

    public ClickHouseSettings {
        requireNoLogin(endpoint);
        requireDatabase(database);
        requireDatabase(stagingDatabase);
    }

    /// The usual databases and limits.
    public static ClickHouseSettings of(URI endpoint, Login writer, Login reader) {
        return new ClickHouseSettings(
                endpoint,
                writer,
                reader,
                "millrace",
                "millrace_staging",
                Duration.ofMinutes(10),
                Duration.ofMinutes(1),
                Duration.ofMinutes(5));
    }

    /// A user of the server.
    public record Login(String user, String password) {
        /// Hides the password.
        @Override
        public String toString() {
            return user;
        }
    }

    /// The authority is looked at as a whole: of a host that is none by the rules, such as `a_b`,
    /// [URI] does not tell the user.
    private static void requireNoLogin(URI endpoint) {
        var authority = endpoint.getRawAuthority();
        var query = endpoint.getQuery();
        if ((authority != null && authority.contains("@"))
                || (query != null && LOGIN_PARAMETER.matcher(query).find())) {
            throw new MillraceException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "The address of ClickHouse says a user or a password, which messages would show",
                    "Set clickhouse.user and clickhouse.password instead.",
                    null);
        }
    }

    private static void requireDatabase(String name) {
        if (!DATABASE.matcher(name).matches()) {
            throw new MillraceException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "'%s' cannot name a ClickHouse database".formatted(name),
                    "Use up to 64 letters, digits and _, not a digit first.",
                    null);
        }
    }
}
