package dev.millrace.core;

import java.util.Arrays;

/// One record of a source as a reader finds it: where its fields stand in a byte array. One
/// instance is reused for every record of a split, so that reading makes no garbage; its fields are
/// open to the reader that fills it and to the validator. Not thread-safe.
public final class SourceRecord {
    /// Holds the fields: the split itself, or a scratch array when the record had escapes.
    public byte[] bytes = new byte[0];

    /// The first byte of each field in [#bytes].
    public int[] starts = new int[64];

    /// The byte after each field's last.
    public int[] ends = new int[64];

    /// How each field is written in the source, one of [RecordBlock]'s constants. Escapes are read
    /// already.
    public byte[] quotes = new byte[64];

    public int fields;

    /// The record's number in its source, from 1.
    public long row;

    /// What is wrong with the record as a whole, or empty when its fields can be read.
    public String malformed = "";

    /// The record as it stands in the split; of a row that was converted, as an object with the
    /// columns' names.
    public byte[] raw = new byte[0];

    public int rawStart;
    public int rawEnd;

    /// The byte after the record's line break in [#raw], or after its last one where the split ends
    /// without a line break. Between [#rawEnd] and it is nothing else, but for what is kept of a
    /// line that is too long.
    public int rawNext;

    /// Appends a field, growing the arrays when they are full.
    public void addField(int start, int end, byte written) {
        growTo(fields + 1);
        starts[fields] = start;
        ends[fields] = end;
        quotes[fields] = written;
        fields++;
    }

    /// Makes room for so many fields.
    public void growTo(int most) {
        if (most > starts.length) {
            var length = Math.max(most, 2 * starts.length);
            starts = Arrays.copyOf(starts, length);
            ends = Arrays.copyOf(ends, length);
            quotes = Arrays.copyOf(quotes, length);
        }
    }
}
