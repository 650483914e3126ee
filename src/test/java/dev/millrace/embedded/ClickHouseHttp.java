package dev.millrace.embedded;

import dev.millrace.embedded.Addresses.Login;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Asks ClickHouse as a user over HTTP, and returns what it says, errors too.
record ClickHouseHttp(String url, Login login) {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    static ClickHouseHttp anonymous(String url) {
        return new ClickHouseHttp(url, new Login("default", ""));
    }

    /// @throws AssertionError when it is refused
    String run(String sql) {
        var answer = send(sql);
        if (answer.statusCode() != 200) {
            throw new AssertionError(sql + "\n" + answer.body());
        }
        return answer.body().strip();
    }

    /// The error that it answers with.
    ///
    /// @throws AssertionError when it is allowed
    String refusal(String sql) {
        var answer = send(sql);
        if (answer.statusCode() == 200) {
            throw new AssertionError("allowed: " + sql + "\n" + answer.body());
        }
        return answer.body();
    }

    private HttpResponse<String> send(String sql) {
        var request =
                HttpRequest.newBuilder(URI.create(url))
                        .timeout(Duration.ofSeconds(20))
                        .header("X-ClickHouse-User", login.user())
                        .header("X-ClickHouse-Key", login.password())
                        .POST(BodyPublishers.ofString(sql));
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(sql, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// As a browser's address line or `curl` would ask.
    String get(String sql) {
        try {
            var address =
                    URI.create(url + "/?query=" + URLEncoder.encode(sql, StandardCharsets.UTF_8));
            return CLIENT.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                    .body()
                    .strip();
        } catch (IOException e) {
            throw new AssertionError(sql, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
