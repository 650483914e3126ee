package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.core.RecordBlock;
import dev.millrace.core.Records;
import dev.millrace.core.SourceRecord;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Records that a test lists, as a reader would hand them over: fields stand in an array with other
/// bytes around them, and what an earlier record left is overwritten.
final class ListedRecords implements Records {
    record Field(byte[] bytes, boolean quoted) {
        static Field plain(String text) {
            return new Field(text.getBytes(UTF_8), false);
        }

        static Field quoted(String text) {
            return new Field(text.getBytes(UTF_8), true);
        }

        static Field ofBytes(int... bytes) {
            var array = new byte[bytes.length];
            for (var i = 0; i < bytes.length; i++) {
                array[i] = (byte) bytes[i];
            }
            return new Field(array, false);
        }
    }

    private record Line(List<Field> fields, String malformed) {}

    private final List<Line> lines = new ArrayList<>();
    private long firstRow = 1;
    private int next;
    private int blockNext;

    ListedRecords startingAt(long row) {
        firstRow = row;
        return this;
    }

    ListedRecords row(Field... fields) {
        lines.add(new Line(List.of(fields), ""));
        return this;
    }

    ListedRecords row(String... texts) {
        return row(Stream.of(texts).map(Field::plain).toArray(Field[]::new));
    }

    ListedRecords malformed(String why, String text) {
        lines.add(new Line(List.of(Field.plain(text)), why));
        return this;
    }

    @Override
    public boolean next(SourceRecord into) {
        if (next == lines.size()) {
            return false;
        }
        var line = lines.get(next);
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes("9,".getBytes(ISO_8859_1));
        into.fields = 0;
        for (var field : line.fields()) {
            var start = bytes.size();
            bytes.writeBytes(field.bytes());
            into.addField(
                    start,
                    bytes.size(),
                    field.quoted() ? RecordBlock.QUOTED : RecordBlock.UNQUOTED);
            bytes.write(',');
        }
        bytes.write('9');
        into.bytes = bytes.toByteArray();
        into.raw = into.bytes;
        into.rawStart = 2;
        into.rawEnd = Math.max(into.bytes.length - 2, 2);
        into.rawNext = into.rawEnd + 1;
        into.row = firstRow + next;
        into.malformed = line.malformed();
        next++;
        return true;
    }

    @Override
    public int next(RecordBlock into) {
        var bytes = new ByteArrayOutputStream();
        into.firstRow = firstRow + next;
        into.records = 0;
        into.hasQuoted = true;
        blockNext = next;
        while (into.records < into.limit
                && next < lines.size()
                && lines.get(next).malformed().isEmpty()
                && lines.get(next).fields().size() == into.fields) {
            var place = into.records;
            for (var field : lines.get(next).fields()) {
                bytes.write('9');
                into.starts[place] = bytes.size();
                bytes.writeBytes(field.bytes());
                into.ends[place] = bytes.size();
                into.quotes[place] = field.quoted() ? RecordBlock.QUOTED : RecordBlock.UNQUOTED;
                place += into.stride();
            }
            into.records++;
            next++;
        }
        bytes.write('9');
        into.bytes = bytes.toByteArray();
        return into.records;
    }

    @Override
    public void goBack() {
        next = blockNext;
    }

    @Override
    public long bytesRead() {
        throw new UnsupportedOperationException("Listed records stand in no split");
    }
}
