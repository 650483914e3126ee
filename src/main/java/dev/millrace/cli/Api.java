package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The HTTP API as the commands use it. `HttpURLConnection`, because it begins to talk a third of a
/// second before `java.net.http` does and writes an upload's bytes without queueing them. For one
/// thread.
final class Api {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 60_000;
    private static final int STREAM_MILLIS = 3_600_000;
    private static final int DAY_MILLIS = 24 * 3_600_000;
    private static final int PAGE_ITEMS = 1000;
    private static final int UPLOAD_PIECE_BYTES = 1 << 18;

    /// Between the sendings of a request whose answer was lost: six of them, in six seconds.
    private static final long FIRST_PAUSE_MILLIS = 200;

    private static final long LAST_PAUSE_MILLIS = 3_200;

    static {
        // A POST is never repeated behind our back; the JDK reads this once, before its first.
        System.setProperty("sun.net.http.retryPost", "false");
    }

    private final Address address;

    Api(Address address) {
        this.address = address;
    }

    /// A part of a path, such as an id that somebody typed.
    ///
    /// @throws Failure when it is empty, as an unset variable of a script is: the path would then
    ///   ask for something else
    static String part(String text) {
        if (text.isBlank()) {
            throw new Failure(
                    "An id or name is empty",
                    "If it came from a variable of the shell, that variable is not set.");
        }
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    JsonNode get(String path) {
        return json("GET", path, null);
    }

    /// The same, or null when there is no such thing.
    @Nullable JsonNode find(String path) {
        try {
            var connection = open("GET", path, ANSWER_MILLIS);
            connection.setRequestProperty("Accept", "application/json");
            return connection.getResponseCode() == HttpURLConnection.HTTP_NOT_FOUND
                    ? null
                    : answer(connection);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /// All pages of a list as one.
    ObjectNode list(String path) {
        return list(path, Map.of());
    }

    /// The same of what some parameters say.
    ObjectNode list(String path, Map<String, String> parameters) {
        var first = new StringBuilder(path + "?limit=" + PAGE_ITEMS);
        parameters.forEach(
                (name, value) -> first.append('&').append(name).append('=').append(part(value)));
        return pages(first.toString());
    }

    private ObjectNode pages(String first) {
        var all = (ObjectNode) get(first);
        for (var page = all; page.hasNonNull("next"); ) {
            page = (ObjectNode) get(first + "&cursor=" + part(page.path("next").asText()));
            all.withArray("items").addAll(page.withArray("items"));
        }
        return all.putNull("next");
    }

    /// Asks for something that is to be done once: when the answer is lost, the request is sent
    /// again under the same key.
    JsonNode post(String path, @Nullable JsonNode body) {
        var key = UUID.randomUUID().toString();
        var lost = false;
        for (long pause = FIRST_PAUSE_MILLIS; ; pause *= 2) {
            try {
                return request("POST", path, body, Map.of("Idempotency-Key", key));
            } catch (IOException e) {
                lost |= !isAbsent(e);
                if (!lost || pause > LAST_PAUSE_MILLIS) {
                    throw broken(e);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pause));
            }
        }
    }

    /// @param tag the version that is to be replaced, as an entity tag, or null for any
    JsonNode put(String path, JsonNode body, @Nullable String tag) {
        return json("PUT", path, body, tag);
    }

    JsonNode delete(String path) {
        return json("DELETE", path, null);
    }

    private JsonNode json(String method, String path, @Nullable JsonNode body) {
        return json(method, path, body, null);
    }

    private JsonNode json(
            String method, String path, @Nullable JsonNode body, @Nullable String tag) {
        try {
            return request(method, path, body, tag == null ? Map.of() : Map.of("If-Match", tag));
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /// @throws IOException when there is no answer, or not yet
    private JsonNode request(
            String method, String path, @Nullable JsonNode body, Map<String, String> headers)
            throws IOException {
        var connection = open(method, path, ANSWER_MILLIS);
        connection.setRequestProperty("Accept", "application/json");
        headers.forEach(connection::setRequestProperty);
        if (body != null) {
            send(connection, "application/json", Json.bytes(body));
        }
        return answer(connection);
    }

    /// Asks for something that may be long.
    ///
    /// @param text a plain text to send, or null to GET
    /// @param accept the media type that is wanted
    Answer open(String path, @Nullable String text, String accept) {
        try {
            var connection = open(text == null ? "GET" : "POST", path, STREAM_MILLIS);
            connection.setRequestProperty("Accept", accept);
            if (text != null) {
                send(
                        connection,
                        "text/plain; charset=utf-8",
                        text.getBytes(StandardCharsets.UTF_8));
            }
            return new Answer(this, checked(connection));
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /// Asks once for something that is answered when it is done, within a day.
    JsonNode await(String path, JsonNode body) {
        try {
            var connection = open("POST", path, DAY_MILLIS);
            connection.setRequestProperty("Accept", "application/json");
            send(connection, "application/json", Json.bytes(body));
            return answer(connection);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /// Whether the server is on this machine, as far as its address tells.
    boolean isHere() {
        return address.isLoopback();
    }

    /// Sends a file of any length in constant memory.
    ///
    /// @throws IOException when the connection broke while it was sent, or the server cannot take
    ///   it at present; if it refused the file, that can no longer be read
    JsonNode upload(String path, Upload upload) throws IOException {
        return upload("PUT", path, upload);
    }

    /// The same of a source that is only looked at, and not kept.
    JsonNode send(String path, Upload upload) throws IOException {
        return upload("POST", path, upload);
    }

    /// The same of several, as the files of a form.
    JsonNode send(String path, SourceForm form) throws IOException {
        return upload("POST", path, form.mediaType(), -1, form::writeTo);
    }

    /// Sends some bytes of a source that is only looked at.
    JsonNode send(String path, byte[] head) {
        try {
            var connection = open("POST", path, ANSWER_MILLIS);
            connection.setRequestProperty("Accept", "application/json");
            send(connection, "text/csv", head);
            return answer(connection);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /// What is sent, in constant memory.
    private interface Body {
        void writeTo(OutputStream out, byte[] buffer) throws IOException;
    }

    private JsonNode upload(String method, String path, Upload upload) throws IOException {
        return upload(method, path, "text/csv", upload.bytesLeft(), upload::copyTo);
    }

    /// @param bytes how many are sent, or -1 when nobody knows
    private JsonNode upload(String method, String path, String type, long bytes, Body body)
            throws IOException {
        var connection = open(method, path, STREAM_MILLIS);
        connection.setRequestProperty("Accept", "application/json");
        connection.setRequestProperty("Content-Type", type);
        connection.setDoOutput(true);
        if (bytes >= 0) {
            connection.setFixedLengthStreamingMode(bytes);
        } else {
            connection.setChunkedStreamingMode(UPLOAD_PIECE_BYTES);
        }
        // Not by try-with-resources: to close what goes in chunks says that it is whole.
        var out = connection.getOutputStream();
        try {
            body.writeTo(out, new byte[UPLOAD_PIECE_BYTES]);
        } catch (Failure | IOException e) {
            connection.disconnect();
            throw e;
        }
        out.close();
        try {
            return answer(connection);
        } catch (Failure e) {
            if (e.getCause() instanceof IOException passing) {
                throw passing;
            }
            throw e;
        }
    }

    /// Whether the same request may succeed later: the server did not answer, or said so.
    static boolean passes(Failure e) {
        return e.getCause() instanceof IOException;
    }

    private HttpURLConnection open(String method, String path, int answerMillis)
            throws IOException {
        var url = URI.create(address.url() + path).toURL();
        var connection = (HttpURLConnection) url.openConnection();
        connection.setRequestMethod(method);
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(answerMillis);
        connection.setInstanceFollowRedirects(false);
        if (address.token() != null) {
            connection.setRequestProperty("Authorization", "Bearer " + address.token());
        }
        return connection;
    }

    private static void send(HttpURLConnection connection, String type, byte[] body)
            throws IOException {
        connection.setRequestProperty("Content-Type", type);
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
    }

    private JsonNode answer(HttpURLConnection connection) throws IOException {
        try (var in = checked(connection).getInputStream()) {
            return Json.read(in.readAllBytes());
        }
    }

    private HttpURLConnection checked(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status >= 200 && status < 300) {
            return connection;
        }
        throw problem(status, connection);
    }

    /// What a problem document (RFC 9457) says.
    private Failure problem(int status, HttpURLConnection connection) throws IOException {
        JsonNode problem;
        try (var in = connection.getErrorStream()) {
            problem = in == null ? Json.object() : Json.read(in.readAllBytes());
        } catch (IOException notJson) {
            problem = Json.object();
        }
        if (!problem.hasNonNull("detail")) {
            return new Failure(
                    "%s answers with HTTP %d".formatted(connection.getURL(), status),
                    "Check that this is the address of a Millrace: " + address.url());
        }
        var code = problem.path("code").asText();
        if (code.equals("IDEMPOTENCY_IN_PROGRESS")) {
            throw new IOException(problem.path("detail").asText());
        }
        var remedy = problem.path("remedy").asText("");
        var detail = problem.path("detail").asText();
        return new Failure(
                detail,
                remedy.isEmpty() ? null : remedy,
                isPassing(status, code) ? new IOException(detail) : null,
                code);
    }

    private static boolean isPassing(int status, String code) {
        return status == 429
                || status == 502
                || status == 503
                || status == 504
                || code.equals("UPLOAD_INTERRUPTED")
                || code.equals("UPLOAD_OFFSET");
    }

    /// What to say of a connection that failed.
    Failure broken(IOException e) {
        return isAbsent(e)
                ? absent(e)
                : new Failure(
                        "The answer of %s broke off: %s".formatted(address.url(), e.getMessage()),
                        null,
                        e);
    }

    /// Whether nobody was there to be asked.
    private static boolean isAbsent(IOException e) {
        return switch (e) {
            case ConnectException _, UnknownHostException _, NoRouteToHostException _ -> true;
            case SocketTimeoutException timeout ->
                    String.valueOf(timeout.getMessage()).contains("onnect");
            default -> false;
        };
    }

    private Failure absent(IOException e) {
        return new Failure(
                "Millrace does not answer at %s. Start it with: millrace up"
                        .formatted(address.url()),
                null,
                e);
    }
}
