package dev.millrace.core;

import java.io.InputStream;
import java.time.Duration;

/// The answers of queries as sources of loads: CSV that holds every value exactly. Thread-safe.
public interface Answers {
    /// How an answer is written, whatever is in it: nothing has to be detected.
    SourceOptions WRITTEN =
            new SourceOptions(Encoding.UTF_8, null, null).in(Format.CSV).in(new Dialect(',', '"'));

    /// Looks whether an answer can be written exactly, without running the query.
    ///
    /// @throws MillraceException EXPORT_UNSUPPORTED naming a column; QUERY_REFUSED and others of
    ///   [Database]
    void require(ConnectionId connection, String query);

    /// The answer. Its query begins with the first read. The end of the stream means that the
    /// answer was whole; whatever else ends it is thrown as a MillraceException: what [Extraction]
    /// throws, EXPORT_INCOMPLETE when the server has counted other rows, UPLOAD_INTERRUPTED once it
    /// was closed. For one reader; any thread may close it, which ends the query.
    ///
    /// @param patience how long the server may neither send a byte nor say that it is at work
    InputStream open(ConnectionId connection, String query, Duration patience);
}
