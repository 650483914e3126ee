package dev.millrace.clickhouse;

import dev.millrace.core.Batch;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnData;
import dev.millrace.core.ColumnType;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A batch made slowly and plainly out of Java values: numbers as Number (a date its day, a time
/// its second, a decimal without its point, a name its number), text as String, NULL as null.
final class BatchRows {
    private final List<Column> columns;
    private final List<ByteArrayOutputStream> values = new ArrayList<>();
    private final List<ByteArrayOutputStream> nulls = new ArrayList<>();
    private final List<Long> rowIds = new ArrayList<>();

    BatchRows(List<Column> columns) {
        this.columns = columns;
        for (var i = 0; i < columns.size(); i++) {
            values.add(new ByteArrayOutputStream());
            nulls.add(new ByteArrayOutputStream());
        }
    }

    BatchRows add(long rowId, @Nullable Object... row) {
        rowIds.add(rowId);
        for (var i = 0; i < row.length; i++) {
            nulls.get(i).write(row[i] == null ? 1 : 0);
            encode(columns.get(i).type().base(), row[i], values.get(i));
        }
        return this;
    }

    Batch batch() {
        var data = new ArrayList<ColumnData>();
        for (var i = 0; i < columns.size(); i++) {
            var bytes = values.get(i).toByteArray();
            var runs = new ArrayList<ColumnData.Run>();
            if (columns.get(i).type().isNullable()) {
                runs.add(new ColumnData.Run(nulls.get(i).toByteArray(), rowIds.size()));
            }
            runs.add(new ColumnData.Run(bytes, bytes.length));
            data.add(new ColumnData(columns.get(i), runs));
        }
        var ids = rowIds.stream().mapToLong(Long::longValue).toArray();
        return new Batch(data, ids.length, ids);
    }

    private static void encode(
            ColumnType type, @Nullable Object value, ByteArrayOutputStream into) {
        switch (type) {
            case ColumnType.Text() -> text(value == null ? "" : (String) value, into);
            case ColumnType.FixedText(int widthBytes) ->
                    into.writeBytes(
                            Arrays.copyOf(
                                    (value == null ? "" : (String) value)
                                            .getBytes(StandardCharsets.UTF_8),
                                    widthBytes));
            case ColumnType.Floating(int bits) -> {
                var number = value == null ? 0.0 : ((Number) value).doubleValue();
                little(
                        bits == 32
                                ? BigInteger.valueOf(Float.floatToRawIntBits((float) number))
                                : BigInteger.valueOf(Double.doubleToRawLongBits(number)),
                        bits / 8,
                        into);
            }
            case ColumnType.Enumeration _,
                    ColumnType.Decimal _,
                    ColumnType.Uuid _,
                    ColumnType.IpV4 _,
                    ColumnType.IpV6 _ ->
                    little(
                            new BigInteger(value == null ? "0" : value.toString()),
                            type.widthBytes(),
                            into);
            case ColumnType.Whole _,
                    ColumnType.Bool _,
                    ColumnType.Date _,
                    ColumnType.Date32 _,
                    ColumnType.Timestamp _ ->
                    little(
                            value == null ? BigInteger.ZERO : new BigInteger(value.toString()),
                            type.widthBytes(),
                            into);
            case ColumnType.Nullable _, ColumnType.LowCardinality _, ColumnType.Array _ ->
                    throw new IllegalArgumentException(type.name());
        }
    }

    private static void text(String value, ByteArrayOutputStream into) {
        var utf8 = value.getBytes(StandardCharsets.UTF_8);
        var rest = utf8.length;
        while (rest >= 0x80) {
            into.write((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        into.write(rest);
        into.writeBytes(utf8);
    }

    private static void little(BigInteger value, int width, ByteArrayOutputStream into) {
        for (var i = 0; i < width; i++) {
            into.write(value.shiftRight(8 * i).byteValue());
        }
    }
}
