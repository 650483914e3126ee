package dev.millrace.intake;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.Engines;
import dev.millrace.NoLoadMetrics;
import dev.millrace.catalog.PostgresCatalog;
import dev.millrace.core.Catalog;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.NewJob;
import dev.millrace.core.NewSource;
import dev.millrace.core.Sink;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SplitSizes;
import dev.millrace.core.Store;
import dev.millrace.core.UploadReceiver;
import dev.millrace.core.UploadStatus;
import dev.millrace.store.LocalStore;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;

/// Jobs that wait for their sources, on a real CATALOG, and those who receive them. The catalog
/// lives as long as the test run.
final class ReceivingSite {
    static final SplitSizes SIZES = new SplitSizes(5_000, 30_000, 1_500);
    static final PostgresCatalog CATALOG = Engines.newCatalog("uploads");
    private static final Model MODEL =
            CATALOG.models()
                    .create(
                            "uploads",
                            new ModelDefinition(
                                    List.of(
                                            new Column("a", ColumnTypes.parse("UInt32")),
                                            new Column("b", ColumnTypes.parse("String"))),
                                    null,
                                    null,
                                    List.of(),
                                    null),
                            "tester");

    private ReceivingSite() {}

    static Intake intake(String name, Store store, SplitSizes sizes) {
        return intake(CATALOG, name, store, sizes);
    }

    static Intake intake(Catalog catalog, String name, Store store, SplitSizes sizes) {
        return new Intake(
                catalog,
                store,
                new UploadReceiver(name, "host", store.identity()),
                new NoLoadMetrics(),
                admission(store, Admission.Bounds.NONE),
                sizes);
    }

    /// In front of a destination that has room for everything.
    private static Admission admission(Store store, Admission.Bounds bounds) {
        var sink =
                (Sink)
                        Proxy.newProxyInstance(
                                Sink.class.getClassLoader(),
                                new Class<?>[] {Sink.class},
                                (_, _, _) -> null);
        return new Admission(store, sink, bounds);
    }

    static Intake bounded(LocalStore store, Admission.Bounds bounds) {
        return new Intake(
                CATALOG,
                store,
                new UploadReceiver("bounded/1", "host", store.identity()),
                new NoLoadMetrics(),
                admission(store, bounds),
                SIZES);
    }

    static JobId job() {
        return CATALOG.jobs().create(newJob()).id();
    }

    static NewJob newJob() {
        return new NewJob(
                MODEL, "a.csv", SourceOptions.DETECT, LoadOptions.DEFAULT, null, "tester");
    }

    /// Of sources that are called so.
    static NewJob newJob(List<String> names) {
        return new NewJob(
                MODEL,
                names.stream().map(name -> new NewSource(name, SourceOptions.DETECT)).toList(),
                LoadOptions.DEFAULT,
                null,
                "tester",
                null);
    }

    static JobId job(List<NewSource> sources) {
        return CATALOG.jobs()
                .create(new NewJob(MODEL, sources, LoadOptions.DEFAULT, null, "tester", null))
                .id();
    }

    static Job get(JobId job) {
        return CATALOG.jobs().get(job);
    }

    static UploadStatus status(JobId job) {
        return Objects.requireNonNull(get(job).source().upload());
    }

    static ErrorCode code(Runnable action) {
        var e = catchThrowableOfType(MillraceException.class, action::run);
        return Objects.requireNonNull(e, "it was not refused").code();
    }
}
