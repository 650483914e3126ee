package dev.millrace.core;

/// What intake counted of a source, independent of any reader.
///
/// @param splits how many
/// @param records data records
/// @param bytes their bytes in UTF-8 with line breaks
/// @param sourceBytes bytes received
/// @param contentHash SHA-256 of the unpacked content, in hex
public record IntakeTotals(
        int splits, long records, long bytes, long sourceBytes, String contentHash) {}
