package dev.millrace.core;

/// A column of a query's result.
///
/// @param type as ClickHouse writes it, which need not be one of [ColumnTypes]
public record ResultColumn(String name, String type) {}
