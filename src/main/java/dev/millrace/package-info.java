/// Millrace loads files into ClickHouse and accounts for every row.
@org.jspecify.annotations.NullMarked
package dev.millrace;
