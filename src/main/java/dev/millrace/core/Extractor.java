package dev.millrace.core;

import java.util.List;
import java.util.Map;

/// What answers of any length are taken out of. Thread-safe.
public interface Extractor {
    /// The columns of a query's result; it does not run.
    ///
    /// @throws MillraceException QUERY_REFUSED with the server's own words
    List<ResultColumn> resultColumns(String query);

    /// How many rows a query gives: it runs.
    long count(String query);

    /// A query that has not begun.
    ///
    /// @param format as ClickHouse names it
    /// @param settings of ClickHouse by name; what a server does not know is left out
    Extraction extraction(String query, String format, Map<String, String> settings);
}
