package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.JobState;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Phase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What one client is told, by a clock that a test sets.
class EventStreamTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicReference<Instant> now =
            new AtomicReference<>(FakeJob.BEGUN.plusSeconds(1));
    private final JobView view = new JobView(now::get, _ -> Map.of());
    private final EventStream quiet = new EventStream(out, view, Duration.ofHours(1));
    private RunningApi api;
    private Job job;

    @BeforeEach
    void start() throws Exception {
        api = new RunningApi().start();
        api.sendJson("POST", "/api/v1/models", "{\"name\":\"m\",\"schema\":{\"a\":\"Int8\"}}");
        api.sendJson("POST", "/api/v1/jobs", "{\"model\":\"m\"}");
        job = FakeJob.later(api.catalog.jobs.getFirst(), JobState.RUNNING, Phase.LOADING, 100);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private String said() {
        var text = out.toString(StandardCharsets.UTF_8);
        out.reset();
        return text;
    }

    @Test
    void nothingIsSaidTwice() {
        assertThat(quiet.look(job)).isTrue();
        assertThat(said())
                .startsWith("id: ")
                .contains("\nevent: progress\ndata: {")
                .endsWith("}\n\n");
        assertThat(quiet.look(job)).isTrue();
        assertThat(said()).isEmpty();
    }

    @Test
    void aHeaderIsNewsAndALongDefaultIsShownCut() throws Exception {
        var schema =
                "{\"columns\":{\"a\":\"Int8\",\"b\":{\"type\":\"String\",\"default\":\"%s\"}}}"
                        .formatted("x".repeat(199) + "😀");
        api.sendJson("POST", "/api/v1/models", "{\"name\":\"n\",\"schema\":%s}".formatted(schema));
        api.sendJson("POST", "/api/v1/jobs", "{\"model\":\"n\"}");
        var created =
                api.catalog.jobs.stream()
                        .filter(j -> j.model().name().equals("n"))
                        .findFirst()
                        .orElseThrow();
        var read = FakeJob.withHeader(created, "A");
        assertThat(JobView.version(read)).isNotEqualTo(JobView.version(created));
        var source = view.of(read).get("source");
        assertThat(source.get("header").toString()).isEqualTo("[\"A\"]");
        assertThat(source.at("/renamedColumns/0/column").asText()).isEqualTo("a");
        assertThat(source.at("/absentColumns/0/default").asText()).isEqualTo("x".repeat(199) + "…");
    }

    @Test
    void aJobThatStandsStillIsToldAsItsPaceFalls() {
        quiet.look(job);
        assertThat(said()).contains("\"rowsPerSecond\":100.0").contains("\"secondsLeft\":9.0");
        now.set(FakeJob.BEGUN.plusSeconds(2));
        quiet.look(job);
        assertThat(said()).contains("\"rowsPerSecond\":50.0").contains("\"secondsLeft\":18.0");
        now.set(FakeJob.BEGUN.plusSeconds(30));
        quiet.look(job);
        assertThat(said()).contains("\"rowsPerSecond\":0.0").contains("\"secondsLeft\":null");
    }

    @Test
    void aSilentStreamGivesASignOfLife() {
        var stream = new EventStream(out, view, Duration.ZERO);
        stream.look(job);
        said();
        stream.look(job);
        assertThat(said()).isEqualTo(":\n\n");
    }

    @Test
    void aStreamIsKeptOpenWhileTheCatalogIsAwayButNotBegun() {
        var away = new MillraceException(ErrorCode.CATALOG_UNAVAILABLE, "Gone");
        var stream = new EventStream(out, view, Duration.ZERO);
        assertThatThrownBy(() -> stream.miss(away)).isSameAs(away);
        stream.look(job);
        said();
        stream.miss(away);
        assertThat(said()).isEqualTo(":\n\n");
    }

    @Test
    void aClientThatIsGoneEndsItsStream() {
        var gone =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("gone");
                    }
                };
        assertThatThrownBy(() -> new EventStream(gone, view, Duration.ZERO).look(job))
                .isInstanceOf(UncheckedIOException.class);
    }
}
