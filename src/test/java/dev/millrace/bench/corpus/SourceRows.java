package dev.millrace.bench.corpus;

import dev.millrace.Parts;
import dev.millrace.core.Limits;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SourceRecord;
import dev.millrace.core.SplitSizes;
import dev.millrace.format.Cutter;
import dev.millrace.format.RecordReader;
import dev.millrace.format.SourceDecoder;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The rows of a source as texts.
///
/// @param rows of malformed records none
/// @param malformed what is wrong with the others, by their numbers
record SourceRows(SourceReading reading, List<Row> rows, List<Row> malformed) {
    /// @param cells a text each, null for no value; of a malformed one what is wrong
    record Row(long number, List<@Nullable String> cells) {}

    static SourceRows read(InputStream in, SourceOptions asked) {
        var rows = new ArrayList<Row>();
        var malformed = new ArrayList<Row>();
        try (var decoder = SourceDecoder.open(in, asked, Parts::next)) {
            var sizes = SplitSizes.fitting(1L << 30);
            var cutter = Cutter.open(decoder, asked, Limits.MAX_RECORD_BYTES, sizes);
            var reading = cutter.reading();
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                var records = RecordReader.open(reading, cut, Limits.MAX_RECORD_BYTES);
                var record = new SourceRecord();
                while (records.next(record)) {
                    if (record.malformed.isEmpty()) {
                        rows.add(new Row(record.row, cells(record)));
                    } else {
                        malformed.add(new Row(record.row, List.of(record.malformed)));
                    }
                }
            }
            return new SourceRows(reading, rows, malformed);
        }
    }

    private static List<@Nullable String> cells(SourceRecord record) {
        return IntStream.range(0, record.fields)
                .mapToObj(i ->
                        record.quotes[i] == RecordBlock.NULL
                                ? null
                                : new String(
                                        record.bytes,
                                        record.starts[i],
                                        record.ends[i] - record.starts[i],
                                        StandardCharsets.UTF_8))
                .toList();
    }
}
