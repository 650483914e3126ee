package dev.millrace.format;

/// Bytes that are read as from an [java.io.InputStream], with failures as exceptions of our own.
@FunctionalInterface
interface Content {
    /// @return how many bytes were read, at least one, or -1 at the end
    int read(byte[] into, int offset, int length);
}
