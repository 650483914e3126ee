package dev.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.core.CrashPoint;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server dies when it has done what was asked and has not said so: the same request, sent again
/// under its key, does it no second time.
class RequestsDoneOnceTest {
    private static final String JSON = "application/json";
    private static final byte[] MODEL =
            "{\"name\": \"m\", \"schema\": {\"n\": \"Int32\"}}".getBytes(UTF_8);
    private static final byte[] JOB = "{\"model\": \"m\"}".getBytes(UTF_8);
    private static final byte[] SOURCE = "n\n1\n2\n3\n".getBytes(UTF_8);

    @TempDir private Path folder;

    /// @return the answer to the request when it is sent again, to a server that does not die
    private static HttpResponse<String> afterACrash(
            Site site, String key, String path, String type, byte[] body) throws Exception {
        var crash = Map.of("MILLRACE_CRASH_AT", "BEFORE_" + CrashPoint.ANSWER);
        var doomed = site.serve(crash);
        assertThatThrownBy(() -> doomed.api().postOnce(key, path, type, body))
                .isInstanceOf(IOException.class);
        assertThat(doomed.program().awaitExit()).isEqualTo(137);
        var server = site.serve(Map.of());
        var answer = server.api().postOnce(key, path, type, body);
        assertThat(server.api().postOnce(key, path, type, body).body()).isEqualTo(answer.body());
        server.program().close();
        return answer;
    }

    @Test
    void whatAServerMadeBeforeItDiedIsNotMadeTwice() throws Exception {
        try (var site = new Site(folder)) {
            var model = afterACrash(site, "model", "/api/v1/models", JSON, MODEL);
            assertThat(model.statusCode()).as(model.body()).isEqualTo(201);

            var job = afterACrash(site, "job", "/api/v1/jobs", JSON, JOB);
            assertThat(job.statusCode()).as(job.body()).isEqualTo(201);

            site.work("steady", Map.of());
            var load = afterACrash(site, "load", "/api/v1/jobs?model=m", "text/csv", SOURCE);
            assertThat(load.statusCode()).as(load.body()).isEqualTo(202);

            var api = site.serve(Map.of()).api();
            var loaded =
                    api.awaitFinal(new ObjectMapper().readTree(load.body()).get("id").asText());
            assertThat(loaded.get("state").asText()).isEqualTo("SUCCESS");
            assertThat(api.get("/api/v1/models").get("items")).hasSize(1);
            assertThat(api.get("/api/v1/jobs").get("items")).hasSize(2);
            assertThat(api.sql("SELECT count() FROM " + loaded.at("/model/table").asText()))
                    .containsExactly("3");
        }
    }
}
