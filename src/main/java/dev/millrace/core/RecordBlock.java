package dev.millrace.core;

import java.util.Arrays;

/// The fields of some records of a source, each column's together: what a validator reads column by
/// column. Every record in it has as many fields as the header. They are as they stand in the
/// source, escapes included.
///
/// One instance is reused for every block of a split; its fields are open to the reader that fills
/// it and to the validator. Not thread-safe.
public final class RecordBlock {
    /// A field without quotes around it.
    public static final byte UNQUOTED = 0;

    public static final byte QUOTED = 1;

    /// A field whose text is written otherwise than it reads: with doubled quotes or escapes. What
    /// it reads counts as quoted.
    public static final byte ESCAPED = 2;

    /// A field that says that there is no value; what it is written as does not count.
    public static final byte NULL = 3;

    /// A JSON object or array, as it stands in the source.
    public static final byte NESTED = 4;

    /// How escaped fields are read.
    @FunctionalInterface
    public interface Unescaping {
        /// @param into has room behind `at` for as many bytes as there are from `start` to `end`;
        ///   may be `bytes` itself when `at` is not behind `start`
        /// @return the byte after the last one written
        int unescape(byte[] bytes, int start, int end, byte[] into, int at);
    }

    private static final Unescaping NONE =
            (bytes, start, end, into, at) -> {
                System.arraycopy(bytes, start, into, at, end - start);
                return at + end - start;
            };

    /// So many records at a time repay what a block costs, and are still in a core's own cache when
    /// the last column is read.
    private static final int MOST_RECORDS = 256;

    /// Of wide records fewer are taken: the places of their fields need the cache too.
    private static final int MOST_FIELDS = 16_384;

    private static final int LEAST_RECORDS = 4;

    /// Between the columns in the arrays, so that the same record's places do not all compete for
    /// the same lines of the cache.
    private static final int GAP = 16;

    /// How many fields each record has.
    public final int fields;

    /// The most records that a reader may put in now, 1 to [#capacity].
    public int limit;

    /// How many records are in it.
    public int records;

    /// The number of the first record in its source; the others follow without a gap.
    public long firstRow;

    /// Holds the fields: the split itself.
    public byte[] bytes = new byte[0];

    /// The first byte of each field in [#bytes], those of a column from [#first] on.
    public final int[] starts;

    /// The byte after each field's last.
    public final int[] ends;

    /// How each field is written in the source, one of the constants; of no meaning unless
    /// [#hasQuoted].
    public final byte[] quotes;

    /// Whether any field may be other than unquoted.
    public boolean hasQuoted;

    /// Reads escaped fields.
    public Unescaping unescaping = NONE;

    private final int capacity;

    /// @param fields of each record, at least 1
    public RecordBlock(int fields) {
        this.fields = fields;
        this.capacity = Math.clamp(MOST_FIELDS / fields, LEAST_RECORDS, MOST_RECORDS);
        this.limit = capacity;
        var places = Math.multiplyExact(fields, stride());
        starts = new int[places];
        ends = new int[places];
        quotes = new byte[places];
    }

    /// The most records that there is room for.
    public int capacity() {
        return capacity;
    }

    /// How far the fields of one record stand apart in the arrays.
    public int stride() {
        return capacity + GAP;
    }

    /// Where the places of a column's fields begin in the arrays.
    public int first(int field) {
        return field * stride();
    }

    /// Says that fields may be quoted from now on, and that none so far was.
    public void expectQuotes() {
        if (!hasQuoted) {
            hasQuoted = true;
            Arrays.fill(quotes, UNQUOTED);
        }
    }

    /// How the field at a place of the arrays is written, one of the constants.
    public byte written(int place) {
        return hasQuoted ? quotes[place] : UNQUOTED;
    }

    /// Copies the escaped field at a place of the arrays as it reads.
    ///
    /// @param into at least as long as the field
    /// @return how many bytes
    public int unescape(int place, byte[] into) {
        return unescaping.unescape(bytes, starts[place], ends[place], into, 0);
    }
}
