package dev.millrace.remote;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;

/// What went wrong on the way to a server, said precisely.
public final class Unreached {
    private Unreached() {}

    /// The server was not reached, or broke off before it answered.
    public static MillraceException of(Place place, IOException e) {
        return switch (e) {
            case UnknownHostException _ ->
                    new MillraceException(
                            ErrorCode.HOST_UNKNOWN,
                            "There is no host '%s'".formatted(place.host()),
                            "Check its name; this server has to be able to look it up.",
                            e);
            case ConnectTimeoutException _ -> connectTimeout(place, e);
            case SocketTimeoutException _ ->
                    new MillraceException(
                            ErrorCode.CONNECTION_TIMEOUT,
                            "%s did not answer within %d s"
                                    .formatted(place.address(), place.answerLimit().toSeconds()),
                            "Check that %s is there, or give it more time."
                                    .formatted(place.kind().name()),
                            e);
            case ConnectException _, NoRouteToHostException _ ->
                    String.valueOf(e.getMessage()).contains("imed out")
                            ? connectTimeout(place, e)
                            : new MillraceException(
                                    ErrorCode.PORT_CLOSED,
                                    "Nothing listens at %s".formatted(place.address()),
                                    place.kind().ports(),
                                    e);
            case SSLException tls -> tls(place, tls);
            default ->
                    new MillraceException(
                            place.kind().strange(),
                            "What listens at %s does not speak %s: %s"
                                    .formatted(
                                            place.address(),
                                            place.isSecure() ? "HTTPS" : "HTTP",
                                            e.getMessage()),
                            place.kind().remedy(),
                            e);
        };
    }

    private static MillraceException connectTimeout(Place place, IOException e) {
        return new MillraceException(
                ErrorCode.CONNECTION_TIMEOUT,
                "%s took no connection within %d ms"
                        .formatted(place.address(), place.connectLimit().toMillis()),
                "Check the address, and whether a firewall is between.",
                e);
    }

    private static MillraceException tls(Place place, SSLException e) {
        var text = chain(e);
        String why;
        String remedy;
        if (e instanceof SSLPeerUnverifiedException
                || text.contains("No subject alternative")
                || text.contains("No name matching")) {
            why = "its certificate is for another name than '%s'".formatted(place.host());
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
            remedy = place.kind().tlsPort();
        } else {
            why = String.valueOf(e.getMessage());
            remedy = "Check the server's TLS.";
        }
        return new MillraceException(
                ErrorCode.TLS_FAILED,
                "No TLS with %s: %s".formatted(place.address(), why),
                remedy,
                e);
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
}
