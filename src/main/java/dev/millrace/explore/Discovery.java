package dev.millrace.explore;

import dev.millrace.core.Database;
import dev.millrace.core.Databases;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ResultColumn;
import dev.millrace.core.Sample;
import dev.millrace.core.Schema;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks around in the databases that connections lead to: what there is, joins of it, and first
/// rows. Nothing here changes anything there. Thread-safe.
///
/// Every method takes a connection's id or name, and throws what [Databases#get] and the methods of
/// [Database] throw.
public final class Discovery {
    public static final int MOST_ROWS = 1000;

    private static final long ROWS_READ = 10_000_000;
    private static final long BYTES_READ = 2L << 30;
    private static final int ANSWER_BYTES = 8 << 20;
    private static final Duration TIME = Duration.ofSeconds(5);
    private static final int MOST_TABLES = 1000;

    private final Databases databases;

    public Discovery(Databases databases) {
        this.databases = databases;
    }

    public List<Schema.DatabaseEntry> databases(String connection) {
        return databases.get(connection).schema().databases();
    }

    /// @param database null for the connection's
    /// @throws MillraceException DATABASE_MISSING
    public List<Schema.TableEntry> tables(
            String connection, @Nullable String database, Schema.TableWish wish) {
        var schema = databases.get(connection).schema();
        var name = database == null ? schema.database() : database;
        var tables = schema.tables(name, wish);
        if (tables.isEmpty()) {
            var there = schema.databases().stream().map(Schema.DatabaseEntry::name).toList();
            if (!there.contains(name)) {
                throw new MillraceException(
                        ErrorCode.DATABASE_MISSING,
                        "There is no database '%s'".formatted(name),
                        NearNames.of(name, there),
                        null);
            }
        }
        return tables;
    }

    /// @param database null for the connection's
    /// @throws MillraceException NOT_FOUND
    public List<Schema.ColumnEntry> columns(
            String connection, @Nullable String database, String table) {
        var schema = databases.get(connection).schema();
        var name = database == null ? schema.database() : database;
        var columns = schema.columns(name, table);
        if (columns.isEmpty()) {
            var there =
                    tables(connection, name, new Schema.TableWish(null, null, MOST_TABLES)).stream()
                            .map(Schema.TableEntry::name)
                            .toList();
            throw new MillraceException(
                    ErrorCode.NOT_FOUND,
                    "There is no table '%s' in '%s'".formatted(table, name),
                    NearNames.of(table, there),
                    null);
        }
        return columns;
    }

    /// The columns of a query that is not run.
    public List<ResultColumn> columnsOf(String connection, String query) {
        requireSaid(query);
        return databases.get(connection).schema().describe(query);
    }

    /// The SQL of a join, and its columns.
    ///
    /// @throws MillraceException INVALID_JOIN, which begins with the place in the wish
    public Join join(String connection, JoinWish wish) {
        return join(databases.get(connection), wish, true);
    }

    private static Join join(Database database, JoinWish wish, boolean planned) {
        if (wish.joins().size() != wish.tables().size() - 1) {
            throw new MillraceException(
                    ErrorCode.INVALID_JOIN,
                    "joins: %d tables take %d joins, and there are %d"
                            .formatted(
                                    wish.tables().size(),
                                    wish.tables().size() - 1,
                                    wish.joins().size()),
                    "The first joins the second table to the first one, the next the third to"
                            + " these.",
                    null);
        }
        var schema = database.schema();
        var written = new JoinText(wish, schema).write();
        var types = schema.describe(written.sql());
        if (planned) {
            schema.plan(written.sql());
        }
        var columns = new ArrayList<Join.Column>();
        for (var i = 0; i < types.size(); i++) {
            var output = written.columns().get(i);
            columns.add(
                    new Join.Column(
                            output.name(),
                            types.get(i).type(),
                            output.found().side().name(),
                            output.found().column().name()));
        }
        return new Join(written.sql(), columns);
    }

    /// First rows, and the SQL whose they are.
    ///
    /// @param columns as they were before the query ran
    public record Preview(String sql, List<ResultColumn> columns, Sample sample) {}

    /// @param rows 1 to [#MOST_ROWS]
    public Preview previewJoin(String connection, JoinWish wish, int rows) {
        var database = databases.get(connection);
        var join = join(database, wish, false);
        return new Preview(
                join.sql(),
                join.columns().stream()
                        .map(each -> new ResultColumn(each.name(), each.type()))
                        .toList(),
                database.sample(join.sql(), bounds(rows)));
    }

    /// That it is a query, the server says before it runs: its `readonly` lets KILL pass.
    ///
    /// @param rows 1 to [#MOST_ROWS]
    public Preview preview(String connection, String query, int rows) {
        requireSaid(query);
        var database = databases.get(connection);
        var columns = database.schema().describe(query);
        return new Preview(query, columns, database.sample(query, bounds(rows)));
    }

    /// Runs one statement and streams its answer.
    ///
    /// @param format an output format as ClickHouse names it
    /// @throws MillraceException INVALID_REQUEST
    public void query(String connection, String sql, String format, OutputStream out) {
        new Explore(databases.get(connection)).query(sql, format, out);
    }

    private static Sample.Bounds bounds(int rows) {
        return new Sample.Bounds(rows, ROWS_READ, BYTES_READ, ANSWER_BYTES, TIME);
    }

    private static void requireSaid(String query) {
        if (query.isBlank()) {
            throw new MillraceException(ErrorCode.INVALID_REQUEST, "The query is empty");
        }
    }
}
