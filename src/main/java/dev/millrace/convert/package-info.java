/// Files of rows that are not text, as lines of JSON: Parquet, Avro object files, XLSX.
///
/// The way in is [Conversion]. Everything behind it (cutting, reading, validating) sees UTF-8 with
/// one JSON array a line, and nothing of these formats. How each type is written is said in
/// [JsonText]; what cannot be carried exactly is refused by name, never altered.
@org.jspecify.annotations.NullMarked
package dev.millrace.convert;
