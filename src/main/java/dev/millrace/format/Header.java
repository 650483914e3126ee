package dev.millrace.format;

import dev.millrace.core.Dialect;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;

/// A source's first record: the names of its columns.
final class Header {
    private static final int SHOWN_BYTES = 200;

    private Header() {}

    /// The names in the record that stands in `[from, to)`, without the spaces around them.
    ///
    /// @throws MillraceException SOURCE_DAMAGED when the record cannot be read, HEADER_AMBIGUOUS
    ///   when a name is empty or stands there twice
    static List<String> read(byte[] bytes, int from, int to, Dialect dialect) {
        var record = new SourceRecord();
        RecordReader.delimited(bytes, from, to - from, dialect, 1, 1, to - from).next(record);
        if (!record.malformed.isEmpty()) {
            throw damaged(
                    "The header cannot be read: " + record.malformed,
                    bytes,
                    record.rawStart,
                    record.rawEnd);
        }
        var names = new ArrayList<String>(record.fields);
        for (var i = 0; i < record.fields; i++) {
            names.add(name(record, i));
        }
        checkDistinct(names);
        return List.copyOf(names);
    }

    /// Names for the fields of the record that stands in `[from, to)`: `c1`, `c2` and so on, one at
    /// least.
    static List<String> numbered(byte[] bytes, int from, int to, Dialect dialect) {
        var record = new SourceRecord();
        RecordReader.delimited(bytes, from, to - from, dialect, 1, 1, to - from).next(record);
        return IntStream.rangeClosed(1, Math.max(1, record.fields))
                .mapToObj(Header::numbered)
                .toList();
    }

    /// @param number from 1
    static String numbered(int number) {
        return "c" + number;
    }

    private static String name(SourceRecord record, int field) {
        var start = record.starts[field];
        var length = record.ends[field] - start;
        try {
            var text = ByteBuffer.wrap(record.bytes, start, length);
            var name = StandardCharsets.UTF_8.newDecoder().decode(text).toString().strip();
            if (name.indexOf(0) < 0) {
                return name;
            }
        } catch (CharacterCodingException _) {
            // said below
        }
        throw damaged(
                "The header's field %d is not text in the source's encoding".formatted(field + 1),
                record.bytes,
                start,
                start + length);
    }

    private static void checkDistinct(List<String> names) {
        var places = new HashMap<String, Integer>();
        for (var i = 0; i < names.size(); i++) {
            var name = names.get(i);
            if (name.isEmpty()) {
                throw ambiguous("Column %d of %d has no name".formatted(i + 1, names.size()));
            }
            var before = places.put(name, i + 1);
            if (before != null) {
                throw ambiguous(
                        "Columns %d and %d are both named '%s'".formatted(before, i + 1, name));
            }
        }
    }

    private static MillraceException ambiguous(String message) {
        return new MillraceException(
                ErrorCode.HEADER_AMBIGUOUS,
                message + " in the source's header",
                "Give every column a name of its own, say the delimiter if it is not the one that was"
                        + " found, or say that there is no header: --no-header.",
                null);
    }

    /// @param from what is shown of the source: the bytes from here to `to`, or the first of them
    static MillraceException damaged(String message, byte[] bytes, int from, int to) {
        var length = Math.min(to - from, SHOWN_BYTES);
        var shown = new String(bytes, from, length, StandardCharsets.UTF_8);
        return new MillraceException(
                ErrorCode.SOURCE_DAMAGED,
                "%s; it begins '%s'".formatted(message, printable(shown)),
                "Check that this is a CSV file with a header; say its encoding, delimiter and quote"
                        + " if they are not the ones that were found.",
                null);
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "·");
    }
}
