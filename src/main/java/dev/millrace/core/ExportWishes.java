package dev.millrace.core;

import java.util.Locale;

/// What is to be exported, and as what.
///
/// @param connection an id or a name
/// @param query the SELECT whose result is the file
/// @param packing NONE, GZIP or ZSTD
/// @param guardFormulas whether texts that a spreadsheet would take for formulas get an apostrophe
///   in front, which is then part of the file
/// @param sha256 whether the SHA-256 of the file is made, which takes time
public record ExportWishes(
        String connection,
        String query,
        ExportFormat format,
        Compression packing,
        boolean guardFormulas,
        boolean sha256) {
    /// @throws MillraceException INVALID_REQUEST for what does not go together
    public ExportWishes {
        if (query.isBlank()) {
            throw new MillraceException(ErrorCode.INVALID_REQUEST, "The query is empty");
        }
        if (packing != Compression.NONE && !format.isText()) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "A file in %s is not packed once more: it is packed inside"
                            .formatted(format.label()),
                    "Leave the compression out, or choose csv, tsv or jsonl.",
                    null);
        }
        if (guardFormulas && !format.isForSpreadsheets()) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "Formulas are guarded against in csv, tsv and xlsx, not in %s"
                            .formatted(format.label()),
                    "Leave it out: no spreadsheet takes a text of this format for a formula.",
                    null);
        }
    }

    /// @param text `none`, `gzip` or `zstd`, in any case
    /// @throws MillraceException INVALID_REQUEST
    public static Compression packing(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "none" -> Compression.NONE;
            case "gzip" -> Compression.GZIP;
            case "zstd" -> Compression.ZSTD;
            default ->
                    throw new MillraceException(
                            ErrorCode.INVALID_REQUEST,
                            "'%s' is no compression of an export".formatted(text),
                            "Say none, gzip or zstd.",
                            null);
        };
    }
}
