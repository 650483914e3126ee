package dev.millrace.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a file's name says of its format and compression, such as `rows.csv.gz`.
///
/// @param format as the API calls it, or null when the name says nothing
record ExportName(@Nullable String format, String compression) {
    static ExportName of(String file) {
        var name = file.toLowerCase(Locale.ROOT);
        var compression = "none";
        if (name.endsWith(".gz")) {
            compression = "gzip";
            name = name.substring(0, name.length() - ".gz".length());
        } else if (name.endsWith(".zst")) {
            compression = "zstd";
            name = name.substring(0, name.length() - ".zst".length());
        }
        var format =
                switch (name.substring(name.lastIndexOf('.') + 1)) {
                    case "csv" -> "csv";
                    case "tsv", "tab" -> "tsv";
                    case "jsonl", "ndjson" -> "jsonl";
                    case "parquet" -> "parquet";
                    case "avro" -> "avro";
                    case "xlsx" -> "xlsx";
                    default -> null;
                };
        return new ExportName(format, compression);
    }
}
