package dev.millrace.clickhouse;

import static dev.millrace.clickhouse.Fixture.SINK;
import static dev.millrace.clickhouse.Fixture.answer;
import static dev.millrace.clickhouse.Fixture.execute;
import static dev.millrace.clickhouse.Fixture.model;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.JobSample;
import dev.millrace.core.Job;
import dev.millrace.core.JobState;
import dev.millrace.core.Phase;
import dev.millrace.core.Rejection;
import dev.millrace.core.RejectionCode;
import dev.millrace.core.SplitId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RejectedRowsTest {
    private final Job job = job();
    private final SplitId split = new SplitId(job.id(), 3, 70_000);
    private final List<Rejection> rejections =
            List.of(
                    new Rejection(
                            3,
                            5_000_000_000L,
                            "e1",
                            "ámount",
                            "UInt8",
                            RejectionCode.OUT_OF_RANGE,
                            "256",
                            "256 is beyond UInt8",
                            "e1,256\t'x'"),
                    new Rejection(
                            3,
                            5_000_000_001L,
                            "",
                            "",
                            "",
                            RejectionCode.MALFORMED_RECORD,
                            "",
                            "a quote does not close",
                            "\"…"));

    @Test
    void aSplitsRejectionsCanBeQueried() {
        SINK.mirror(job, split, rejections);
        assertThat(answer("SELECT * EXCEPT (job_id, loaded_at) FROM " + rows() + " ORDER BY row"))
                .isEqualTo(
                        "3\t70000\t5000000000\te1\támount\tUInt8\tOUT_OF_RANGE\t256"
                                + "\t256 is beyond UInt8\te1,256\\t\\'x\\'\n"
                                + "3\t70000\t5000000001\t\t\t\tMALFORMED_RECORD\t"
                                + "\ta quote does not close\t\"…\n");
        assertThat(answer("SELECT loaded_at > now() - 600 FROM " + rows())).isEqualTo("1\n1\n");
    }

    @Test
    void theyAreThereOnceHoweverOftenTheyAreMirrored() {
        var both =
                List.of(
                        Fixture.inBackground(() -> SINK.mirror(job, split, rejections)),
                        Fixture.inBackground(() -> SINK.mirror(job, split, rejections)));
        both.forEach(CompletableFuture::join);
        SINK.mirror(job, split, rejections);
        assertThat(count()).isEqualTo("2\n");
    }

    @Test
    void theyComeBackWhenSomebodyHasDeletedOrDoubledThem() {
        SINK.mirror(job, split, rejections);
        delete("1");
        SINK.mirror(job, split, rejections);
        assertThat(count()).isEqualTo("2\n");
        delete("row = 5000000001");
        SINK.mirror(job, split, rejections);
        assertThat(count()).isEqualTo("2\n");
        execute("INSERT INTO millrace.rejected_rows SELECT * FROM %s".formatted(rows()));
        SINK.mirror(job, split, rejections);
        assertThat(count()).isEqualTo("2\n");
    }

    @Test
    void anotherSplitsRejectionsAreOthers() {
        SINK.mirror(job, split, rejections);
        SINK.mirror(job, new SplitId(job.id(), 3, 70_001), rejections);
        SINK.mirror(job, new SplitId(job.id(), 4, 70_000), rejections.subList(0, 1));
        SINK.mirror(job, new SplitId(job.id(), 5, 0), List.of());
        assertThat(count()).isEqualTo("5\n");
    }

    private void delete(String condition) {
        execute(
                "ALTER TABLE millrace.rejected_rows DELETE WHERE job_id = '%s' AND %s SETTINGS mutations_sync = 2"
                        .formatted(job.id().publicId(), condition));
    }

    private String rows() {
        return "(SELECT * FROM millrace.rejected_rows WHERE job_id = '%s')"
                .formatted(job.id().publicId());
    }

    private String count() {
        return answer("SELECT count() FROM " + rows());
    }

    private static Job job() {
        return JobSample.of(model("id UInt64"))
                .at(JobState.RUNNING, Phase.PUBLISHED)
                .epoch(2)
                .splits(1)
                .job();
    }
}
