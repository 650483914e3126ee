package dev.millrace.infer;

/// Whether one of the sources of a column says of all of its values there that they are texts, as a
/// Parquet or Avro file does: then no number is written as one. Not thread-safe.
final class DeclaredTexts {
    /// Whether the source says of each value whether it is a text.
    private boolean isTyped;

    /// Whether a source before declares texts; and how many fields there were before this one.
    private boolean before;

    private long filledBefore;
    private long bareBefore;
    private long nullsBefore;

    /// What is added to the column next is of another source.
    void begin(boolean isTyped, ColumnProfile column) {
        before = areDeclared(column);
        this.isTyped = isTyped;
        filledBefore = column.filled;
        bareBefore = column.bare;
        nullsBefore = column.nulls;
    }

    boolean isTyped() {
        return isTyped;
    }

    boolean areDeclared(ColumnProfile column) {
        var nulls = column.nulls - nullsBefore;
        return before
                || (isTyped
                        && column.bare - bareBefore == nulls
                        && column.filled - filledBefore > nulls);
    }
}
