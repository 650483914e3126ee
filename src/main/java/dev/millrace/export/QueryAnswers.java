package dev.millrace.export;

import dev.millrace.core.Answers;
import dev.millrace.core.Compression;
import dev.millrace.core.ConnectionId;
import dev.millrace.core.Database;
import dev.millrace.core.Databases;
import dev.millrace.core.ExportFormat;
import dev.millrace.core.ExportWishes;
import dev.millrace.core.Extraction;
import java.io.InputStream;
import java.time.Duration;

/// The answers of queries, written as an exported CSV file is. Thread-safe.
public final class QueryAnswers implements Answers {
    private final Databases databases;

    public QueryAnswers(Databases databases) {
        this.databases = databases;
    }

    @Override
    public void require(ConnectionId connection, String query) {
        fileQuery(database(connection), connection, query);
    }

    @Override
    public InputStream open(ConnectionId connection, String query, Duration patience) {
        return new AnswerBody(() -> extraction(connection, query), patience);
    }

    private Extraction extraction(ConnectionId connection, String query) {
        var database = database(connection);
        var asked = fileQuery(database, connection, query);
        return database.extraction(asked.sql(), asked.format(), asked.settings());
    }

    private Database database(ConnectionId connection) {
        return databases.get(connection.uuid().toString());
    }

    private static FileQuery fileQuery(Database database, ConnectionId connection, String query) {
        var wishes =
                new ExportWishes(
                        connection.uuid().toString(),
                        query,
                        ExportFormat.CSV,
                        Compression.NONE,
                        false,
                        false);
        return FileQuery.of(database.schema().describe(FileQuery.bare(query)), wishes);
    }
}
