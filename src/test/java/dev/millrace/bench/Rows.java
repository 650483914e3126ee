package dev.millrace.bench;

import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;

/// What the rows of a file are like. The same random numbers give the same rows.
interface Rows {
    /// Types by name.
    SequencedMap<String, String> columns();

    /// The sorting key.
    List<String> orderBy();

    /// Writes a row's fields.
    ///
    /// @param row from 0 on
    void write(long row, SplittableRandom random, CsvOutput out);
}
