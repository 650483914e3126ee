package dev.millrace.export;

import dev.millrace.render.CsvRows;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/// The rows that Millrace writes as text itself, which are counted in the blocks they come in.
final class RenderedRows extends Tally {
    private final Ahead ahead;
    private final CsvRows csv;

    /// @param file takes the text, by another thread
    RenderedRows(FileQuery query, OutputStream file) {
        this.ahead = new Ahead(file);
        this.csv =
                new CsvRows(
                        query.columns().stream().map(FileColumn::rendered).toList(),
                        query.delimiter(),
                        ahead);
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        csv.write(bytes, from, count);
    }

    @Override
    long rows() {
        return csv.rows();
    }

    @Override
    long end() {
        csv.end();
        try {
            ahead.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return csv.rows();
    }

    @Override
    public void close() {
        ahead.close();
        csv.close();
    }
}
