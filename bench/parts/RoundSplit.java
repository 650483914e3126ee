package dev.millrace.validate;

import dev.millrace.core.Batch;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Compression;
import dev.millrace.core.Dialect;
import dev.millrace.core.Encoding;
import dev.millrace.core.Limits;
import dev.millrace.core.SourceReading;
import dev.millrace.format.RecordReader;
import dev.millrace.format.SourceParts;
import java.util.List;
import java.util.stream.IntStream;

/// A split of rows like game rounds, and their model.
public final class RoundSplit {
    private static final int BYTES = 16 << 20;
    private static final List<String> TYPES =
            List.of(
                    "DateTime",
                    "UInt64",
                    "String",
                    "UInt32",
                    "Float64",
                    "Float64",
                    "Float64",
                    "Float64",
                    "String",
                    "String");

    private final byte[] bytes = SourceParts.rows("plain", BYTES);
    private final int records = (int) new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)
            .chars()
            .filter(c -> c == '\n')
            .count();
    private final List<String> header;
    private final Validator validator;

    public RoundSplit() {
        var columns =
                IntStream.range(0, TYPES.size())
                        .mapToObj(i -> new Column("c" + i, ColumnTypes.parse(TYPES.get(i))))
                        .toList();
        header = columns.stream().map(Column::name).toList();
        validator = new Validator(OneField.model(columns.toArray(Column[]::new)), 0, header);
    }

    public int bytes() {
        return bytes.length;
    }

    public Batch validate() {
        var reading =
                new SourceReading(
                        Compression.NONE, Encoding.UTF_8, new Dialect(',', '"'), header);
        var read =
                RecordReader.open(
                        reading, bytes, 0, bytes.length, 1, Limits.MAX_RECORD_BYTES, _ -> false);
        var validated = validator.validate(read, records, bytes.length, 1000);
        if (validated.batch().rows() != records) {
            throw new IllegalStateException(validated.rejections().toString());
        }
        return validated.batch();
    }
}
