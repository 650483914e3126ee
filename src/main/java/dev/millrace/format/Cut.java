package dev.millrace.format;

/// Whole records of a source, one after the other, as [RecordCutter] cut them: what becomes a
/// split.
///
/// @param bytes holds them from its first byte on; the caller's from now on
/// @param length how many bytes they are, line breaks and the empty lines before them included
/// @param records how many they are, at least 1
/// @param firstRow the number of the first one in the source, from 1, the header not counted
/// @param from where they begin in the source's UTF-8, in bytes: where the cut before ended
/// @param to the byte after them there
public record Cut(byte[] bytes, int length, int records, long firstRow, long from, long to) {}
