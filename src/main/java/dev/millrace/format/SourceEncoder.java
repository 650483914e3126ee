package dev.millrace.format;

import dev.millrace.core.Escape;
import dev.millrace.core.SourceReading;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/// Writes records of a source in that source's own form, unpacked: its header if it has one, then
/// the records as its splits hold them; in its encoding, UTF-16 with the byte-order mark. Who reads
/// that with the same encoding, delimiter and quote finds the same header and the same records,
/// bytes that are no characters included. Not thread-safe.
public final class SourceEncoder implements Closeable {
    private static final char MARK = '\uFEFF';

    private final OutputStream out;
    private final SourceReading reading;
    private final Coding coding;
    private boolean begun;

    /// @param out closed by the caller
    public SourceEncoder(OutputStream out, SourceReading reading) {
        this.out = out;
        this.reading = reading;
        this.coding = Coding.of(reading.encoding());
    }

    /// Writes whole records, line breaks included.
    ///
    /// @param records in UTF-8, in a buffer with an array
    public void write(ByteBuffer records) throws IOException {
        begin(lineBreak(records), beginsWithMark(records));
        encode(records);
    }

    /// Writes the header, if there is one and nothing was written yet.
    @Override
    public void close() throws IOException {
        begin(String.valueOf(reading.dialect().lineBreak()), false);
    }

    /// The header gets the line break that the first record has.
    private void begin(String lineBreak, boolean recordsBeginWithMark) throws IOException {
        if (begun) {
            return;
        }
        begun = true;
        var line = reading.hasHeader() ? header() + lineBreak : "";
        var beginsWithMark = line.isEmpty() ? recordsBeginWithMark : line.charAt(0) == MARK;
        if (beginsWithMark || isAlwaysMarked()) {
            line = MARK + line;
        }
        encode(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
    }

    /// Any other text gets a mark only when it begins with one, which it would lose otherwise.
    private boolean isAlwaysMarked() {
        return switch (reading.encoding()) {
            case UTF_16LE, UTF_16BE, UTF_32LE, UTF_32BE -> true;
            default -> false;
        };
    }

    private static boolean beginsWithMark(ByteBuffer records) {
        var at = records.position();
        return records.remaining() >= 3
                && records.get(at) == (byte) 0xEF
                && records.get(at + 1) == (byte) 0xBB
                && records.get(at + 2) == (byte) 0xBF;
    }

    private String header() {
        var dialect = reading.dialect();
        var fields = reading.header().stream().map(this::field);
        return fields.collect(Collectors.joining(dialect.delimiter()))
                + (dialect.trailing() ? dialect.delimiter() : "");
    }

    /// A name as a field. Without a quote and escapes the source had none that would need one.
    private String field(String name) {
        var dialect = reading.dialect();
        return switch (dialect.escape()) {
            case SEQUENCES -> escaped(name).replace("\t", "\\t");
            case BACKSLASH -> dialect.hasQuote() ? quoted(name) : escaped(name);
            case NONE -> dialect.hasQuote() ? quoted(name) : name;
        };
    }

    /// Each first character of a delimiter gets a backslash: a name may end as the delimiter
    /// begins.
    private String escaped(String name) {
        var dialect = reading.dialect();
        var first = Character.toString(dialect.delimiter().codePointAt(0));
        var text = name.replace("\\", "\\\\");
        if (!first.equals("\t") || dialect.escape() == Escape.BACKSLASH) {
            text = text.replace(first, "\\" + first);
        }
        if (dialect.escape() == Escape.BACKSLASH) {
            return text.replace("\n", "\\\n").replace("\r", "\\\r");
        }
        return (beginsAsComment(name) ? "\\" : "") + text.replace("\n", "\\n").replace("\r", "\\r");
    }

    private String quoted(String name) {
        var dialect = reading.dialect();
        var text = dialect.escape() == Escape.NONE ? name : name.replace("\\", "\\\\");
        var needsQuotes =
                (name + dialect.delimiter()).indexOf(dialect.delimiter()) < name.length()
                        || name.indexOf(dialect.quote()) >= 0
                        || name.indexOf('\n') >= 0
                        || name.indexOf('\r') >= 0
                        || beginsAsComment(name);
        var sign = String.valueOf(dialect.quote());
        return needsQuotes ? sign + text.replace(sign, sign + sign) + sign : text;
    }

    private boolean beginsAsComment(String name) {
        var dialect = reading.dialect();
        return dialect.hasComment() && name.indexOf(dialect.comment()) == 0;
    }

    private String lineBreak(ByteBuffer records) {
        var end = reading.dialect().lineBreak();
        if (end == '\r') {
            return "\r";
        }
        for (var i = records.position(); i < records.limit(); i++) {
            if (records.get(i) == '\n') {
                return i > records.position() && records.get(i - 1) == '\r' ? "\r\n" : "\n";
            }
        }
        return "\n";
    }

    private void encode(ByteBuffer utf8) throws IOException {
        coding.write(utf8, out);
    }
}
