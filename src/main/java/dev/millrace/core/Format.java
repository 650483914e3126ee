package dev.millrace.core;

import java.util.Locale;

/// In which form a source holds its records.
public enum Format {
    /// Fields with delimiters between them, as a [Dialect] says.
    CSV,
    /// A JSON object in each line.
    JSONL,
    /// JSON objects, in an array or one after the other, with line breaks anywhere.
    JSON,
    /// An Apache Parquet file.
    PARQUET,
    /// An Avro object container file.
    AVRO,
    /// A workbook as Excel 2007 and later save it.
    XLSX;

    /// Whether records have delimiters between their fields; else they are objects with keys.
    public boolean isDelimited() {
        return this == CSV;
    }

    /// Whether it is no text: its rows become blocks of columns when it is taken in, each value as
    /// JSON.
    public boolean isConverted() {
        return this == PARQUET || this == AVRO || this == XLSX;
    }

    /// As users write it, such as `jsonl`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @param text in any case
    /// @throws MillraceException INVALID_REQUEST
    public static Format parse(String text) {
        for (var format : values()) {
            if (format.label().equals(text.strip().toLowerCase(Locale.ROOT))) {
                return format;
            }
        }
        throw new MillraceException(
                ErrorCode.INVALID_REQUEST,
                "'%s' is no format".formatted(text),
                "Say csv, jsonl, json, parquet, avro or xlsx; tsv is csv with --delimiter tab.",
                null);
    }
}
