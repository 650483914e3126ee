package dev.millrace.core;

import java.io.OutputStream;

/// Answers read-only SQL. Thread-safe.
public interface QueryEngine {
    /// Runs one statement and streams its answer.
    ///
    /// @param format an output format as the engine names it, such as `CSVWithNames`
    /// @throws MillraceException QUERY_REFUSED with the engine's own words when it will not run it
    void query(String sql, String format, OutputStream out);
}
