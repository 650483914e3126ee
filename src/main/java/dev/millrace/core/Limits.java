package dev.millrace.core;

/// Limits that several packages share.
public final class Limits {
    /// The longest record, in bytes of UTF-8 without its line break.
    public static final int MAX_RECORD_BYTES = 16 << 20;

    /// The size of a source's first splits, in bytes; later ones grow with what came before them.
    public static final int FIRST_SPLIT_BYTES = 12 << 20;

    /// The size beyond which a split takes no further record, in bytes.
    public static final int MAX_SPLIT_BYTES = 64 << 20;

    /// The most records in a split.
    public static final int MAX_SPLIT_RECORDS = 1_000_000;

    /// The announced and unfinished splits of one job of which no worker has one in its hands.
    public static final int LEAST_ANNOUNCED_SPLITS = 2;

    /// The most announced and unfinished splits of one job.
    public static final int MAX_ANNOUNCED_SPLITS = 64;

    /// The starts after which a split fails its job.
    public static final int MAX_SPLIT_STARTS = 5;

    /// The rejections of one job that are kept whole; beyond, only counts and examples are.
    public static final long MAX_KEPT_REJECTIONS = 1_000_000;

    /// The most bytes of a column's default, in UTF-8 as well as in a batch: it stands in every row
    /// of a source that lacks the column.
    public static final int MAX_DEFAULT_BYTES = 4096;

    /// The most bytes that the elements of one row's arrays take in a batch, each by the width of
    /// its type; a text counts as one byte, and an array in an array as eight.
    public static final int MAX_ROW_ELEMENT_BYTES = 64 << 20;

    /// The most sources of one job: every look at a job reads all of them.
    public static final int MAX_SOURCES = 1_000;

    private Limits() {}
}
