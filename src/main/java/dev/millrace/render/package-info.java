/// Rows out of ClickHouse's Native format as CSV, which its own writer takes three times as long
/// for.
///
/// [CsvRows] takes the bytes as they come, block by block; [Cells] or [Texts] write the values of
/// one column. What they write is what ClickHouse's `CSVWithNames` writes, byte for byte, with its
/// dates in ISO form.
@org.jspecify.annotations.NullMarked
package dev.millrace.render;
