package dev.millrace.clickhouse;

import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Secret;
import dev.millrace.remote.Place;
import dev.millrace.remote.Unreached;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What went wrong on the way to a connection's server, or was refused there, said precisely.
final class RemoteFailure {
    private static final int REQUIRED_PASSWORD = 194;
    private static final int UNKNOWN_USER = 192;
    private static final int WRONG_PASSWORD = 193;
    private static final int ACCESS_DENIED = 497;

    private static final Pattern EXPIRY = Pattern.compile("\"exp\"\\s*:\\s*(\\d{1,12})");

    private static final Place.Kind KIND =
            new Place.Kind(
                    "a ClickHouse",
                    ErrorCode.NOT_CLICKHOUSE,
                    "Check the port: ClickHouse's HTTP interface has 8123, with TLS 8443, if nobody"
                            + " has changed it.",
                    "Use http, or the port that has TLS: ClickHouse's is 8443.",
                    "Name the HTTP interface of a ClickHouse, not its native one; with https when it"
                            + " has TLS.");

    private RemoteFailure() {}

    /// The server was not reached, or broke off before it answered.
    static MillraceException unreached(ClickHouseReach reach, IOException e) {
        return Unreached.of(
                new Place(
                        reach.url().toString(),
                        reach.url().getHost(),
                        reach.isSecure(),
                        reach.connectLimit(),
                        reach.answerLimit(),
                        KIND),
                e);
    }

    /// The server answered otherwise than a ClickHouse does.
    ///
    /// @param status of HTTP
    /// @param location where it would send us, or null
    static MillraceException strange(
            ClickHouseReach reach, Secret secret, int status, @Nullable String location) {
        if (status == 401 || status == 403) {
            return login(reach, secret, "HTTP status %d".formatted(status));
        }
        if (location != null) {
            return new MillraceException(
                    ErrorCode.NOT_CLICKHOUSE,
                    "%s redirects to another address, which is never followed"
                            .formatted(reach.url()),
                    "Name the address of the ClickHouse itself.",
                    null);
        }
        return new MillraceException(
                ErrorCode.NOT_CLICKHOUSE,
                "%s answers with HTTP status %d, and not as a ClickHouse does"
                        .formatted(reach.url(), status),
                "Check host and port: they are those of ClickHouse's HTTP interface.",
                null);
    }

    /// ClickHouse has refused something.
    static MillraceException refused(ClickHouseReach reach, Secret secret, Refusal refusal) {
        return switch (refusal.code()) {
            case Refusal.AUTHENTICATION_FAILED, UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD ->
                    login(reach, secret, "ClickHouse code %d".formatted(refusal.code()));
            case Refusal.UNKNOWN_DATABASE ->
                    new MillraceException(
                            ErrorCode.DATABASE_MISSING,
                            refusal.text(),
                            "Check the name of the database.",
                            null);
            case ACCESS_DENIED ->
                    new MillraceException(
                            ErrorCode.RIGHT_MISSING,
                            refusal.text(),
                            "Whoever rules that ClickHouse can grant it.",
                            null);
            default -> new MillraceException(ErrorCode.QUERY_REFUSED, refusal.text(), null);
        };
    }

    private static MillraceException login(ClickHouseReach reach, Secret secret, String said) {
        if (reach.user() != null) {
            return new MillraceException(
                    ErrorCode.LOGIN_REFUSED,
                    "%s does not let '%s' in: there is no such user, or the password is wrong (%s;"
                                    .formatted(reach.url(), reach.user(), said)
                            + " it does not say which)",
                    "Check both. A user may also be allowed from some hosts only.",
                    null);
        }
        var until = expiry(secret);
        return new MillraceException(
                ErrorCode.TOKEN_REFUSED,
                until != null && until.isBefore(Instant.now())
                        ? "The access token for %s expired at %s (%s)"
                                .formatted(reach.url(), until, said)
                        : "%s does not take the access token (%s)".formatted(reach.url(), said),
                "Give the connection a new one: millrace connection update NAME --token-file FILE",
                null);
    }

    /// When a JSON Web Token says that it expires, or null when it does not, or is none. Nothing is
    /// believed of it but for what a person is told.
    static @Nullable Instant expiry(Secret secret) {
        var parts = secret.text().split("\\.", -1);
        if (parts.length != 3) {
            return null;
        }
        try {
            var claims =
                    new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
            var found = EXPIRY.matcher(claims);
            return found.find() ? Instant.ofEpochSecond(Long.parseLong(found.group(1))) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// The oldest version whose answers are understood.
    static boolean isTooOld(String version) {
        var parts = version.toLowerCase(Locale.ROOT).split("\\.", -1);
        try {
            return Integer.parseInt(parts[0]) * 100 + Integer.parseInt(parts[1]) < 2408;
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return true;
        }
    }
}
