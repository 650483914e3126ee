package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnData;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Counted;
import dev.millrace.core.RecordBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Reads a column of each type, whose fields were found before, into ClickHouse's layout.
@State(Scope.Thread)
public class ValueParts {
    private static final int ROWS = 1 << 17;

    /// Names of [TypeTexts].
    @Param({
        "Int32",
        "UInt64",
        "Int128",
        "UInt256",
        "Float64",
        "Decimal(9, 2)",
        "Decimal(18, 4)",
        "Decimal(38, 10)",
        "Decimal(76, 20)",
        "String",
        "FixedString(16)",
        "UUID",
        "IPv4",
        "IPv6",
        "Enum8('created' = 1, 'paid' = 2, 'shipped' = 3, 'delivered' = 4)",
        "Date",
        "DateTime",
        "DateTime('America/Sao_Paulo')",
        "DateTime64(3)",
        "Bool"
    })
    public String type = "";

    private final List<RecordBlock> blocks = new ArrayList<>();
    private ColumnReader reader = reader("String");
    private int bytes;

    private static ColumnReader reader(String type) {
        return new ColumnReader(
                new Column("c", ColumnTypes.parse(type)), 1.0, new ElementRoom());
    }

    @Setup
    public void write() {
        var texts = TypeTexts.BY_TYPE.get(type);
        if (texts == null) {
            throw new IllegalArgumentException(type);
        }
        reader = reader(type);
        var random = new Random(2);
        var text = new StringBuilder();
        var starts = new int[ROWS + 1];
        for (var i = 0; i < ROWS; i++) {
            text.append(texts.apply(random)).append('\n');
            starts[i + 1] = text.length();
        }
        var source = text.toString().getBytes(UTF_8);
        bytes = source.length;
        for (var row = 0; row < ROWS; ) {
            var block = new RecordBlock(1);
            block.bytes = source;
            for (; block.records < block.limit && row < ROWS; row++) {
                block.starts[block.records] = starts[row];
                block.ends[block.records] = starts[row + 1] - 1;
                block.records++;
            }
            blocks.add(block);
        }
    }

    @Benchmark
    public ColumnData values(Counted counted) {
        reader.begin(ROWS, bytes);
        var row = 0;
        for (var block : blocks) {
            if (!reader.readAll(block, 0, row)) {
                throw new IllegalStateException("A text is no " + type);
            }
            row += block.records;
            reader.keep();
        }
        counted.bytes += bytes;
        return reader.finish(ROWS);
    }
}
