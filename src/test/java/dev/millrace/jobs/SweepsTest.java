package dev.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.millrace.Engines;
import dev.millrace.catalog.PostgresCatalog;
import dev.millrace.core.Cause;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobId;
import dev.millrace.core.Kept;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.NewJob;
import dev.millrace.core.Sink;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.Sweep.Found;
import dev.millrace.core.Sweep.Kind;
import dev.millrace.store.LocalStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a sweep takes away and what it leaves, on the real catalog and store.
class SweepsTest {
    private static final Retention RETENTION =
            new Retention(
                    Duration.ofDays(1),
                    Duration.ofDays(2),
                    Duration.ofDays(3),
                    Duration.ofDays(10),
                    Duration.ofDays(1));
    private static final Cause CAUSE = new Cause(ErrorCode.AUDIT_FAILED, "no", null);

    @TempDir private Path folder;
    private final ScriptedSink sink = new ScriptedSink();
    private String url;
    private PostgresCatalog catalog;
    private LocalStore store;
    private Sweeps sweeps;
    private Model model;

    @BeforeEach
    void open() {
        url = Engines.newDatabase("sweeps");
        var login = Engines.postgres().user();
        catalog =
                PostgresCatalog.open(
                        new PostgresCatalog.Settings(url, login.user(), login.password(), 4));
        store = LocalStore.open(folder.resolve("store"));
        sweeps = new Sweeps(catalog, store, sink, RETENTION, Duration.ofHours(1));
        var columns = List.of(new Column("a", ColumnTypes.parse("UInt8")));
        model =
                catalog.models()
                        .create(
                                "m",
                                new ModelDefinition(columns, null, null, List.of(), null),
                                "t");
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    @Test
    void splitsOfAFailedJobLeaveWhenTheirPeriodHasPassed() throws Exception {
        var old = ended(true, "2 days");
        var young = ended(true, "2 hours");
        putSplit(old);
        putSplit(young);

        assertThat(sweeps.run().found())
                .containsExactly(new Found(Kind.EXPIRED_SPLITS, old.publicId(), "", true));

        assertThat(catalog.jobs().get(old).splitsKept()).isFalse();
        assertThat(catalog.jobs().get(young).splitsKept()).isTrue();
        assertThat(store.children("splits/")).containsExactly(young.uuid() + "/");
        assertThat(sweeps.run().found()).isEmpty();
    }

    @Test
    void rejectionsLeaveTheStoreAndTheTable() throws Exception {
        var old = ended(false, "4 days");
        sql("update job set ledger_rejected = 5 where id = '%s'".formatted(old.uuid()));
        store.put("rejections/%s/1/0-0".formatted(old.uuid()), ByteBuffer.allocate(3));

        assertThat(sweeps.run().found())
                .extracting(Found::kind)
                .containsExactly(Kind.EXPIRED_REJECTIONS);

        assertThat(sink.unmirrored).containsExactly(old);
        assertThat(store.children("rejections/")).isEmpty();
    }

    @Test
    void whatAJobReplacedIsForgottenAndThenItsHistory() throws Exception {
        var job = ended(false, "11 days");
        sql(
                """
                update job set state = 'SUCCESS', cause_code = null, cause_message = null,
                    phase = 'PUBLISHED', published_at = now(), mode = 'REPLACE'
                where id = '%s'
                """
                        .formatted(job.uuid()));

        assertThat(sweeps.run().found())
                .extracting(Found::kind)
                .containsExactly(Kind.EXPIRED_REPLACED, Kind.EXPIRED_HISTORY);

        assertThat(sink.forgotten).containsExactly(job);
        assertThat(catalog.jobs().find(job.publicId())).isEmpty();
    }

    @Test
    void anUncertainJobKeepsEverything() throws Exception {
        var job = ended(true, "1000 days");
        sql(
                "update job set cause_code = 'PUBLISH_UNCERTAIN' where id = '%s'"
                        .formatted(job.uuid()));
        putSplit(job);
        sink.asides.add(new Sink.Aside(job, "j_1", false));

        assertThat(sweeps.run().found()).isEmpty();

        assertThat(store.children("splits/")).hasSize(1);
        assertThat(sink.discarded).isEmpty();
    }

    @Test
    void whatACrashLeftBehindAJobsEndIsRemovedAndReported() throws Exception {
        var job = ended(false, "1 hour");
        putSplit(job);
        sink.asides.add(new Sink.Aside(job, "j_x_1_0", false));
        sink.asides.add(new Sink.Aside(job, "k_x_1", true));

        var sweep = sweeps.run();

        assertThat(sweep.found())
                .extracting(Found::kind, Found::name, Found::removed)
                .containsExactlyInAnyOrder(
                        tuple(Kind.LEFT_STAGING, "j_x_1_0", true),
                        tuple(Kind.LEFT_STAGING, "k_x_1", true),
                        tuple(Kind.LEFT_SPLITS, "splits/" + job.uuid() + "/", true));
        assertThat(sink.discarded).containsExactly(job);
        assertThat(sink.forgotten).containsExactly(job);
        assertThat(store.children("splits/")).isEmpty();
        assertThat(sweeps.list(5)).containsExactly(sweep);
    }

    @Test
    void nothingOfAJobThatRunsOrHasJustEndedIsTouched() throws Exception {
        var running = newJob();
        var justEnded = ended(false, "0 seconds");
        putSplit(running);
        putSplit(justEnded);
        sink.asides.add(new Sink.Aside(running, "j_r_1_0", false));
        sink.asides.add(new Sink.Aside(justEnded, "j_e_1_0", false));

        assertThat(sweeps.run().found()).isEmpty();

        assertThat(store.children("splits/")).hasSize(2);
    }

    @Test
    void whatBelongsToNoKnownJobIsReportedAndStays() {
        var stranger = new JobId(UUID.randomUUID());
        putSplit(stranger);
        store.put("rejections/readme", ByteBuffer.allocate(1));
        sink.asides.add(new Sink.Aside(stranger, "j_s_1_0", false));

        assertThat(sweeps.run().found())
                .extracting(Found::kind, Found::removed)
                .containsExactlyInAnyOrder(
                        tuple(Kind.UNKNOWN_STAGING, false),
                        tuple(Kind.UNKNOWN_SPLITS, false),
                        tuple(Kind.UNKNOWN_REJECTIONS, false));

        assertThat(store.children("splits/")).hasSize(1);
        assertThat(sink.discarded).isEmpty();
    }

    @Test
    void everyKindOfWhatIsKeptHasAPeriod() {
        assertThat(Kept.values()).allSatisfy(what -> assertThat(RETENTION.of(what)).isPositive());
    }

    private void putSplit(JobId job) {
        store.put("splits/%s/0-000000".formatted(job.uuid()), ByteBuffer.allocate(3));
    }

    private JobId newJob() {
        return catalog.jobs()
                .create(
                        new NewJob(
                                model,
                                "a.csv",
                                SourceOptions.DETECT,
                                LoadOptions.DEFAULT,
                                null,
                                "tester"))
                .id();
    }

    /// A job that failed and was cleaned up so long ago.
    private JobId ended(boolean splitsKept, String ago) throws Exception {
        var job = newJob();
        catalog.jobs().fail(job, CAUSE);
        sql(
                """
                update job set finished_at = now() - interval '%1$s',
                    cleaned_at = now() - interval '%1$s', splits_kept = %2$s
                where id = '%3$s'
                """
                        .formatted(ago, splitsKept, job.uuid()));
        return job;
    }

    private void sql(String statement) throws Exception {
        var login = Engines.postgres().user();
        try (var connection = DriverManager.getConnection(url, login.user(), login.password());
                var change = connection.createStatement()) {
            change.execute(statement);
        }
    }
}
