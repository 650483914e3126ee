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
import java.util.concurrent.locks.LockSupport;
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
        return listen(lastId, api.tokens.issue("ada", Duration.ofMinutes(5)));
    }

    private Listener listen(@Nullable String lastId, String token) throws Exception {
        var request =
                api.anonymous("/api/v1/jobs/last/events")
                        .header("Authorization", "Bearer " + token)
                        .timeout(Duration.ofSeconds(50));
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
        for (var i = 0; i < StreamPlaces.MOST_OF_ONE; i++) {
            streams.add(listen(null));
        }
        var one = api.get("/api/v1/jobs/last/events");
        assertThat(one.statusCode()).isEqualTo(429);
        assertThat(one.body()).contains("'ada' has 50 streams");
        while (streams.size() < StreamPlaces.MOST) {
            streams.add(listen(null, api.tokens.issue("bob", Duration.ofMinutes(5))));
        }
        assertThat(api.streams).hasValue(100);
        var refused = api.get("/api/v1/jobs/last/events");
        assertThat(refused.statusCode()).isEqualTo(429);
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

    /// However often the job changes, and however many follow it.
    @Test
    void allStreamsOfAJobShareTheirLooksAtTheCatalog() throws Exception {
        var streams = new ArrayList<Listener>();
        for (var i = 0; i < 20; i++) {
            streams.add(listen(null));
        }
        api.catalog.looks.set(0);
        var begun = System.nanoTime();
        for (var read = 101; System.nanoTime() - begun < 2_000_000_000L; read++) {
            put(JobState.RUNNING, Phase.LOADING, read);
            LockSupport.parkNanos(1_000_000);
        }
        put(JobState.SUCCESS, Phase.PUBLISHED, 1_000);
        for (var stream : streams) {
            while (!stream.event().type().equals("end")) {
                // told of what was before
            }
            stream.close();
        }
        var seconds = (System.nanoTime() - begun) / 1e9;
        assertThat(api.catalog.looks.get()).isLessThanOrEqualTo((int) (seconds * 4) + 2);
    }

    @Test
    void whoWaitsForAJobLooksLessOftenTheLongerItTakes() throws Exception {
        var waiting =
                api.client.sendAsync(
                        api.request("/api/v1/jobs/last?waitMillis=3000").build(),
                        BodyHandlers.ofString());
        var read = 101;
        while (!waiting.isDone()) {
            put(JobState.RUNNING, Phase.LOADING, read++);
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(waiting.get().statusCode()).isEqualTo(200);
        assertThat(api.catalog.looks.get()).isLessThan(120);
    }

    @Test
    void aStreamOutlivesAnOutageOfTheCatalog() throws Exception {
        try (var stream = listen(null)) {
            stream.event();
            var before = api.catalog.looks.get();
            api.catalog.away = true;
            for (var read = 101; api.catalog.looks.get() < before + 3; read++) {
                put(JobState.RUNNING, Phase.LOADING, read);
                LockSupport.parkNanos(1_000_000);
            }
            api.catalog.away = false;
            put(JobState.SUCCESS, Phase.PUBLISHED, 1_000);
            var next = stream.event();
            while (!next.type().equals("end")) {
                next = stream.event();
            }
        }
    }

    @Test
    void aStreamThatFindsTheCatalogAwayAtItsBeginIsRefused() throws Exception {
        api.catalog.away = true;
        var refused = api.get("/api/v1/jobs/last/events");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(RunningApi.json(refused).get("code").asText()).isEqualTo("CATALOG_UNAVAILABLE");
    }

    @Test
    void aStreamEndsWithItsToken() throws Exception {
        try (var stream = listen(null, api.tokens.issue("ada", Duration.ofSeconds(2)))) {
            assertThat(stream.answer().headers().firstValue("X-Accel-Buffering")).hasValue("no");
            stream.event();
            var last = stream.next();
            while (last != null) {
                assertThat(last.type()).isEqualTo("progress");
                last = stream.next();
            }
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
