package dev.millrace.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Engines;
import dev.millrace.core.Announcement;
import dev.millrace.core.Catalog;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnType;
import dev.millrace.core.Digest;
import dev.millrace.core.IntakeTotals;
import dev.millrace.core.JobId;
import dev.millrace.core.Lease;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.NewJob;
import dev.millrace.core.Phase;
import dev.millrace.core.RejectionCount;
import dev.millrace.core.Replaced;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.Split;
import dev.millrace.core.SplitId;
import dev.millrace.core.Upload;
import dev.millrace.core.UploadReceiver;
import dev.millrace.core.UploadRequest;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;

/// An empty database of the real PostgreSQL, and the things that tests of the catalog begin with.
final class CatalogDatabase implements AutoCloseable {
    static final Duration LONG = Duration.ofMinutes(5);

    static final ModelDefinition DEFINITION =
            new ModelDefinition(
                    List.of(
                            new Column("id", new ColumnType.Whole(64, false)),
                            new Column("name", new ColumnType.Text())),
                    null,
                    null,
                    List.of("id"),
                    null);

    /// A process that receives uploads.
    static final UploadReceiver RECEIVER = new UploadReceiver("host/1", "host", "store");

    private final String name = "catalog_" + UUID.randomUUID().toString().replace("-", "");

    CatalogDatabase() {
        onServer("create database " + name);
    }

    /// The database that most tests share, with nothing in it.
    static CatalogDatabase emptied() {
        Shared.CATALOG.check();
        Shared.DATABASE.sql("truncate model, job cascade");
        return Shared.DATABASE;
    }

    /// Made on first use, and gone with PostgreSQL at the end of the run.
    private static final class Shared {
        static final CatalogDatabase DATABASE = new CatalogDatabase();
        static final PostgresCatalog CATALOG = DATABASE.open();
    }

    /// A catalog in the shared database.
    PostgresCatalog catalog() {
        return Shared.CATALOG;
    }

    PostgresCatalog.Settings settings() {
        var postgres = Engines.postgres();
        return new PostgresCatalog.Settings(
                "jdbc:postgresql://%s:%d/%s".formatted(postgres.host(), postgres.port(), name),
                postgres.user().user(),
                postgres.user().password(),
                4);
    }

    PostgresCatalog open() {
        return PostgresCatalog.open(settings());
    }

    /// Runs a statement behind the catalog's back.
    void sql(String statement) {
        var s = settings();
        execute(s.jdbcUrl(), s.user(), s.password(), statement);
    }

    /// One number that a query gives.
    long number(String query) {
        var s = settings();
        try (var connection = DriverManager.getConnection(s.jdbcUrl(), s.user(), s.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(query, e);
        }
    }

    /// Cuts every connection to this database.
    void cutConnections() {
        onServer(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s'"
                        .formatted(name));
    }

    private static void onServer(String statement) {
        var postgres = Engines.postgres();
        execute(postgres.jdbcUrl(), postgres.user().user(), postgres.user().password(), statement);
    }

    private static void execute(String url, String user, String password, String sql) {
        try (var connection = DriverManager.getConnection(url, user, password);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    @Override
    public void close() {
        onServer("drop database " + name + " with (force)");
    }

    static Model model(Catalog catalog) {
        return catalog.models().create("model " + UUID.randomUUID(), DEFINITION, "ada");
    }

    /// A job that waits for its upload.
    static JobId job(Catalog catalog) {
        return job(catalog, model(catalog));
    }

    static JobId job(Catalog catalog, Model model) {
        return catalog.jobs()
                .create(
                        new NewJob(
                                model,
                                "purchases.csv",
                                SourceOptions.DETECT,
                                LoadOptions.DEFAULT,
                                null,
                                "ada"))
                .id();
    }

    /// Brings a job that is LOADING so far.
    static void bring(Catalog catalog, Lease lease, Phase phase) {
        var jobs = catalog.jobs();
        var from = Phase.LOADING;
        for (var to : EnumSet.range(from, phase)) {
            switch (to) {
                case UPLOADING, LOADING -> {}
                case SEALED, AUDITED -> jobs.advance(lease, from, to);
                case PUBLISHING -> assertThat(jobs.beginPublish(lease)).isEmpty();
                case PUBLISHED -> jobs.published(lease, Replaced.NOTHING);
            }
            from = to;
        }
    }

    /// A job whose upload has ended with so many splits.
    static JobId loading(Catalog catalog, int splits) {
        return loading(catalog, model(catalog), splits);
    }

    static JobId loading(Catalog catalog, Model model, int splits) {
        var job = job(catalog, model);
        addSplits(catalog, job, splits);
        catalog.jobs()
                .finishUpload(
                        first(job),
                        new IntakeTotals(splits, splits * 10L, splits * 100L, 7, "abc"));
        return job;
    }

    /// Begins the upload of a job that waits for one, and adds so many splits.
    static void addSplits(Catalog catalog, JobId job, int splits) {
        begin(catalog, job);
        for (var i = 0; i < splits; i++) {
            catalog.splits().add(first(job), split(job, i), true);
        }
    }

    /// Begins the upload of a job that waits for one.
    static Upload begin(Catalog catalog, JobId job) {
        return catalog.jobs().beginUpload(job, RECEIVER, UploadRequest.whole(-1)).orElseThrow();
    }

    /// A job's first upload.
    static Upload first(JobId job) {
        return new Upload(job, 0, 1);
    }

    /// A split of 10 records and 100 bytes, from 100 bytes of the source.
    static Split split(JobId job, int number) {
        return new Split(
                new SplitId(job, 0, number),
                number * 10L + 1,
                10,
                100,
                -5 - number,
                number * 100L,
                number * 100L + 100);
    }

    static Announcement announcement(JobId job, int number) {
        return new Announcement(new SplitId(job, 0, number), 1);
    }

    /// An entry for a split of [#split]: 8 rows written and 2 rejected.
    static LedgerEntry entry(JobId job, int number, RejectionCount... counts) {
        return entry(job, number, 1, new Digest(8, number, -number), counts);
    }

    static LedgerEntry entry(
            JobId job, int number, int attempt, Digest written, RejectionCount... counts) {
        return new LedgerEntry(
                new SplitId(job, 0, number),
                attempt,
                "worker",
                written.rows() + 2,
                100,
                written,
                2,
                List.of(counts),
                counts.length);
    }

    /// Takes the only job that can be taken.
    static Lease lease(Catalog catalog, JobId job, String holder) {
        var lease = catalog.jobs().acquire(holder, LONG).orElseThrow();
        if (!lease.job().equals(job)) {
            throw new AssertionError("took %s instead of %s".formatted(lease.job(), job));
        }
        return lease;
    }
}
