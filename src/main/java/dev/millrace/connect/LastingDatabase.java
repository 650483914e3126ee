package dev.millrace.connect;

import dev.millrace.core.Database;
import dev.millrace.core.Extraction;
import dev.millrace.core.ResultColumn;
import dev.millrace.core.Sample;
import dev.millrace.core.Schema;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a connection leads to, kept open until it is closed and its last use has ended: who changes
/// a connection does not break off what others read through it. A use that begins only then opens
/// it once more. Thread-safe.
final class LastingDatabase implements Database {
    private final Supplier<Database> opening;
    private final Schema schema = new LastingSchema();
    private @Nullable Database open;
    private int uses;
    private boolean closed;

    /// @param opening opens it, without reaching anybody
    LastingDatabase(Supplier<Database> opening) {
        this.opening = opening;
    }

    private synchronized Database begin() {
        var database = open;
        if (database == null) {
            database = opening.get();
            open = database;
        }
        uses++;
        return database;
    }

    private synchronized void end() {
        uses--;
        closeIfUnused();
    }

    private void closeIfUnused() {
        if (closed && uses == 0 && open != null) {
            open.close();
            open = null;
        }
    }

    private <T> T use(Function<Database, T> what) {
        var database = begin();
        try {
            return what.apply(database);
        } finally {
            end();
        }
    }

    @Override
    public Greeting check() {
        return use(Database::check);
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public Sample sample(String query, Sample.Bounds bounds) {
        return use(database -> database.sample(query, bounds));
    }

    @Override
    public void query(String sql, String format, OutputStream out) {
        var database = begin();
        try {
            database.query(sql, format, out);
        } finally {
            end();
        }
    }

    @Override
    public long count(String query) {
        return use(database -> database.count(query));
    }

    @Override
    public Extraction extraction(String query, String format, Map<String, String> settings) {
        return new LastingExtraction(begin().extraction(query, format, settings), this::end);
    }

    @Override
    public synchronized void close() {
        closed = true;
        closeIfUnused();
    }

    private final class LastingSchema implements Schema {
        @Override
        public String database() {
            return use(database -> database.schema().database());
        }

        @Override
        public List<DatabaseEntry> databases() {
            return use(database -> database.schema().databases());
        }

        @Override
        public List<TableEntry> tables(String name, TableWish wish) {
            return use(database -> database.schema().tables(name, wish));
        }

        @Override
        public List<ColumnEntry> columns(String name, String table) {
            return use(database -> database.schema().columns(name, table));
        }

        @Override
        public List<ResultColumn> describe(String query) {
            return use(database -> database.schema().describe(query));
        }

        @Override
        public void plan(String query) {
            var database = begin();
            try {
                database.schema().plan(query);
            } finally {
                end();
            }
        }

        @Override
        public List<@Nullable String> values(List<TypedText> texts) {
            return use(database -> database.schema().values(texts));
        }
    }
}
