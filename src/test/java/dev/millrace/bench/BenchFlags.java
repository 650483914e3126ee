package dev.millrace.bench;

import picocli.CommandLine.Option;

/// What the benchmarks of loads are told alike.
final class BenchFlags {
    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "csv (the default), tsv, jsonl or parquet.")
    private FileFormat format = FileFormat.CSV;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            description = "The heap of Millrace's JVM; 1g otherwise.")
    private String heap = "1g";

    FileFormat format() {
        return format;
    }

    String heap() {
        return heap;
    }
}
