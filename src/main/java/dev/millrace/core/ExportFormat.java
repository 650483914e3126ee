package dev.millrace.core;

import java.util.Locale;

/// The form of an exported file.
public enum ExportFormat {
    CSV("csv", "text/csv; charset=utf-8"),
    /// As CSV with tabs between: texts stand in quotes, and nothing is escaped by backslashes.
    TSV("tsv", "text/tab-separated-values; charset=utf-8"),
    /// A JSON object a row, each a line.
    JSONL("jsonl", "application/x-ndjson"),
    PARQUET("parquet", "application/vnd.apache.parquet"),
    AVRO("avro", "application/avro"),
    XLSX("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");

    private final String extension;
    private final String mediaType;

    ExportFormat(String extension, String mediaType) {
        this.extension = extension;
        this.mediaType = mediaType;
    }

    /// Of a file's name, without a point.
    public String extension() {
        return extension;
    }

    public String mediaType() {
        return mediaType;
    }

    /// Whether a file of it is a text, which may be packed as a whole; the others pack inside.
    public boolean isText() {
        return switch (this) {
            case CSV, TSV, JSONL -> true;
            case PARQUET, AVRO, XLSX -> false;
        };
    }

    /// Whether a program of spreadsheets may take its texts for formulas.
    public boolean isForSpreadsheets() {
        return switch (this) {
            case CSV, TSV, XLSX -> true;
            case JSONL, PARQUET, AVRO -> false;
        };
    }

    /// As users write it, such as `jsonl`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @param text in any case
    /// @throws MillraceException INVALID_REQUEST
    public static ExportFormat parse(String text) {
        for (var format : values()) {
            if (format.label().equals(text.strip().toLowerCase(Locale.ROOT))) {
                return format;
            }
        }
        throw new MillraceException(
                ErrorCode.INVALID_REQUEST,
                "'%s' is no format of an export".formatted(text),
                "Say csv, tsv, jsonl, parquet, avro or xlsx.",
                null);
    }
}
