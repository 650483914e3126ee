package dev.millrace.core;

/// How a source is packed. It is always found from the content's first bytes.
public enum Compression {
    NONE,
    GZIP,
    ZSTD,
    BZIP2,
    /// A zip archive of one file.
    ZIP
}
