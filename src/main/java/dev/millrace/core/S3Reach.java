package dev.millrace.core;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How an S3 is reached, and as whom.
///
/// @param endpoint `http` or `https`, a host, perhaps a port and a path; null for that of AWS in
///   the region
/// @param region for which requests are signed
/// @param pathStyle whether a bucket is named in the path, not in front of the host
/// @param accessKeyId whose secret access key the secret is
/// @param hasSessionToken whether the secret has a session token too
/// @param ca certificates in PEM that are trusted in place of the usual authorities, or null
/// @param connectLimit the longest wait for a connection
/// @param answerLimit the longest wait for an answer, or for more of it
public record S3Reach(
        @Nullable URI endpoint,
        String region,
        boolean pathStyle,
        String accessKeyId,
        boolean hasSessionToken,
        @Nullable String ca,
        Duration connectLimit,
        Duration answerLimit)
        implements Connection.Reach {
    public static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    public static final Duration ANSWER_LIMIT = Duration.ofMinutes(1);

    /// Keys and tokens have no line breaks.
    private static final String BETWEEN = "\n";

    @Override
    public boolean hasSecret() {
        return true;
    }

    @Override
    public boolean isWayOf(Connection.Reach before) {
        return before instanceof S3Reach b
                && Objects.equals(endpoint, b.endpoint)
                && accessKeyId.equals(b.accessKeyId)
                && hasSessionToken == b.hasSessionToken
                && Objects.equals(ca, b.ca);
    }

    /// @param sessionToken or null
    public static Secret secret(String secretAccessKey, @Nullable String sessionToken) {
        return new Secret(
                sessionToken == null ? secretAccessKey : secretAccessKey + BETWEEN + sessionToken);
    }

    /// The key in such a secret.
    public static String secretAccessKey(Secret secret) {
        return secret.text().split(BETWEEN, 2)[0];
    }

    /// The token in such a secret, or null when there is none.
    public static @Nullable String sessionToken(Secret secret) {
        var parts = secret.text().split(BETWEEN, 2);
        return parts.length == 1 ? null : parts[1];
    }
}
