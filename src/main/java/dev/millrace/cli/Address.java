package dev.millrace.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where Millrace answers, and the token it wants.
///
/// @param url without a slash at its end
/// @param token null when there is none
record Address(String url, @Nullable String token) {
    private static final String DEFAULT_URL = "http://127.0.0.1:8000";

    /// What `millrace up` leaves in its data folder for the commands of the same user.
    private static final String FILE = "client.json";

    /// Takes each part from the first that has it: the flag, the environment, the data folder's
    /// file. The file's token goes to the file's own server only.
    ///
    /// @throws Failure when the file cannot be read or the URL is none
    static Address find(
            @Nullable String url,
            @Nullable String token,
            @Nullable Path data,
            Map<String, String> environment) {
        var said = first(url, environment.get("MILLRACE_URL"), environment.get("BATCH_API_URL"));
        var saidToken = first(token, environment.get("MILLRACE_TOKEN"));
        var file = said != null && saidToken != null ? null : file(dataFolder(data, environment));
        var fileUrl = file == null ? null : file.url();
        var found = normal(first(said, fileUrl, DEFAULT_URL));
        if (saidToken == null && file != null && isSameServer(found, normal(file.url()))) {
            return new Address(found, file.token());
        }
        return new Address(found, saidToken);
    }

    /// The flag's, MILLRACE_DATA's, or `millrace` in the user's data folder after the XDG Base
    /// Directory Specification.
    static Path dataFolder(@Nullable Path data, Map<String, String> environment) {
        if (data != null) {
            return data;
        }
        var named = first(environment.get("MILLRACE_DATA"));
        if (named != null) {
            return Path.of(named);
        }
        var user = first(environment.get("XDG_DATA_HOME"));
        var folder =
                user != null
                        ? Path.of(user)
                        : Path.of(System.getProperty("user.home"), ".local", "share");
        return folder.resolve("millrace");
    }

    private static @Nullable Address file(Path data) {
        var file = data.resolve(FILE);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            var json = Json.read(Files.readAllBytes(file));
            var token = json.path("token").asText("");
            return new Address(
                    json.path("url").asText(DEFAULT_URL), token.isEmpty() ? null : token);
        } catch (IOException e) {
            throw new Failure(
                    "Could not read %s: %s".formatted(file, e.getMessage()),
                    "Name the server with --url and --token, or start Millrace anew: millrace up",
                    e);
        }
    }

    private static String normal(@Nullable String url) {
        var text = String.valueOf(url).strip().replaceFirst("/+$", "");
        try {
            var uri = new URI(text);
            if (text.matches("https?://.*") && uri.getHost() != null) {
                return text;
            }
        } catch (URISyntaxException e) {
            throw noAddress(text, e);
        }
        throw noAddress(text, null);
    }

    private static Failure noAddress(String text, @Nullable Throwable cause) {
        return new Failure(
                "'%s' is no address of a Millrace".formatted(text),
                "Name it like http://127.0.0.1:8000, with --url or MILLRACE_URL.",
                cause);
    }

    private static boolean isSameServer(String one, String other) {
        var a = URI.create(one);
        var b = URI.create(other);
        return String.valueOf(a.getScheme()).equals(b.getScheme())
                && a.getPort() == b.getPort()
                && host(a).equals(host(b));
    }

    /// Whether it is one of this machine that no other can reach.
    boolean isLoopback() {
        var host = host(URI.create(url));
        return host.equals("127.0.0.1") || host.equals("[::1]");
    }

    private static String host(URI url) {
        var host = String.valueOf(url.getHost());
        return host.equals("localhost") ? "127.0.0.1" : host;
    }

    private static @Nullable String first(@Nullable String... values) {
        for (var value : values) {
            if (value != null && !value.isBlank()) {
                return value;
            }
        }
        return null;
    }
}
