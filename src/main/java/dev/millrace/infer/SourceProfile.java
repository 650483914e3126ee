package dev.millrace.infer;

import dev.millrace.core.Format;
import dev.millrace.core.Keep;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.Records;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SourceRecord;
import dev.millrace.core.UnknownColumns;
import dev.millrace.validate.HeaderMatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What the records of a source are, column by column. Not thread-safe.
final class SourceProfile {
    private static final int MOST_LATE = 1_000;
    private static final int SHOWN_LATE = 20;

    private final SourceReading reading;
    private final int fields;
    private final ColumnProfile[] columns;
    private final RecordBlock block;
    private final SourceRecord record = new SourceRecord();
    private final Tally damaged = new Tally();
    private final Predicate<String> alike;

    /// Keys that the header lacks.
    private final Set<String> late = new LinkedHashSet<>();

    private long rows;

    SourceProfile(SourceReading reading) {
        this.reading = reading;
        this.fields = reading.header().size();
        this.alike = HeaderMatch.alike(reading.header());
        var most = Distinct.most(fields);
        var isTyped = reading.format() == Format.PARQUET || reading.format() == Format.AVRO;
        this.columns =
                Stream.generate(() -> new ColumnProfile(most, isTyped))
                        .limit(fields)
                        .toArray(ColumnProfile[]::new);
        this.block = new RecordBlock(Math.max(fields, 1));
    }

    /// Whether a record may not have a key that is none of the header's: a load rejects those that
    /// mean one of them. The others are noted, for nobody to miss them.
    boolean refuses(String key) {
        if (reading.format().isConverted() || alike.test(key)) {
            return true;
        }
        if (late.size() < MOST_LATE) {
            late.add(key);
        }
        return false;
    }

    /// Adds all that is left of some records.
    void add(Records records) {
        while (true) {
            var found = records.next(block);
            if (found > 0) {
                rows += found;
                for (var i = 0; i < fields; i++) {
                    columns[i].addAll(block, i);
                }
            } else if (records.next(record)) {
                rows++;
                add(record);
            } else {
                return;
            }
        }
    }

    /// Adds the first of some records.
    void add(Records records, int most) {
        for (var i = 0; i < most && records.next(record); i++) {
            rows++;
            add(record);
        }
    }

    private void add(SourceRecord record) {
        if (!record.malformed.isEmpty() || record.fields != fields) {
            damaged.add(record.raw, record.rawStart, record.rawEnd, record.row);
            return;
        }
        for (var i = 0; i < fields; i++) {
            columns[i].add(
                    record.bytes, record.starts[i], record.ends[i], record.quotes[i], record.row);
        }
    }

    long rows() {
        return rows;
    }

    Proposal propose() {
        var names = ColumnNames.of(reading.header());
        var narrow =
                IntStream.range(0, fields)
                        .mapToObj(i ->
                                ColumnProposal.of(
                                        reading.header().get(i), names.get(i), columns[i]))
                        .toList();
        var proposed = Widening.of(narrow);
        var order = OrderChoice.of(proposed);
        var id = OrderChoice.id(proposed);
        var definition =
                new ModelDefinition(
                        proposed.stream().map(ColumnProposal::column).toList(),
                        null,
                        false,
                        id.map(c -> c.column().name()).orElse(null),
                        List.of(),
                        Keep.ALL,
                        order.columns(),
                        null,
                        UnknownColumns.IGNORE);
        return new Proposal(
                definition,
                proposed.stream().map(ColumnProposal::evidence).toList(),
                reading,
                rows,
                damaged.count,
                damaged.examples(),
                rejected(proposed),
                order.why(),
                notes());
    }

    /// A row with two misfits is one; of a column with more than are kept every further field is
    /// taken for a row.
    private long rejected(List<ColumnProposal> proposed) {
        var misfits = proposed.stream().flatMap(c -> c.misfits().stream()).toList();
        var known = new HashSet<Long>();
        var more = damaged.count;
        for (var tally : misfits) {
            Arrays.stream(tally.rows()).forEach(known::add);
            more += Math.max(0, tally.count - Tally.MOST_ROWS);
        }
        return Math.min(rows, known.size() + more);
    }

    private List<String> notes() {
        var notes = new ArrayList<String>();
        if (damaged.count > 0) {
            notes.add(
                    damaged.count == 1
                            ? "One record cannot be read, or has more or fewer fields than the"
                                    + " header; it will be rejected."
                            : ("%,d records cannot be read, or have more or fewer fields than the"
                                            + " header; they will be rejected.")
                                    .formatted(damaged.count));
        }
        if (!late.isEmpty()) {
            notes.add(
                    "Keys that the first records do not have are left out: %s%s. Add them to the"
                                    .formatted(
                                            String.join(
                                                    ", ", late.stream().limit(SHOWN_LATE).toList()),
                                            late.size() > SHOWN_LATE ? " and others" : "")
                            + " model, Nullable or with a default, to load their values.");
        }
        return notes;
    }
}
