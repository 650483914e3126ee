package dev.millrace.convert;

import java.io.IOException;
import java.util.List;

/// The rows of one opened file. Not thread-safe.
interface Rows extends AutoCloseable {
    /// What [#next] returns for a row that is no value of each column.
    int LINE = -1;

    /// The names of its columns, in their order.
    List<String> columns();

    /// What the user should know of how the file is read, as sentences.
    default List<String> notes() {
        return List.of();
    }

    /// Reads on, once no values wait of one column at least.
    ///
    /// @return of how many rows the values wait in [#values]; 0 when there is no row left; [#LINE]
    ///   when the next one stands in [#line]
    int next() throws IOException;

    /// For each column the values that wait.
    List<? extends ColumnValues> values();

    /// A row as an object, without a line break.
    JsonText line();

    /// Where in the file it is read, for a message: `row group 2`.
    String where();

    @Override
    void close() throws IOException;
}
