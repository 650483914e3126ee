package dev.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.Engines;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A user of the earlier two-way tool moves a file into ClickHouse and out of it again, by the
/// routes and settings that this one had.
class OldToolTest {
    @TempDir Path folder;

    private static String form(String... parts) {
        var form = new StringBuilder();
        for (var i = 0; i < parts.length; i += 2) {
            form.append("--xYz\n");
            if (parts[i].equals("file")) {
                form.append(
                        "Content-Disposition: form-data; name=\"file\"; filename=\"people.csv\"\n");
            } else {
                form.append("Content-Disposition: form-data; name=\"%s\"\n".formatted(parts[i]));
            }
            form.append('\n').append(parts[i + 1]).append('\n');
        }
        return form.append("--xYz--\n").toString();
    }

    private static JsonNode send(ApiClient api, String path, String form) throws Exception {
        return api.post(
                path,
                "multipart/form-data; boundary=xYz",
                form.replace("\n", "\r\n").getBytes(UTF_8),
                202);
    }

    @Test
    void aFileGoesInAndComesOutByTheOldNames() throws Exception {
        try (var site = new Site(folder)) {
            var environment =
                    Map.of(
                            "MILLRACE_TOKEN_SECRET", "",
                            "JWT_SECRET", ApiClient.SECRET,
                            "MILLRACE_CONNECTIONS_HOSTS", "127.0.0.1");
            var server = site.serve(environment);
            assertThat(server.program().output())
                    .contains("setting=token.secret from=JWT_SECRET")
                    .doesNotContain(ApiClient.SECRET);
            var api = server.api();
            site.work("one", Map.of());
            var table = "old_people_" + ProcessHandle.current().pid();

            var made =
                    send(
                            api,
                            "/file-to-clickhouse",
                            form("table", table, "file", "id,name\n1,Ada\n2,Bo"));
            var first = made.path("job_id").asText();
            assertThat(made.path("table").asText()).isEqualTo(table);
            assertThat(api.awaitFinal(first).path("state").asText()).isEqualTo("SUCCESS");
            var started =
                    send(
                            api,
                            "/start-ingestion",
                            form("table", table, "delimiter", ";", "file", "id;name\n3;Cy\nx;Di"));
            var second = started.path("job_id").asText();
            api.awaitFinal(second);
            var after = api.get(started.path("progress").asText());
            assertThat(after.path("status").asText()).isEqualTo("PARTIAL_SUCCESS");
            assertThat(after.path("progress").asDouble()).isEqualTo(100);
            assertThat(after.path("rows").asInt()).isEqualTo(2);
            assertThat(after.path("kind").asText()).isEqualTo("load");

            var large = new StringBuilder("id,name\n");
            for (var i = 0; i < 900_000; i++) {
                large.append(i).append(",\"number ").append(i).append("\"\n");
            }
            large.append("none,last");
            var head =
                    send(
                            api,
                            "/file-to-clickhouse",
                            form("table", table + "_large", "file", large.toString()));
            var loaded = api.awaitFinal(head.path("job_id").asText());
            assertThat(loaded.path("state").asText()).isEqualTo("PARTIAL_SUCCESS");
            assertThat(loaded.path("rows").path("published").asInt()).isEqualTo(900_000);
            assertThat(loaded.path("rows").path("rejected").asInt()).isEqualTo(1);

            var asked = "{\"table\": \"%s\", \"columns\": [\"name\"]}".formatted(table);
            assertThat(sorted(file(api, asked)))
                    .containsExactly("\"Ada\"", "\"Bo\"", "\"Cy\"", "\"name\"");
            var url = URI.create(Engines.clickhouse().url());
            var reader = Engines.clickhouse().reader();
            var host =
                    "{\"host\": \"127.0.0.1\", \"port\": %d, \"database\": \"millrace\", \"user\": \"%s\", \"password\": \"%s\", \"table\": \"%s\"}"
                            .formatted(url.getPort(), reader.user(), reader.password(), table);
            for (var i = 0; i < 2; i++) {
                assertThat(sorted(file(api, host)))
                        .containsExactly("\"id\",\"name\"", "1,\"Ada\"", "2,\"Bo\"", "3,\"Cy\"");
            }
            var connections = api.get("/api/v1/connections").toString();
            assertThat(connections)
                    .contains("old 127.0.0.1 %d millrace reader".formatted(url.getPort()))
                    .doesNotContain(reader.password());

            var export =
                    api.post(
                            "/start-ingestion",
                            "application/json",
                            "{\"source\": \"clickhouse\", \"query\": \"SELECT 1 AS n\", \"format\": \"jsonl\"}"
                                    .getBytes(UTF_8),
                            202);
            var progress = export.path("progress").asText();
            assertThat(api.get(progress).path("status").asText()).isEqualTo("PENDING");
            assertThat(api.text(export.path("download").asText())).isEqualTo("{\"n\":1}\n");
            assertThat(api.get(progress).path("status").asText()).isEqualTo("SUCCESS");
            assertThat(api.get(progress).path("message").asText()).isEqualTo("success, 1 rows");
            for (var id : List.of(second, export.path("job_id").asText())) {
                assertThat(api.eventText("/progress/" + id)).contains("event: end");
            }
        }
    }

    private static String file(ApiClient api, String body) throws Exception {
        return api.postForText("/clickhouse/export", body);
    }

    private static List<String> sorted(String text) {
        return text.lines().sorted().toList();
    }
}
