package dev.millrace.clickhouse;

import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Secret;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateExpiredException;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/// What went wrong on the way to a connection's server, or was refused there, said precisely.
final class RemoteFailure {
    private static final int REQUIRED_PASSWORD = 194;
    private static final int UNKNOWN_USER = 192;
    private static final int WRONG_PASSWORD = 193;
    private static final int ACCESS_DENIED = 497;

    private static final Pattern EXPIRY = Pattern.compile("\"exp\"\\s*:\\s*(\\d{1,12})");

    private RemoteFailure() {}

    /// The server was not reached, or broke off before it answered.
    static MillraceException unreached(ClickHouseReach reach, IOException e) {
        return switch (e) {
            case UnknownHostException _ ->
                    new MillraceException(
                            ErrorCode.HOST_UNKNOWN,
                            "There is no host '%s'".formatted(reach.url().getHost()),
                            "Check its name; this server has to be able to look it up.",
                            e);
            case ConnectTimeoutException _ -> connectTimeout(reach, e);
            case SocketTimeoutException _ ->
                    new MillraceException(
                            ErrorCode.CONNECTION_TIMEOUT,
                            "%s did not answer within %d s"
                                    .formatted(reach.url(), reach.answerLimit().toSeconds()),
                            "Check that a ClickHouse is there, or give it more time.",
                            e);
            case ConnectException _, NoRouteToHostException _ ->
                    String.valueOf(e.getMessage()).contains("imed out")
                            ? connectTimeout(reach, e)
                            : new MillraceException(
                                    ErrorCode.PORT_CLOSED,
                                    "Nothing listens at %s".formatted(reach.url()),
                                    "Check the port: ClickHouse's HTTP interface has 8123, with TLS"
                                            + " 8443, if nobody has changed it.",
                                    e);
            case SSLException tls -> tls(reach, tls);
            default ->
                    new MillraceException(
                            ErrorCode.NOT_CLICKHOUSE,
                            "What listens at %s does not speak %s: %s"
                                    .formatted(
                                            reach.url(),
                                            reach.isSecure() ? "HTTPS" : "HTTP",
                                            e.getMessage()),
                            "Name the HTTP interface of a ClickHouse, not its native one; with https"
                                    + " when it has TLS.",
                            e);
        };
    }

    private static MillraceException connectTimeout(ClickHouseReach reach, IOException e) {
        return new MillraceException(
                ErrorCode.CONNECTION_TIMEOUT,
                "%s took no connection within %d ms"
                        .formatted(reach.url(), reach.connectLimit().toMillis()),
                "Check the address, and whether a firewall is between.",
                e);
    }

    private static MillraceException tls(ClickHouseReach reach, SSLException e) {
        var text = chain(e);
        String why;
        String remedy;
        if (e instanceof SSLPeerUnverifiedException
                || text.contains("No subject alternative")
                || text.contains("No name matching")) {
            why = "its certificate is for another name than '%s'".formatted(reach.url().getHost());
            remedy = "Use the name that the certificate has.";
        } else if (has(e, CertificateExpiredException.class)) {
            why = "its certificate has expired";
            remedy = "The server needs a new one.";
        } else if (text.contains("PKIX") || text.contains("trust")) {
            why = "its certificate is not signed by an authority that is trusted";
            remedy = "Give the connection the certificate of the authority that signed it, as PEM.";
        } else if (text.contains("Unsupported or unrecognized SSL message")
                || text.contains("plaintext")) {
            why = "it speaks no TLS";
            remedy = "Use http, or the port that has TLS: ClickHouse's is 8443.";
        } else {
            why = String.valueOf(e.getMessage());
            remedy = "Check the server's TLS.";
        }
        return new MillraceException(
                ErrorCode.TLS_FAILED, "No TLS with %s: %s".formatted(reach.url(), why), remedy, e);
    }

    private static String chain(Throwable e) {
        var text = new StringBuilder();
        for (var next = e; next != null; next = next.getCause()) {
            text.append(next.getMessage()).append('\n');
        }
        return text.toString();
    }

    private static boolean has(Throwable e, Class<? extends Throwable> type) {
        for (var next = e; next != null; next = next.getCause()) {
            if (type.isInstance(next)) {
                return true;
            }
        }
        return false;
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
