package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.core.Job;
import dev.millrace.core.JobState;
import dev.millrace.core.Phase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JobEventsTest {
    private RunningApi api;
    private Job job;

    @BeforeEach
    void start() throws Exception {
        api = new RunningApi().start();
        api.sendJson("POST", "/api/v1/models", "{\"name\":\"m\",\"schema\":{\"a\":\"Int8\"}}");
        api.sendJson("POST", "/api/v1/jobs", "{\"model\":\"m\"}");
        job = api.catalog.jobs.getFirst();
        put(JobState.RUNNING, Phase.LOADING, 100);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private void put(JobState state, Phase phase, long read) {
        api.catalog.put(FakeJob.later(job, state, phase, read));
    }

    private record Event(String id, String type, JsonNode data) {}

    /// A client of one stream.
    private record Listener(HttpResponse<java.io.InputStream> answer, BufferedReader lines)
            implements AutoCloseable {
        /// The next event, or null at the stream's end.
        @Nullable Event next() throws IOException {
            var line = lines.readLine();
            while (line != null && (line.isEmpty() || line.startsWith(":"))) {
                line = lines.readLine();
            }
            if (line == null) {
                return null;
            }
            var event =
                    new Event(
                            line.substring("id: ".length()),
                            lines.readLine().substring("event: ".length()),
                            new JsonMapper()
                                    .readTree(lines.readLine().substring("data: ".length())));
            assertThat(lines.readLine()).isEmpty();
            return event;
        }

        Event event() throws IOException {
            return Objects.requireNonNull(next(), "the stream has ended");
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    private Listener listen(@Nullable String lastId) throws Exception {
        var request = api.request("/api/v1/jobs/last/events").timeout(Duration.ofSeconds(50));
        if (lastId != null) {
            request.header("Last-Event-ID", lastId);
        }
        var answer = api.client.send(request.build(), BodyHandlers.ofInputStream());
        var reader = new InputStreamReader(answer.body(), StandardCharsets.UTF_8);
        return new Listener(answer, new BufferedReader(reader));
    }

    @Test
    void aStreamTellsHowTheJobIsThenWhatChangesThenItsEnd() throws Exception {
        try (var stream = listen(null)) {
            assertThat(stream.answer().headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
            var first = stream.event();
            ContractTest.assertDocumented("Progress", first.data());
            assertThat(first.type()).isEqualTo("progress");
            assertThat(first.data().get("percent").asDouble()).isEqualTo(10);
            assertThat(first.data().at("/rows/read").asLong()).isEqualTo(100);
            assertThat(first.data().get("waitingSeconds").asDouble()).isEqualTo(3);
            assertThat(first.data().get("version").asText()).isEqualTo(first.id());

            put(JobState.RUNNING, Phase.LOADING, 255);
            var second = stream.event();
            assertThat(second.data().get("percent").asDouble()).isEqualTo(25.5);
            assertThat(second.id()).isNotEqualTo(first.id());

            put(JobState.SUCCESS, Phase.PUBLISHED, 1_000);
            var end = stream.event();
            assertThat(end.type()).isEqualTo("end");
            ContractTest.assertDocumented("Job", end.data());
            assertThat(end.data().at("/rows/published").asLong()).isEqualTo(1_000);
            assertThat(end.data().get("rowsPerSecond").asDouble()).isEqualTo(50);
            assertThat(end.data().get("bytesPerSecond").asDouble()).isEqualTo(500);
            assertThat(stream.next()).isNull();
        }
    }

    @Test
    void whoComesBackIsToldHowTheJobIsNow() throws Exception {
        String id;
        try (var stream = listen(null)) {
            id = stream.event().id();
        }
        try (var again = listen(id)) {
            assertThat(again.event().id()).isEqualTo(id);
        }
        put(JobState.SUCCESS, Phase.PUBLISHED, 1_000);
        try (var late = listen(id)) {
            var end = late.event();
            assertThat(end.type()).isEqualTo("end");
            id = end.id();
        }
        try (var needless = listen(id)) {
            assertThat(needless.answer().statusCode()).isEqualTo(204);
        }
    }

    @Test
    void aJobThatChangesOftenIsToldFourTimesASecondAtMost() throws Exception {
        var begun = System.nanoTime();
        try (var stream = listen(null)) {
            stream.event();
            for (var read = 101; read < 900; read++) {
                put(JobState.RUNNING, Phase.LOADING, read);
            }
            put(JobState.RUNNING, Phase.SEALED, 1_000);
            var told = new ArrayList<Event>();
            do {
                told.add(stream.event());
            } while (!told.getLast().data().get("phase").asText().equals("SEALED"));
            var seconds = (System.nanoTime() - begun) / 1e9;
            assertThat(told.size()).isLessThanOrEqualTo((int) (seconds * 4) + 1);
        }
    }

    @Test
    void streamsAreBoundedAndOneThatNobodyHearsGivesItsPlaceUp() throws Exception {
        var streams = new ArrayList<Listener>();
        for (var i = 0; i < JobEvents.MOST; i++) {
            streams.add(listen(null));
        }
        var refused = api.get("/api/v1/jobs/last/events");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(RunningApi.json(refused).get("code").asText()).isEqualTo("TOO_BUSY");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();

        streams.removeFirst().close();
        var end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        for (var read = 101L; ; read++) {
            put(JobState.RUNNING, Phase.LOADING, read);
            try (var another = listen(null)) {
                if (another.answer().statusCode() == 200) {
                    break;
                }
            }
            assertThat(System.nanoTime()).as("a place within 20 s").isLessThan(end);
        }
        put(JobState.CANCELLED, Phase.LOADING, 101);
        for (var stream : streams) {
            stream.close();
        }
    }

    @Test
    void closingTheServerEndsItsStreams() throws Exception {
        try (var stream = listen(null)) {
            stream.event();
            var closing = Thread.ofVirtual().start(() -> api.api().close());
            assertThat(stream.next()).isNull();
            assertThat(closing.join(Duration.ofSeconds(5))).isTrue();
        }
    }

    @Test
    void anUnknownJobHasNoStream() throws Exception {
        assertThat(api.get("/api/v1/jobs/00000000/events").statusCode()).isEqualTo(404);
    }
}
