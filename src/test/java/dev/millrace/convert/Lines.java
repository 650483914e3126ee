package dev.millrace.convert;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.core.Limits;
import dev.millrace.core.RecordBlock;
import java.io.ByteArrayOutputStream;
import java.util.List;

/// What a conversion writes, as JSON Lines: each row an object. Closes it.
public final class Lines {
    private static final byte[] OPEN = {'{'};
    private static final byte[] CLOSE = {'}', '\n'};

    private Lines() {}

    /// Its lines; what is no UTF-8 in them is replaced.
    public static List<String> of(Conversion conversion) {
        var text = new String(bytes(conversion), UTF_8);
        var lines = text.isEmpty() ? List.<String>of() : List.of(text.split("\n"));
        if (lines.size() != conversion.records()) {
            throw new AssertionError("counts " + conversion.records() + " of " + lines.size());
        }
        return lines;
    }

    static byte[] bytes(Conversion conversion) {
        return bytes(conversion, ColumnValues.MOST_ROWS, Limits.MAX_RECORD_BYTES);
    }

    /// @param mostRows of each block
    static byte[] bytes(Conversion conversion, int mostRows, int maxRecordBytes) {
        var all = new ByteArrayOutputStream();
        var keys = conversion.columns().stream().map(Conversion::key).toList();
        try (conversion) {
            while (conversion.next(mostRows, maxRecordBytes)) {
                var bytes = new byte[conversion.length() + 2];
                conversion.write(bytes, 1);
                write(bytes, conversion.rows(), keys, all);
            }
        }
        return all.toByteArray();
    }

    private static void write(
            byte[] bytes, int rows, List<byte[]> keys, ByteArrayOutputStream into) {
        var block = new RowBlock(bytes, 1, bytes.length - 1);
        if (!block.next() || block.rows() != rows) {
            throw new AssertionError("not a block of %d rows".formatted(rows));
        }
        if (block.isLine()) {
            into.write(bytes, block.lineStart(), block.behind() - block.lineStart());
        } else if (block.columns() != keys.size()) {
            throw new AssertionError("has %d columns".formatted(block.columns()));
        }
        for (var row = 0; row < rows && !block.isLine(); row++) {
            into.writeBytes(OPEN);
            for (var column = 0; column < keys.size(); column++) {
                if (column > 0) {
                    into.write(',');
                }
                into.writeBytes(keys.get(column));
                var place = column * rows + row;
                var written = block.written()[place];
                var isText = written == RecordBlock.QUOTED || written == RecordBlock.ESCAPED;
                var start = block.starts()[place] - (isText ? 1 : 0);
                var end = block.ends()[place] + (isText ? 1 : 0);
                if (written != written(bytes, start, end)) {
                    throw new AssertionError("a value is said to be written as " + written);
                }
                into.write(bytes, start, end - start);
            }
            into.writeBytes(CLOSE);
        }
        if (block.next()) {
            throw new AssertionError("more than one block");
        }
    }

    /// How a value of JSON is written, as it shows itself.
    private static byte written(byte[] bytes, int start, int end) {
        return switch (bytes[start]) {
            case '"' ->
                    new String(bytes, start, end - start, ISO_8859_1).contains("\\")
                            ? RecordBlock.ESCAPED
                            : RecordBlock.QUOTED;
            case 'n' -> RecordBlock.NULL;
            case '[', '{' -> RecordBlock.NESTED;
            default -> RecordBlock.UNQUOTED;
        };
    }
}
