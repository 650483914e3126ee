/// ClickHouse as a destination of loads and as a place to query, over HTTP through the official
/// Java client.
///
/// A load's rows are written into a staging table of their own and published by one statement; see
/// [ClickHouseSink]. Every statement goes through [ClickHouseConnection].
@org.jspecify.annotations.NullMarked
package dev.millrace.clickhouse;
