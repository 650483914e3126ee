/// Bytes to records: encodings, compression, dialects, cutting, reading.
///
/// The way in is [SourceDecoder] (bytes as received to UTF-8, or to blocks of rows), then [Cutter]
/// (to splits of whole records), then, wherever a split is loaded, [RecordReader] (a split to its
/// records). Of text, cutter and reader share one rule for where a record ends: [RecordScanner].
@org.jspecify.annotations.NullMarked
package dev.millrace.format;
