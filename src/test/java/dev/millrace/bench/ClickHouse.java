package dev.millrace.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// The benchmark's Millrace's ClickHouse, as a user of the benchmark's own: one who may read files,
/// which Millrace's users may not. Thread-safe.
///
/// @param http its HTTP interface
record ClickHouse(HttpClient client, String http) {
    static final String DATABASE = "millrace";
    private static final String USER = "bench";
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /// ClickHouse adds what stands in `users.d` to its `users.xml`, which Millrace writes at each
    /// start. Times without a zone are UTC, as for Millrace; an insert is done when it is answered.
    private static final String USERS =
            """
            <clickhouse>
              <profiles>
                <bench>
                  <max_memory_usage>0</max_memory_usage>
                  <session_timezone>UTC</session_timezone>
                  <async_insert>0</async_insert>
                </bench>
              </profiles>
              <users>
                <bench>
                  <password/>
                  <networks><ip>127.0.0.1</ip></networks>
                  <profile>bench</profile>
                  <quota>default</quota>
                  <default_database>millrace</default_database>
                  <grants>
                    <query>GRANT SELECT, INSERT, CREATE TABLE, DROP TABLE, SYSTEM MERGES ON millrace.*</query>
                    <query>GRANT SHOW ON millrace_staging.*</query>
                    <query>GRANT SELECT ON system.*</query>
                    <query>GRANT READ ON FILE</query>
                    <query>GRANT CREATE TEMPORARY TABLE ON *.*</query>
                  </grants>
                </bench>
              </users>
            </clickhouse>
            """;

    /// Declares the user in a data folder that was never started.
    static void declareUser(Path data) throws IOException {
        var folder = data.resolve("clickhouse/users.d");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("bench.xml"), USERS);
    }

    /// Where a statement is sent. (To a path that ends with a slash `curl -T` adds the file's
    /// name.)
    String url() {
        return "%s/query?user=%s&database=%s".formatted(http, USER, DATABASE);
    }

    /// Where the data of a statement are sent.
    String url(String statement) {
        return url() + "&query=" + URLEncoder.encode(statement, UTF_8);
    }

    /// Runs a statement.
    ///
    /// @return the answer, as lines of fields with tabs between
    String run(String statement) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(url()))
                        .timeout(LIMIT)
                        .POST(BodyPublishers.ofString(statement))
                        .build();
        var answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("%s: %s".formatted(statement, answer.body()));
        }
        return answer.body().strip();
    }

    long number(String query) throws IOException, InterruptedException {
        return Long.parseLong(run(query));
    }
}
