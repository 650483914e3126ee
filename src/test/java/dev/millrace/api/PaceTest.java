package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Job;
import dev.millrace.core.JobState;
import dev.millrace.core.Phase;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PaceTest {
    private final Pace pace = new Pace();
    private RunningApi api;
    private Job job;

    @BeforeEach
    void start() throws Exception {
        api = new RunningApi().start();
        api.sendJson("POST", "/api/v1/models", "{\"name\":\"m\",\"schema\":{\"a\":\"Int8\"}}");
        api.sendJson("POST", "/api/v1/jobs", "{\"model\":\"m\"}");
        job = api.catalog.jobs.getFirst();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private Job read(long rows) {
        return FakeJob.later(job, JobState.RUNNING, Phase.LOADING, rows);
    }

    private Pace.@Nullable Rate look(double second, long rows) {
        var now = FakeJob.BEGUN.plusMillis((long) (second * 1000));
        return pace.of(read(rows), now);
    }

    private double rate(double second, long rows) {
        return Objects.requireNonNull(look(second, rows)).rows();
    }

    @Test
    void nothingReadHasNoPace() {
        assertThat(pace.of(job, FakeJob.BEGUN)).isNull();
        assertThat(look(5, 0)).isNull();
        assertThat(look(0, 7)).as("no time has passed").isNull();
    }

    @Test
    void theFirstLookTellsTheMeanSinceTheStart() {
        assertThat(rate(100, 400)).isEqualTo(4);
        assertThat(look(100, 400)).isEqualTo(new Pace.Rate(4, 40, 40));
    }

    @Test
    void laterLooksTellTheLastTenSeconds() {
        for (var second = 1; second <= 30; second++) {
            rate(second, second); // one a second
        }
        assertThat(rate(35, 80)).isEqualTo((80 - 25) / 10.0);
        assertThat(rate(45, 80)).as("nothing for ten seconds").isZero();
    }

    @Test
    void whoLooksSeldomIsToldWhatWasSinceTheLastLook() {
        rate(10, 10);
        assertThat(rate(70, 610)).isEqualTo(10);
    }

    @Test
    void looksThatComeQuickTakeNoMoreMemoryAndChangeNothing() {
        for (var i = 1; i <= 20_000; i++) {
            rate(i / 1000.0, i);
        }
        assertThat(rate(20.001, 20_001)).isEqualTo(1_000);
    }

    @Test
    void aNewAttemptBeginsFromNothing() {
        rate(1, 500);
        rate(2, 1_000);
        assertThat(rateInAttempt(2, 4, 10)).isEqualTo(5);
        assertThat(rateInAttempt(2, 6, 40)).isEqualTo(10);
    }

    private double rateInAttempt(int attempt, double second, long rows) {
        var now = FakeJob.BEGUN.plusMillis((long) (second * 1000));
        return Objects.requireNonNull(pace.of(FakeJob.inAttempt(job, attempt, rows), now)).rows();
    }

    /// Two watchers read the job one after the other and are shown it the other way round.
    @Test
    void aLookThatComesLateTellsWhatIsKnownAndSpoilsNothing() {
        rate(1, 1_000);
        rate(2, 2_000);
        assertThat(rate(2.5, 1_900)).isEqualTo(2_000 / 2.5);
        assertThat(rate(3, 3_000)).isEqualTo(1_000);
        rateInAttempt(2, 4, 500);
        assertThat(rate(4.5, 3_000)).as("of the attempt before").isEqualTo(500 / 1.5);
        assertThat(rateInAttempt(2, 5, 1_000)).isEqualTo(500);
    }

    @Test
    void aFinalJobsPaceIsThatOfItsProcessing() {
        rate(1, 1);
        var done = FakeJob.later(job, JobState.SUCCESS, Phase.PUBLISHED, 1_000);
        assertThat(Objects.requireNonNull(pace.of(done, FakeJob.BEGUN.plusSeconds(999))).rows())
                .isEqualTo(50);
    }

    @Test
    void timeLeftIsKnownOnlyWhileRowsMoveThroughASourceOfKnownLength() {
        assertThat(secondsLeft(Phase.UPLOADING, 100, 10_000)).isEqualTo(9);
        assertThat(secondsLeft(Phase.LOADING, 100, -1)).isEqualTo(9);
        assertThat(secondsLeft(Phase.UPLOADING, 100, -1)).isNull();
        assertThat(secondsLeft(Phase.UPLOADING, 0, 10_000)).isNull();
        assertThat(secondsLeft(Phase.SEALED, 1_000, 10_000)).isNull();
    }

    private @Nullable Double secondsLeft(Phase phase, long read, long declared) {
        var now = FakeJob.BEGUN.plusSeconds(1);
        var running = FakeJob.later(job, JobState.RUNNING, phase, read, declared);
        return Progress.of(running, new Pace().of(running, now), now).secondsLeft();
    }
}
