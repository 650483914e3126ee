package dev.millrace.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Engines;
import dev.millrace.NoLoadMetrics;
import dev.millrace.StoreBehind;
import dev.millrace.catalog.PostgresCatalog;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Job;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.NewJob;
import dev.millrace.core.RejectedRecords;
import dev.millrace.core.RejectionFile;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SplitSizes;
import dev.millrace.core.Started;
import dev.millrace.core.Store;
import dev.millrace.core.UploadReceiver;
import dev.millrace.core.UploadRequest;
import dev.millrace.format.RecordReader;
import dev.millrace.intake.Admission;
import dev.millrace.intake.Intake;
import dev.millrace.jobs.RejectionCause.Example;
import dev.millrace.store.LocalStore;
import dev.millrace.validate.Validator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is kept of the rejected rows of a job in many splits, on a real catalog and store.
class RejectedSourceTest {
    @TempDir Path folder;

    private PostgresCatalog catalog;
    private CountingStore store;
    private Jobs jobs;

    @BeforeEach
    void open() {
        catalog = Engines.newCatalog("rejected");
        store = new CountingStore(LocalStore.open(folder));
        jobs = new Jobs(catalog, store, new ScriptedSink());
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    /// A job whose source is cut into splits of so many records; none is loaded.
    private Job received(String content, int records) {
        var columns =
                List.of(
                        new Column("a", ColumnTypes.parse("UInt8")),
                        new Column("b", ColumnTypes.parse("String")));
        var definition = new ModelDefinition(columns, null, null, List.of(), null);
        var model = catalog.models().create("m", definition, "tester");
        var wanted =
                new NewJob(
                        model, "m.csv", SourceOptions.DETECT, LoadOptions.DEFAULT, null, "tester");
        var job = catalog.jobs().create(wanted);
        var sizes = new SplitSizes(1 << 20, 1 << 20, records);
        var receiver = new UploadReceiver("test/1", "here", store.identity());
        new Intake(
                        catalog,
                        store,
                        receiver,
                        new NoLoadMetrics(),
                        new Admission(store, new ScriptedSink(), Admission.Bounds.NONE),
                        sizes)
                .receive(
                        job,
                        new ByteArrayInputStream(content.getBytes(UTF_8)),
                        UploadRequest.once(-1));
        return catalog.jobs().get(job.id());
    }

    /// Loads every split, and most of it again as when a worker dies before its entry; the sink is
    /// left out.
    private void load(Job job, int kept) {
        for (var due :
                catalog.splits().announceable(job.id(), 1, 1000, 1000, Duration.ofMinutes(1))) {
            var started = catalog.splits().start(due, "w").orElseThrow();
            var entry = loaded(started, kept);
            assertThat(loaded(started, kept)).isEqualTo(entry);
            assertThat(catalog.splits().record(entry)).isTrue();
            assertThat(catalog.splits().record(entry)).isTrue();
        }
    }

    private LedgerEntry loaded(Started started, int kept) {
        var split = started.split();
        var reading = Objects.requireNonNull(started.job().source().reading());
        var content = store.get(split.objectName());
        var records =
                RecordReader.open(
                        reading,
                        content.array(),
                        content.arrayOffset() + content.position(),
                        content.remaining(),
                        split.firstRow(),
                        1 << 20,
                        _ -> false);
        var validated =
                new Validator(started.job().model(), 0, reading.header())
                        .validate(records, split.records(), split.bytes(), kept);
        var entry =
                new LedgerEntry(
                        split.id(),
                        1,
                        "w",
                        validated.read(),
                        split.bytes(),
                        validated.batch().digest(),
                        validated.rejected(),
                        validated.counts(),
                        validated.rejections().size());
        if (!validated.rejections().isEmpty()) {
            store.put(entry.rejectedRecordsName(), validated.records().object());
            store.put(entry.rejectionsName(), RejectionFile.write(validated.rejections()));
        }
        return entry;
    }

    private static String text(RejectedSource source) throws IOException {
        var out = new ByteArrayOutputStream();
        source.writeTo(out);
        return out.toString(UTF_8);
    }

    @Test
    void aJobOfThreeSplitsGivesEachRejectedRowOnceHoweverOftenTheyAreLoaded() throws IOException {
        var job = received("a,b\n1,x\n999,y\n2,x\nz,\"q\nr\"\n3,x\n4,x,\n5,x\n", 3);
        assertThat(job.splits()).isEqualTo(3);
        load(job, 1000);
        var source = jobs.rejectedSource(job, 0);
        assertThat(text(source)).isEqualTo("a,b\n999,y\nz,\"q\nr\"\n4,x,\n");
        assertThat(source.rows()).isEqualTo(3);
        assertThat(source.omitted()).isZero();
    }

    @Test
    void rowsBeyondWhatIsKeptAreCounted() throws IOException {
        var bad = IntStream.range(0, 10).mapToObj("x,%d,y\n"::formatted);
        var job = received("a,b\n" + bad.collect(Collectors.joining()), 1000);
        // Two problems a row: the fourth row's second one is not kept, the row is.
        load(job, 7);
        var source = jobs.rejectedSource(job, 0);
        assertThat(text(source)).isEqualTo("a,b\nx,0,y\nx,1,y\nx,2,y\nx,3,y\n");
        assertThat(source.rows()).isEqualTo(4);
        assertThat(source.omitted()).isEqualTo(6);
    }

    @Test
    void aJobWithoutRejectedRowsGivesTheHeaderAlone() throws IOException {
        var job = received("a,b\n1,x\n", 3);
        load(job, 1000);
        assertThat(text(jobs.rejectedSource(job, 0))).isEqualTo("a,b\n");
    }

    @Test
    void theSameRecordsGiveTheSameObject() {
        var job = received("a,b\nx,1\n1,1\ny,2\n", 1000);
        load(job, 1000);
        var entry = catalog.splits().ledger(job.id()).getFirst();
        var records = RejectedRecords.read(store, entry);
        var again = new RejectedRecords.Builder();
        again.add("-x,1\n".getBytes(UTF_8), 1, 5);
        again.add("y,2\n".getBytes(UTF_8), 0, 4);
        assertThat(again.build().object()).isEqualTo(records.object());
        assertThat(records.count()).isEqualTo(2);
    }

    @Test
    void examplesAreTheFirstOfEachCauseAndNoMoreIsReadThanTheyNeed() {
        var rows = new ArrayList<String>();
        for (var i = 0; i < 40; i++) {
            rows.add("x%d,\n".formatted(i));
        }
        rows.add(30, "256,\n");
        var job = received("a,b\n" + String.join("", rows), 2);
        load(job, 1000);
        store.got = 0;

        var causes = jobs.rejectionCauses(job);

        assertThat(causes.stream().map(c -> c.count().error() + " " + c.count().count()))
                .containsExactly("NOT_AN_INTEGER 40", "OUT_OF_RANGE 1");
        assertThat(causes.getFirst().examples().stream().map(Example::row))
                .containsExactly(1L, 2L, 3L);
        assertThat(causes.getFirst().examples().getFirst().observed()).isEqualTo("x0");
        assertThat(causes.getLast().examples().stream().map(Example::row)).containsExactly(31L);
        // Two splits for the frequent cause, and the one that has the other.
        assertThat(store.got).isEqualTo(3);
    }

    @Test
    void causesWhoseProblemsAreNotKeptHaveNoExamplesAndTheLookForThemEnds() {
        var job = received("a,b\n" + "x,\n256,\n".repeat(100), 2);
        load(job, 1);
        store.got = 0;

        var causes = jobs.rejectionCauses(job);

        assertThat(causes.stream().map(c -> c.examples().size())).containsExactlyInAnyOrder(3, 0);
        assertThat(store.got).isEqualTo(64);
    }

    /// Counts what is read.
    private static final class CountingStore extends StoreBehind {
        private int got;

        CountingStore(Store store) {
            super(store);
        }

        @Override
        public ByteBuffer get(String name) {
            got++;
            return super.get(name);
        }
    }
}
