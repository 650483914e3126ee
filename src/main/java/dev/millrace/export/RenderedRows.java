package dev.millrace.export;

import dev.millrace.render.CsvRows;

/// The rows that Millrace writes as text itself, which are counted in the blocks they come in.
final class RenderedRows extends Tally {
    private final CsvRows csv;

    RenderedRows(CsvRows csv) {
        this.csv = csv;
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
        return csv.rows();
    }

    @Override
    public void close() {
        csv.close();
    }
}
