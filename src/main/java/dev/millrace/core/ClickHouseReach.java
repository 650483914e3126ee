package dev.millrace.core;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How a ClickHouse is reached: its HTTP interface, and as whom.
///
/// @param url `http` or `https`, a host, perhaps a port and a path; no user, query or fragment
/// @param database the one that names without a database belong to
/// @param user whose password the secret is; null when the secret is an access token, which is sent
///   as `Authorization: Bearer` and says by itself who asks
/// @param hasSecret whether there is a password or token; a user may have none
/// @param ca certificates in PEM that are trusted in place of the usual authorities, or null
/// @param connectLimit the longest wait for a connection
/// @param answerLimit the longest that a statement may take
public record ClickHouseReach(
        URI url,
        String database,
        @Nullable String user,
        boolean hasSecret,
        @Nullable String ca,
        Duration connectLimit,
        Duration answerLimit)
        implements Connection.Reach {
    public static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    public static final Duration ANSWER_LIMIT = Duration.ofMinutes(5);

    @Override
    public boolean isWayOf(Connection.Reach before) {
        return before instanceof ClickHouseReach b
                && url.equals(b.url)
                && Objects.equals(user, b.user)
                && Objects.equals(ca, b.ca);
    }

    public boolean isSecure() {
        return "https".equals(url.getScheme());
    }
}
