/// Rows out of ClickHouse's Native format as CSV, in two thirds of the processor time that its own
/// writer takes (`docs/performance.md`).
///
/// [CsvRows] takes the bytes as they come, block by block; [Cells] or [Texts] write the values of
/// one column. What they write is what ClickHouse's `CSVWithNames` writes, byte for byte, with its
/// dates in ISO form.
@org.jspecify.annotations.NullMarked
package dev.millrace.render;
