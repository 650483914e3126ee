package dev.millrace.core;

/// How a load's rows meet those that the destination has.
public enum LoadMode {
    /// They come on top.
    APPEND,
    /// They take the place of all rows, at one moment.
    REPLACE,
    /// They take the place of all rows of the partitions that they fall into, one partition after
    /// the other; other partitions stay.
    REPLACE_PARTITIONS,
    /// Each takes the place of the row that has its key, if there is one. Of two jobs the one that
    /// was made later wins, of two rows of one job the later one.
    UPSERT
}
