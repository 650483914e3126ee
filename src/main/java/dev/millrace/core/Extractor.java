package dev.millrace.core;

import java.util.Map;

/// What answers of any length are taken out of. Thread-safe.
public interface Extractor {
    /// How many rows a query gives: it runs.
    long count(String query);

    /// A query that has not begun.
    ///
    /// @param format as ClickHouse names it
    /// @param settings of ClickHouse by name; what a server does not know is left out
    Extraction extraction(String query, String format, Map<String, String> settings);
}
