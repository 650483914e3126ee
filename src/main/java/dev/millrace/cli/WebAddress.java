package dev.millrace.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// A source that is read by HTTP. Its query may be a secret, as that of a signed address is, so
/// messages leave it out. Immutable and thread-safe.
final class WebAddress {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int READ_MILLIS = 60_000;
    private static final int MOST_REDIRECTS = 10;

    private final URI uri;

    private WebAddress(URI uri) {
        this.uri = uri;
    }

    /// Whether a command means an address and no file.
    static boolean isOne(String source) {
        return source.regionMatches(true, 0, "https://", 0, 8)
                || source.regionMatches(true, 0, "http://", 0, 7);
    }

    /// @param source for which [#isOne] holds
    /// @throws Failure when it cannot be asked for
    static WebAddress of(String source) {
        try {
            return of(new URI(source));
        } catch (URISyntaxException e) {
            // Not e.getMessage(), which shows all of it.
            throw new Failure(
                    "'%s' is no address: %s at character %d"
                            .formatted(withoutQuery(source), e.getReason(), e.getIndex() + 1),
                    "Write a space as %20, and others that an address cannot have likewise.");
        }
    }

    private static WebAddress of(URI uri) {
        if (uri.getHost() == null) {
            throw new Failure("'%s' names no host".formatted(withoutUser(uri)), null);
        }
        if (uri.getRawUserInfo() != null) {
            throw new Failure(
                    "'%s' has a user name before its host, which is not sent to a server"
                            .formatted(withoutUser(uri)),
                    "Download it with a program that signs in:  curl … | millrace job create MODEL -");
        }
        return new WebAddress(uri);
    }

    private static String withoutUser(URI uri) {
        return withoutQuery(uri.toString()).replaceFirst("//[^/]*@", "//");
    }

    private static String withoutQuery(String source) {
        return source.replaceFirst("[?#].*", "");
    }

    /// The last segment of its path, or its host when there is none.
    String name() {
        var path = uri.getPath() == null ? "" : uri.getPath();
        var name = path.substring(path.lastIndexOf('/') + 1);
        return name.isBlank() ? uri.getHost() : name;
    }

    /// Where a redirect leads.
    ///
    /// @param location as the answer has it
    /// @throws Failure when it leads to something else than HTTP, or out of TLS
    WebAddress redirected(String location) {
        URI to;
        try {
            to = uri.resolve(new URI(location));
        } catch (URISyntaxException e) {
            throw new Failure(
                    "%s redirects to what is no address: %s".formatted(this, e.getReason()), null);
        }
        var scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new Failure(
                    "%s redirects to an address of the kind '%s:', which is not followed"
                            .formatted(this, scheme),
                    null);
        }
        if (isSecure() && scheme.equals("http")) {
            throw new Failure(
                    "%s redirects to %s, which is not encrypted, so it is not followed"
                            .formatted(this, withoutUser(to)),
                    "If you trust the way there, name that address itself.");
        }
        return of(to);
    }

    private boolean isSecure() {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    /// Asks for its content, and follows redirects.
    ///
    /// @param from the first byte that is wanted
    /// @param tag the strong entity tag of what is wanted from there, or null for any
    /// @return with the status 200, or 206 when it begins at the byte
    /// @throws Failure when the server refuses it for good
    /// @throws IOException when another try may help
    HttpURLConnection ask(long from, @Nullable String tag) throws IOException {
        var at = this;
        for (var redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            var connection = at.open(from, tag);
            var status = connection.getResponseCode();
            switch (status) {
                case 200, 206 -> {
                    return connection;
                }
                case 301, 302, 303, 307, 308 -> {
                    var location = connection.getHeaderField("Location");
                    connection.disconnect();
                    if (location == null) {
                        throw new Failure("%s redirects to nowhere".formatted(at), null);
                    }
                    at = at.redirected(location);
                }
                default -> {
                    connection.disconnect();
                    throw at.refused(status);
                }
            }
        }
        throw new Failure("%s redirects more than %d times".formatted(this, MOST_REDIRECTS), null);
    }

    private HttpURLConnection open(long from, @Nullable String tag) throws IOException {
        var connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestProperty("Accept", "*/*");
        connection.setRequestProperty("Accept-Encoding", "identity");
        if (from > 0 && tag != null) {
            connection.setRequestProperty("Range", "bytes=%d-".formatted(from));
            connection.setRequestProperty("If-Range", tag);
        }
        return connection;
    }

    /// @throws IOException when the server may answer otherwise in a moment
    private Failure refused(int status) throws IOException {
        var what = "%s answers with HTTP %d".formatted(this, status);
        return switch (status) {
            case 429, 500, 502, 503, 504 -> throw new IOException(what);
            case 401, 403 ->
                    new Failure(
                            what + ": it wants somebody else, or somebody who has signed in",
                            "Download it with a program that signs in:  curl … | millrace job create"
                                    + " MODEL -");
            case 404, 410 -> new Failure(what + ": there is nothing", "Check the address.");
            default -> new Failure(what, null);
        };
    }

    /// What to say when it cannot be read.
    Failure unreadable(IOException e) {
        return switch (e) {
            case UnknownHostException _ ->
                    new Failure(
                            "Could not read %s: the host '%s' is not known"
                                    .formatted(this, e.getMessage()),
                            "Check the address, and that this machine finds names.",
                            e);
            case ConnectException _, NoRouteToHostException _ ->
                    new Failure(
                            "Nobody answers at %s: %s".formatted(this, e.getMessage()), null, e);
            case SSLException _ ->
                    new Failure(
                            "There is no TLS connection to %s: %s".formatted(this, e.getMessage()),
                            "Its certificate has to be one that this machine's Java trusts.",
                            e);
            case SocketTimeoutException _ ->
                    new Failure("%s does not answer in time".formatted(this), null, e);
            default ->
                    new Failure("Could not read %s: %s".formatted(this, e.getMessage()), null, e);
        };
    }

    /// Without what may be secret.
    @Override
    public String toString() {
        return withoutQuery(uri.toString());
    }
}
