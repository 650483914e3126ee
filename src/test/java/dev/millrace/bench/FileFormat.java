package dev.millrace.bench;

import java.util.Locale;

/// In which form a file of the benchmarks holds its rows.
enum FileFormat {
    CSV("CSVWithNames"),
    TSV("TabSeparatedWithNames"),
    JSONL("JSONEachRow"),
    PARQUET("Parquet");

    private final String clickhouse;

    FileFormat(String clickhouse) {
        this.clickhouse = clickhouse;
    }

    /// What ClickHouse calls it.
    String clickhouse() {
        return clickhouse;
    }

    String title() {
        return name().toLowerCase(Locale.ROOT);
    }
}
