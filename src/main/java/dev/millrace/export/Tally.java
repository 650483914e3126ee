package dev.millrace.export;

import dev.millrace.core.ExportFormat;
import java.io.OutputStream;

/// Counts the rows of a file while it passes. For one thread, but for [#rows].
abstract class Tally extends OutputStream {
    /// How many have passed, as far as that can be told before the end.
    abstract long rows();

    /// Looks at the end of a file that has passed whole.
    ///
    /// @return how many rows it has
    /// @throws dev.millrace.core.MillraceException EXPORT_INCOMPLETE when it is no whole file
    abstract long end();

    /// Whether ClickHouse itself says at the file's end how many there are.
    boolean hasFooter() {
        return false;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public abstract void write(byte[] bytes, int from, int count);

    @Override
    public void close() {
        // nothing is kept
    }

    /// Of a file as ClickHouse writes it.
    static Tally of(ExportFormat format) {
        return switch (format) {
            case CSV, TSV -> new QuotedLines(1);
            case JSONL -> new JsonLines();
            case PARQUET -> new ParquetTally();
            case AVRO -> new AvroTally();
            case XLSX -> new JsonLines();
        };
    }
}
