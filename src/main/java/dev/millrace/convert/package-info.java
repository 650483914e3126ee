/// Files of rows that are not text, as blocks of columns: Parquet, Avro object files, XLSX.
///
/// The way in is [Conversion]; [RowBlock] reads what it writes. Everything behind them (cutting,
/// reading, validating) sees values as JSON, and nothing of these formats. How each type is written
/// is said in [JsonText]; what cannot be carried exactly is refused by name, never altered.
@org.jspecify.annotations.NullMarked
package dev.millrace.convert;
