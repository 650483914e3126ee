package dev.millrace.format;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Tells a document of an office program, such as an `.xlsx` workbook, from a file packed with zip:
/// the document is a zip archive too, whose first member has a name that these formats prescribe.
public final class OfficePackage {
    /// How many of the first bytes of a source decide, if it has as many.
    public static final int HEAD_BYTES = 64;

    private static final int NAME_LENGTH_AT = 26;
    private static final int NAME_AT = 30;
    private static final List<String> NAMES = List.of("[Content_Types].xml", "mimetype");
    private static final List<String> FOLDERS = List.of("_rels/", "docProps/", "xl/");

    private OfficePackage() {}

    /// Whether a source is such a document: Office Open XML (`.xlsx`, `.docx`) or OpenDocument
    /// (`.ods`).
    ///
    /// @param head holds its first bytes
    /// @param length how many there are of them
    public static boolean begins(byte[] head, int length) {
        if (length <= NAME_AT || head[0] != 'P' || head[1] != 'K' || head[2] != 3 || head[3] != 4) {
            return false;
        }
        var nameLength = (head[NAME_LENGTH_AT] & 0xFF) | (head[NAME_LENGTH_AT + 1] & 0xFF) << 8;
        var shown = Math.min(nameLength, length - NAME_AT);
        var name = new String(head, NAME_AT, shown, StandardCharsets.ISO_8859_1);
        return NAMES.contains(name) || FOLDERS.stream().anyMatch(name::startsWith);
    }
}
