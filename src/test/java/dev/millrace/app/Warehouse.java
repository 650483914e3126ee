package dev.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.Engines;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// The shared ClickHouse itself, asked past Millrace as the user who loads. Thread-safe.
final class Warehouse {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Warehouse() {}

    /// Runs a statement.
    ///
    /// @return the answer's lines
    static List<String> sql(String statement) throws IOException, InterruptedException {
        var answer = HTTP.send(asked(statement), BodyHandlers.ofString(UTF_8));
        if (answer.statusCode() != 200) {
            throw new IOException(answer.body());
        }
        return answer.body().lines().toList();
    }

    /// Writes the answer into a file.
    static void sql(String statement, Path file) throws IOException, InterruptedException {
        HTTP.send(asked(statement), BodyHandlers.ofFile(file));
    }

    private static HttpRequest asked(String statement) {
        var clickhouse = Engines.clickhouse();
        return HttpRequest.newBuilder(URI.create(clickhouse.url() + "/?database=millrace"))
                .header("X-ClickHouse-User", clickhouse.user().user())
                .header("X-ClickHouse-Key", clickhouse.user().password())
                .POST(BodyPublishers.ofString(statement))
                .build();
    }

    /// What a table of [RandomFile#SCHEMA] holds.
    static Content content(String table) throws IOException, InterruptedException {
        return Content.parse(sql(Content.query(table, RandomFile.ROW)).getFirst());
    }

    /// The staging tables that there are.
    static Set<String> staging() throws IOException, InterruptedException {
        return Set.copyOf(
                sql("SELECT name FROM system.tables WHERE database = 'millrace_staging'"));
    }
}
