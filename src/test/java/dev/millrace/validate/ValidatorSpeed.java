package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.ThreadMXBean;
import dev.millrace.core.Batch;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.Records;
import dev.millrace.core.SourceRecord;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Measures validation alone, on rows like game rounds: the time of finding the fields is taken
/// off. Then the same of one column of each type. A program to run by hand, not a test.
final class ValidatorSpeed {
    private static final int ROWS = 300_000;
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
        private final int fields;
        private final int rows;
        private int next;

        Prepared(byte[] bytes, int[] starts, int fields) {
            this.bytes = bytes;
            this.starts = starts;
            this.fields = fields;
            this.rows = (starts.length - 1) / fields;
        }

        @Override
        public boolean next(SourceRecord into) {
            if (next == rows) {
                return false;
            }
            into.bytes = bytes;
            into.raw = bytes;
            into.fields = 0;
            var first = next * fields;
            for (var i = first; i < first + fields; i++) {
                into.addField(starts[i], starts[i + 1] - 1, false);
            }
            into.rawStart = starts[first];
            into.rawEnd = starts[first + fields] - 1;
            into.rawNext = into.rawEnd + 1;
            into.row = ++next;
            return true;
        }

        @Override
        public int next(RecordBlock into) {
            into.bytes = bytes;
            into.firstRow = next + 1L;
            into.records = Math.min(into.limit, rows - next);
            for (var r = 0; r < into.records; r++) {
                for (var f = 0; f < fields; f++) {
                    into.starts[into.first(f) + r] = starts[next * fields + f];
                    into.ends[into.first(f) + r] = starts[next * fields + f + 1] - 1;
                }
                next++;
            }
            return into.records;
        }

        @Override
        public void goBack() {
            throw new IllegalStateException();
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
        for (var run = 0; run < 30; run++) {
            var once = new Rows(TYPES, text.toString()).measure();
            System.out.printf(
                    Locale.ROOT,
                    "%.0f ns a row, %.0f MB/s (fields alone %.0f ns a row), %.1f bytes a row taken, %.1f"
                            + " of them the batch%n",
                    (double) once.nanos() / ROWS,
                    text.length() * 1e3 / once.nanos(),
                    (double) once.findingNanos() / ROWS,
                    (double) once.allocatedBytes() / ROWS,
                    (double) once.batchBytes() / ROWS);
        }
        TypeTexts.BY_TYPE.forEach(ValidatorSpeed::measureType);
    }

    /// Prints the best of some runs, a run's own time being too short to trust.
    private static void measureType(String type, Function<Random, String> texts) {
        var random = new Random(2);
        var text = new StringBuilder();
        for (var i = 0; i < ROWS; i++) {
            text.append(texts.apply(random)).append('\n');
        }
        var rows = new Rows(List.of(type), text.toString());
        var best = Stream.generate(rows::measure).limit(30).mapToLong(Once::nanos).min();
        System.out.printf(
                Locale.ROOT,
                "%5.1f ns a field of %.1f characters: %s%n",
                (double) best.orElseThrow() / ROWS,
                (double) text.length() / ROWS - 1,
                type);
    }

    /// One validation of all rows.
    private record Once(long nanos, long findingNanos, long allocatedBytes, long batchBytes) {}

    /// Rows whose fields were found, and what validates them.
    private static final class Rows {
        private static final ThreadMXBean BEAN = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        private final byte[] bytes;
        private final int fields;
        private final int[] starts;
        private final Validator validator;

        Rows(List<String> types, String text) {
            bytes = text.getBytes(UTF_8);
            fields = types.size();
            starts = starts(bytes, fields);
            var columns =
                    IntStream.range(0, fields)
                            .mapToObj(i -> new Column("c" + i, ColumnTypes.parse(types.get(i))))
                            .toList();
            var header = columns.stream().map(Column::name).toList();
            validator = new Validator(OneField.model(columns.toArray(Column[]::new)), 0, header);
        }

        Once measure() {
            var start = BEAN.getCurrentThreadCpuTime();
            var records = new SourceRecord();
            var prepared = new Prepared(bytes, starts, fields);
            while (prepared.next(records)) {
                // the fields alone
            }
            var found = BEAN.getCurrentThreadCpuTime();
            var allocatedBefore = BEAN.getCurrentThreadAllocatedBytes();
            var validated =
                    validator.validate(
                            new Prepared(bytes, starts, fields), ROWS, bytes.length, 1000);
            var end = BEAN.getCurrentThreadCpuTime();
            var allocated = BEAN.getCurrentThreadAllocatedBytes() - allocatedBefore;
            if (validated.batch().rows() != ROWS) {
                throw new IllegalStateException(validated.rejections().toString());
            }
            var nanos = end - found - (found - start);
            return new Once(nanos, found - start, allocated, batchBytes(validated.batch()));
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

    private static int[] starts(byte[] bytes, int fields) {
        var starts = new int[ROWS * fields + 1];
        var n = 1;
        for (var i = 0; i < bytes.length; i++) {
            if (bytes[i] == ',' || bytes[i] == '\n') {
                starts[n++] = i + 1;
            }
        }
        return starts;
    }
}
