package dev.millrace.catalog;

import dev.millrace.core.AnswerCatalog;
import dev.millrace.core.Backlog;
import dev.millrace.core.Catalog;
import dev.millrace.core.ConnectionCatalog;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.ExportCatalog;
import dev.millrace.core.JobCatalog;
import dev.millrace.core.JobHistory;
import dev.millrace.core.JobId;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ModelCatalog;
import dev.millrace.core.PullCatalog;
import dev.millrace.core.SplitCatalog;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The catalog in a PostgreSQL database (15 or newer) of its own. Times are PostgreSQL's, never
/// this machine's. Thread-safe; several processes may use one database.
public final class PostgresCatalog implements Catalog {
    private static final Duration UPLOAD_EXPIRY = Duration.ofHours(24);

    private final Database database;
    private final Changes changes;
    private final DestinationLocks locks;
    private final ModelCatalog models;
    private final ConnectionCatalog stored;
    private final JobCatalog jobs;
    private final SplitCatalog splits;
    private final JobHistory history;
    private final AnswerCatalog answers;
    private final PostgresPulls pulls;
    private final ExportCatalog exports;

    private PostgresCatalog(
            JdbcConnections connections,
            Database database,
            Changes changes,
            Duration uploadExpiry) {
        this.database = database;
        this.changes = changes;
        this.locks = new DestinationLocks(connections);
        var versions = new ModelVersions();
        var jobRows = new JobRows(versions, uploadExpiry);
        this.models = new PostgresModels(database);
        this.stored = new PostgresConnections(database);
        var postgresJobs = new PostgresJobs(database, jobRows, uploadExpiry);
        this.jobs = postgresJobs;
        this.pulls = new PostgresPulls(database, postgresJobs);
        this.splits = new PostgresSplits(database, jobRows);
        this.history = new PostgresHistory(database);
        this.answers = new PostgresAnswers(database);
        this.exports = new PostgresExports(database);
    }

    /// Where the database is.
    ///
    /// @param jdbcUrl such as `jdbc:postgresql://127.0.0.1:5432/millrace`; it stands in messages,
    ///   so it may not say a user or a password
    /// @param poolSize the most connections that calls share, at least 1. Two kinds come on top:
    ///   one that listens, and one for each destination whose lock is held or waited for, 8 at most
    public record Settings(String jdbcUrl, String user, String password, int poolSize) {
        private static final Pattern LOGIN =
                Pattern.compile("@|[?&](user|password)=", Pattern.CASE_INSENSITIVE);

        /// @throws MillraceException INVALID_CONFIGURATION when the URL says a user or a password
        public Settings {
            if (LOGIN.matcher(jdbcUrl).find()) {
                throw new MillraceException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "The address of PostgreSQL says a user or a password, which messages would"
                                + " show",
                        "Set postgres.user and postgres.password instead.",
                        null);
            }
        }

        /// Without the password.
        @Override
        public String toString() {
            return "%s as %s".formatted(jdbcUrl, user);
        }
    }

    /// Brings the database to this program's structure, one process at a time, and connects to it.
    ///
    /// @throws MillraceException CATALOG_UNAVAILABLE when it does not answer, INVALID_CONFIGURATION
    ///   when it refuses the user or does not exist
    public static PostgresCatalog open(Settings settings) {
        return open(settings, UPLOAD_EXPIRY);
    }

    /// The same.
    ///
    /// @param uploadExpiry how long an upload waits for its beginning, or for its rest when it was
    ///   interrupted; 24 hours if not said
    public static PostgresCatalog open(Settings settings, Duration uploadExpiry) {
        var connections = new JdbcConnections(settings);
        connections.migrate();
        var changes = new Changes(connections);
        var database = new Database(connections.pool(), changes);
        changes.start();
        return new PostgresCatalog(connections, database, changes, uploadExpiry);
    }

    @Override
    public ModelCatalog models() {
        return models;
    }

    @Override
    public ConnectionCatalog connections() {
        return stored;
    }

    @Override
    public PullCatalog pulls() {
        return pulls;
    }

    @Override
    public JobCatalog jobs() {
        return jobs;
    }

    @Override
    public SplitCatalog splits() {
        return splits;
    }

    @Override
    public JobHistory history() {
        return history;
    }

    @Override
    public AnswerCatalog answers() {
        return answers;
    }

    public ExportCatalog exports() {
        return exports;
    }

    @Override
    public void locked(String destination, Duration limit, Runnable action) {
        locks.locked(destination, limit, action);
    }

    @Override
    public long awaitChange(long seen, Duration limit) {
        return changes.await(_ -> true, seen, limit);
    }

    @Override
    public long awaitChange(Predicate<JobId> of, long seen, Duration limit) {
        return changes.await(of, seen, limit);
    }

    @Override
    public Backlog backlog() {
        return database.read("ask the catalog what is left to do", BacklogQuery::run);
    }

    @Override
    public void check() {
        database.read("ask the catalog whether it is there", handle -> handle.execute("select 1"));
    }

    @Override
    public void close() {
        changes.close();
        locks.close();
        database.close();
    }
}
