/// Bytes to records: encodings, compression, dialects, cutting, reading.
///
/// The way in is [SourceDecoder] (bytes as received to UTF-8), then [Cutter] (UTF-8 to splits of
/// whole records), then, wherever a split is loaded, [RecordReader] (a split to its records).
/// Cutter and reader share one rule for where a record ends: [RecordScanner].
@org.jspecify.annotations.NullMarked
package dev.millrace.format;
