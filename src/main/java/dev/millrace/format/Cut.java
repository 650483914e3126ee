package dev.millrace.format;

/// Whole records of a source, one after the other, as [Cutter] cut them: what becomes a split.
///
/// @param bytes holds them from its first byte on; the caller's from now on
/// @param length how many bytes they are, line breaks and the empty lines before them included
/// @param records how many they are, at least 1
/// @param firstRow the number of the first one in the source, from 1, the header not counted
/// @param from where they begin in the source as received, in bytes: where the cut before ended, or
///   the header
/// @param to the byte after them there; of a packed source about, never too small
/// @param exact whether they are what stands there, in UTF-8: nothing of it was dropped
public record Cut(
        byte[] bytes, int length, int records, long firstRow, long from, long to, boolean exact) {}
