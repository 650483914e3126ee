package dev.millrace.convert;

/// A field of a Parquet schema, and where its column or columns are read.
///
/// Columns hold values with levels: the definition level says how many of the optional and repeated
/// fields on the way down to the value are there, the repetition level which of the repeated ones
/// goes on with it. Whatever a record has not is one entry in each column below it. Not
/// thread-safe.
interface ParquetField {
    /// Writes the value that comes next.
    void write(JsonText out);

    /// Takes one entry of each column, where something above has no value.
    void skip();

    /// Whether what comes next is not there down to this level, in all of its columns.
    boolean isBelow(int definition);

    /// Whether what comes next is a further element of what this level repeats; on level 0, a
    /// further row.
    boolean repeats(int repetition);

    /// Begins at another row group.
    void open(ParquetGroups.Columns columns);

    /// Damage when columns are left with more than the rows of their row group.
    void end();
}
