package dev.millrace.convert;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.Format;
import dev.millrace.core.MillraceException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The formats that a [Conversion] reads, as their first bytes tell them.
public final class RowFormat {
    /// How many first bytes decide, at most.
    public static final int HEAD_BYTES = 256;

    private static final byte[] OLE2 = {
        (byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, (byte) 0xA1, (byte) 0xB1, 0x1A, (byte) 0xE1
    };
    private static final int ZIP_NAME_LENGTH = 26;
    private static final int ZIP_NAME = 30;

    private RowFormat() {}

    /// The format of a source that begins so; empty when it is none of these.
    ///
    /// A workbook is a zip whose first member is a part of one (`[Content_Types].xml` mostly, which
    /// documents of other programs have too: those are refused when they are opened).
    ///
    /// @param length how many bytes of `head` there are
    /// @throws MillraceException SOURCE_UNSUPPORTED for an encrypted workbook, or one of Excel 97:
    ///   both begin alike
    public static Optional<Format> of(byte[] head, int length) {
        if (begins(head, length, OLE2)) {
            throw new MillraceException(
                    ErrorCode.SOURCE_UNSUPPORTED,
                    "The source is an Office file of the old kind, as encrypted workbooks and those"
                            + " of Excel 97 (.xls) are",
                    "Save it as .xlsx without a password, and send it again.",
                    null);
        }
        if (begins(head, length, ascii("PAR1")) || begins(head, length, ascii("PARE"))) {
            return Optional.of(Format.PARQUET);
        }
        if (begins(head, length, ascii("Obj\1"))) {
            return Optional.of(Format.AVRO);
        }
        return isWorkbook(head, length) ? Optional.of(Format.XLSX) : Optional.empty();
    }

    private static boolean isWorkbook(byte[] head, int length) {
        if (length < ZIP_NAME || !begins(head, length, ascii("PK\3\4"))) {
            return false;
        }
        var nameLength =
                (head[ZIP_NAME_LENGTH] & 0xFF) | (head[ZIP_NAME_LENGTH + 1] & 0xFF) << Byte.SIZE;
        var known = Math.min(nameLength, length - ZIP_NAME);
        var name = new String(head, ZIP_NAME, known, StandardCharsets.UTF_8);
        return name.equals("[Content_Types].xml")
                || name.startsWith("_rels/")
                || name.startsWith("docProps/")
                || name.startsWith("xl/")
                || name.startsWith("customXml/")
                || name.equals("mimetype");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean begins(byte[] head, int length, byte[] with) {
        if (length < with.length) {
            return false;
        }
        for (var i = 0; i < with.length; i++) {
            if (head[i] != with[i]) {
                return false;
            }
        }
        return true;
    }
}
