package dev.millrace.format;

import dev.millrace.core.Dialect;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Evidence;
import dev.millrace.core.Format;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceReading;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;

/// The beginning of a source: as much of its text as says how the rest is to be read, and what it
/// says. Not thread-safe.
final class SourceHead {
    private final SourceDecoder source;
    private final SourceOptions asked;
    private final int maxRecordBytes;

    /// How much of the text decides, in bytes; more is read where a header needs it.
    private final int headBytes;

    private final boolean isFlattened;
    private final SourceReading reading;
    private Content text;
    private byte[] bytes;
    private int length;
    private boolean isWhole;
    private int firstRecord;

    private SourceHead(
            SourceDecoder source, SourceOptions asked, int maxRecordBytes, int headBytes) {
        this.source = source;
        this.asked = asked;
        this.maxRecordBytes = maxRecordBytes;
        this.headBytes = headBytes;
        bytes = new byte[headBytes];
        text = source::read;
        fill();
        var format = format();
        isFlattened = format == Format.JSON;
        if (isFlattened) {
            flatten();
        }
        reading = format.isDelimited() ? readDelimited() : readJson(format);
    }

    /// Reads it.
    ///
    /// @param headBytes how much of the text decides on its dialect, at least 1
    /// @throws MillraceException what [Cutter#open] throws
    static SourceHead read(
            SourceDecoder source, SourceOptions asked, int maxRecordBytes, int headBytes) {
        return new SourceHead(source, asked, maxRecordBytes, headBytes);
    }

    /// How the source is read.
    SourceReading reading() {
        return reading;
    }

    /// What was read of the text, from 0 to [#length].
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /// Whether that is all of it.
    boolean isWhole() {
        return isWhole;
    }

    /// Where the first record begins, or what is empty before it.
    int firstRecord() {
        return firstRecord;
    }

    /// What follows.
    Content text() {
        return text;
    }

    /// Whether the text is made of the source's, and does not stand in it.
    boolean isFlattened() {
        return isFlattened;
    }

    private void fill() {
        while (length < headBytes && !isWhole) {
            readMore();
        }
    }

    private void readMore() {
        var n = text.read(bytes, length, bytes.length - length);
        if (n < 0) {
            isWhole = true;
        } else {
            length += n;
        }
    }

    private void grow() {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.toIntExact(bytes.length * 2L));
        }
        readMore();
    }

    private Format format() {
        return FormatDetector.detect(bytes, Math.min(length, headBytes), asked);
    }

    private void flatten() {
        text = new JsonFlattener(withHead(Arrays.copyOf(bytes, length), text));
        length = 0;
        isWhole = false;
        fill();
    }

    private static Content withHead(byte[] head, Content rest) {
        var first = new ByteArrayInputStream(head);
        return (into, offset, length) -> {
            var n = first.read(into, offset, length);
            return n > 0 ? n : rest.read(into, offset, length);
        };
    }

    private SourceReading readDelimited() {
        var found =
                DialectDetector.detect(
                        bytes, Math.min(length, headBytes), isWhole && length <= headBytes, asked);
        var dialect = found.dialect();
        var scanner = new RecordScanner(dialect, 0, maxRecordBytes);
        firstRecord = skip(found.skipped(), scanner.lineBreak());
        scanner.standAt(firstRecord);
        var told = asked.columns();
        return new SourceReading(
                source.compression(),
                source.encoding(),
                Format.CSV,
                dialect,
                found.skipped(),
                told == null
                        ? readHeader(scanner, dialect)
                        : told.isEmpty() ? numbered(scanner, dialect) : told,
                told == null,
                found.evidence());
    }

    /// @return where the line behind so many begins
    private int skip(int lines, byte lineBreak) {
        var at = 0;
        for (var i = 0; i < lines; i++) {
            var end = ByteSearch.indexOf(bytes, at, length, lineBreak);
            while (end == length && !isWhole) {
                grow();
                end = ByteSearch.indexOf(bytes, end, length, lineBreak);
            }
            at = Math.min(end + 1, length);
        }
        return at;
    }

    /// Names of our own, as many as the first record has fields; it is not taken. None when there
    /// is no record.
    private List<String> numbered(RecordScanner scanner, Dialect dialect) {
        while (true) {
            switch (scanner.next(bytes, length, isWhole)) {
                case BLANK -> {}
                case MORE -> {
                    if (isWhole) {
                        return List.of();
                    }
                    grow();
                }
                case PLAIN, QUOTED -> {
                    return Header.numbered(bytes, scanner.start(), scanner.next(), dialect);
                }
                case UNCLOSED, TOO_LONG, CLIPPED -> {
                    return List.of(Header.numbered(1));
                }
            }
        }
    }

    /// The names of the header record, behind which the first record begins. None when there is no
    /// record.
    private List<String> readHeader(RecordScanner scanner, Dialect dialect) {
        while (true) {
            switch (scanner.next(bytes, length, isWhole)) {
                case BLANK -> {}
                case MORE -> {
                    if (isWhole) {
                        firstRecord = length;
                        return List.of();
                    }
                    grow();
                }
                case PLAIN, QUOTED -> {
                    firstRecord = scanner.next();
                    return Header.read(bytes, scanner.start(), firstRecord, dialect);
                }
                case UNCLOSED ->
                        throw Header.damaged(
                                "A quote in the header does not close",
                                bytes,
                                scanner.start(),
                                scanner.textEnd());
                case TOO_LONG, CLIPPED ->
                        throw Header.damaged(
                                "The source's first line is longer than a record may be",
                                bytes,
                                scanner.start(),
                                scanner.next());
            }
        }
    }

    private SourceReading readJson(Format format) {
        if (asked.columns() != null) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "The fields of JSON have their names in every record",
                    "Leave out --columns and --no-header.",
                    null);
        }
        var lines = behindLastLine();
        while (lines == 0 && !isWhole && length <= maxRecordBytes) {
            grow();
            lines = behindLastLine();
        }
        return new SourceReading(
                source.compression(),
                source.encoding(),
                format,
                Dialect.LINES,
                0,
                JsonHeader.read(bytes, 0, lines == 0 ? length : lines, maxRecordBytes),
                false,
                new Evidence(100, List.of()));
    }

    private int behindLastLine() {
        var at = length;
        while (!isWhole && at > 0 && bytes[at - 1] != '\n') {
            at--;
        }
        return at;
    }
}
