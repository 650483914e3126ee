package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.ThreadMXBean;
import dev.millrace.core.Batch;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Records;
import dev.millrace.core.SourceRecord;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/// Measures validation alone, on rows like game rounds: the time of finding the fields is taken
/// off. A program to run by hand, not a test.
final class ValidatorSpeed {
    private static final int ROWS = 300_000;
    private static final int FIELDS = 10;
    private static final List<String> TYPES =
            List.of(
                    "DateTime",
                    "UInt64",
                    "String",
                    "UInt64",
                    "Float64",
                    "Float64",
                    "Float64",
                    "Float64",
                    "String",
                    "String");

    private ValidatorSpeed() {}

    /// Hands over fields that were found before.
    private static final class Prepared implements Records {
        private final byte[] bytes;
        private final int[] starts;
        private final int rows;
        private int next;

        Prepared(byte[] bytes, int[] starts) {
            this.bytes = bytes;
            this.starts = starts;
            this.rows = (starts.length - 1) / FIELDS;
        }

        @Override
        public boolean next(SourceRecord into) {
            if (next == rows) {
                return false;
            }
            into.bytes = bytes;
            into.raw = bytes;
            into.fields = 0;
            var first = next * FIELDS;
            for (var i = first; i < first + FIELDS; i++) {
                into.addField(starts[i], starts[i + 1] - 1, false);
            }
            into.rawStart = starts[first];
            into.rawEnd = starts[first + FIELDS] - 1;
            into.row = ++next;
            return true;
        }

        @Override
        public long bytesRead() {
            return bytes.length;
        }
    }

    public static void main(String[] args) {
        var text = new StringBuilder();
        var random = new Random(1);
        for (var i = 0; i < ROWS; i++) {
            appendRow(text, random, i);
        }
        var bytes = text.toString().getBytes(UTF_8);
        var starts = starts(bytes);
        var columns =
                IntStream.range(0, FIELDS)
                        .mapToObj(i -> new Column("c" + i, ColumnTypes.parse(TYPES.get(i))))
                        .toList();
        var header = columns.stream().map(Column::name).toList();
        var validator = new Validator(OneField.model(columns.toArray(Column[]::new)), 0, header);
        var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (var run = 0; run < 30; run++) {
            var start = bean.getCurrentThreadCpuTime();
            var records = new SourceRecord();
            var prepared = new Prepared(bytes, starts);
            while (prepared.next(records)) {
                // the fields alone
            }
            var found = bean.getCurrentThreadCpuTime();
            var allocatedBefore = bean.getCurrentThreadAllocatedBytes();
            var validated =
                    validator.validate(new Prepared(bytes, starts), ROWS, bytes.length, 1000);
            var end = bean.getCurrentThreadCpuTime();
            var allocated = bean.getCurrentThreadAllocatedBytes() - allocatedBefore;
            if (validated.batch().rows() != ROWS) {
                throw new IllegalStateException(validated.rejections().toString());
            }
            var nanos = end - found - (found - start);
            System.out.printf(
                    Locale.ROOT,
                    "%.0f ns a row, %.0f MB/s (fields alone %.0f ns a row), %.1f bytes a row taken, %.1f"
                            + " of them the batch%n",
                    (double) nanos / ROWS,
                    bytes.length * 1e3 / nanos,
                    (double) (found - start) / ROWS,
                    (double) allocated / ROWS,
                    (double) batchBytes(validated.batch()) / ROWS);
        }
    }

    private static long batchBytes(Batch batch) {
        var values =
                batch.columns().stream()
                        .mapToLong(column -> column.runs().getFirst().bytes().length)
                        .sum();
        return values + (long) batch.rowIds().length * Long.BYTES;
    }

    private static void appendRow(StringBuilder text, Random random, int row) {
        text.append(
                "2019-10-%02d %02d:%02d:%02d"
                        .formatted(
                                1 + random.nextInt(31),
                                random.nextInt(24),
                                random.nextInt(60),
                                random.nextInt(60)));
        text.append(',').append(20_000 + row);
        text.append(',').append("%016x%016x".formatted(random.nextLong(), random.nextLong()));
        text.append(',').append(25_000 + random.nextInt(2_000));
        var bets = new String[] {"0.05", "0.1", "0.25", "0.5", "1", "2"};
        text.append(',').append(bets[random.nextInt(6)]);
        text.append(',').append(random.nextInt(4) == 0 ? "0.1" : "0");
        text.append(',').append(random.nextInt(4) == 0 ? random.nextInt(5_000) / 100.0 + "" : "0");
        text.append(",0");
        var games =
                new String[] {
                    "Blackjack", "Roulette", "Gonzo's Quest", "Fruit Shop™", "Köln Nights", "Poker"
                };
        var providers = new String[] {"NetEnt", "Playtech", "Microgaming", "Evolution Gaming"};
        text.append(',').append(games[random.nextInt(6)]);
        text.append(',').append(providers[random.nextInt(4)]).append('\n');
    }

    private static int[] starts(byte[] bytes) {
        var starts = new int[ROWS * FIELDS + 1];
        var n = 1;
        for (var i = 0; i < bytes.length; i++) {
            if (bytes[i] == ',' || bytes[i] == '\n') {
                starts[n++] = i + 1;
            }
        }
        return starts;
    }
}
