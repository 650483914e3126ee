package dev.millrace.convert;

import java.io.IOException;
import java.util.List;

/// The rows of one opened file. Not thread-safe.
interface Rows extends AutoCloseable {
    /// The names of its columns, in their order.
    List<String> columns();

    /// What the user should know of how the file is read, as sentences.
    default List<String> notes() {
        return List.of();
    }

    /// Writes the next row as [Conversion] says, without a line break.
    ///
    /// @return false when there is none
    boolean next(JsonText out) throws IOException;

    /// Where in the file it is read, for a message: `row group 2`.
    String where();

    @Override
    void close() throws IOException;
}
