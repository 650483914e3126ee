package dev.millrace.core;

import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// One query whose whole answer is wanted, however long it takes. [#run] is for one thread, and
/// called once; the others are for any thread.
public interface Extraction extends AutoCloseable {
    /// Runs the query and streams its answer, which was whole when this returns.
    ///
    /// @param out what it throws unchecked passes through; neither flushed nor closed
    /// @throws MillraceException QUERY_REFUSED with the server's own words, also when it breaks off
    ///   behind the first rows; CLICKHOUSE_UNAVAILABLE when the answer breaks off without any
    void run(OutputStream out);

    /// How far the server is, or null when it does not know the query (any more, or yet), or does
    /// not tell.
    @Nullable Reading reading();

    /// Ends the query at the server, and [#run] with it.
    void cancel();

    /// What the server has noted of the query when it was over, or null when that cannot be asked.
    /// To be called after [#run].
    @Nullable Noted noted();

    /// Lets go of what it holds; nothing is to be asked of it afterwards.
    @Override
    void close();

    /// @param resultRows how many rows the result had
    record Noted(long resultRows, Reading reading) {}

    /// @param totalRows that are going to be read; null when the server does not say
    record Reading(long rows, long bytes, @Nullable Long totalRows) {}
}
