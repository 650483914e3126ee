package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.JobSample;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Digest;
import dev.millrace.core.Job;
import dev.millrace.core.JobState;
import dev.millrace.core.LedgerTotals;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.ModelId;
import dev.millrace.core.Phase;
import dev.millrace.core.Source;
import dev.millrace.core.SourceOptions;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// How far a job of several sources is.
class ProgressTest {
    private static final Model MODEL =
            new Model(
                    new ModelId(UUID.randomUUID()),
                    "m",
                    1,
                    new ModelDefinition(
                            List.of(new Column("a", ColumnTypes.parse("UInt8"))),
                            null,
                            null,
                            List.of(),
                            null),
                    "me",
                    "default",
                    Instant.EPOCH);

    private static Source source(int ordinal, long declared, long received) {
        return new Source(
                ordinal,
                ordinal + ".csv",
                SourceOptions.DETECT,
                null,
                declared,
                received,
                0,
                0,
                null,
                null);
    }

    private static Job job(long loadedBytes, int due, Source... sources) {
        return JobSample.of(MODEL)
                .at(JobState.RUNNING, Phase.UPLOADING)
                .sources(List.of(sources), due)
                .ledger(new LedgerTotals(1, 5, 50, new Digest(5, 1, 1), 0, loadedBytes, 0))
                .job();
    }

    @Test
    void itIsTheShareOfAllBytes() {
        assertThat(Progress.share(job(200, 1, source(0, 100, 100), source(1, 300, 150))))
                .isEqualTo(0.5);
    }

    @Test
    void aSourceOfWhichNobodyKnowsHowLongItIsCountsAsTheOthersDo() {
        var job =
                job(
                        50,
                        0,
                        source(0, 100, 50),
                        source(1, -1, 0),
                        source(2, 200, 0),
                        source(3, -1, 0));

        assertThat(Progress.share(job)).isEqualTo(50 / 600.0);
        assertThat(Progress.of(job, new Pace.Rate(1, 10, 10), Instant.EPOCH).secondsLeft())
                .isNull();
    }

    @Test
    void theTimeLeftIsThatOfAllSources() {
        var job = job(100, 1, source(0, 100, 100), source(1, 200, 10), source(2, 300, 0));

        assertThat(Progress.of(job, new Pace.Rate(1, 10, 10), Instant.EPOCH).secondsLeft())
                .isEqualTo(50.0);
    }

    @Test
    void nothingIsNothing() {
        assertThat(Progress.share(job(0, 0, source(0, -1, 0), source(1, -1, 0)))).isZero();
        assertThat(Progress.share(job(0, 0, source(0, 0, 0)))).isZero();
    }
}
