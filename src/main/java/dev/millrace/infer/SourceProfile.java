package dev.millrace.infer;

import dev.millrace.core.Column;
import dev.millrace.core.Limits;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.Records;
import dev.millrace.core.Source;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SourceRecord;
import dev.millrace.format.Cut;
import dev.millrace.format.RecordReader;
import dev.millrace.validate.HeaderMatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// One source of a profile: adds its records to the columns of all.
///
/// The records of JSON have keys that the first ones lack. Where one has such a key, a column is
/// made for it, and the record is read once more, and those behind it, with that column too. Not
/// thread-safe.
final class SourceProfile {
    private static final RecordBlock ENDED = new RecordBlock(1);

    private final Profile all;
    private final int ordinal;
    private final String name;
    private final SourceReading found;

    /// As it was found, with the late keys that have a column behind the others.
    private SourceReading reading;

    /// The place of each field's column among the profile's.
    private int[] columnOf;

    private ColumnProfile[] columns;
    private RecordBlock block;

    /// Whether a key means one of its own fields, or a column of any source.
    private Predicate<String> meansOwn;

    private Predicate<String> meansAny;

    /// The columns that it lacks so far: a late key of exactly that name is one of them.
    private Set<String> lacking;

    private final SourceRecord record = new SourceRecord();

    /// Keys of the records that were read last and may get a column.
    private final Set<String> fresh = new LinkedHashSet<>();

    private long rows;
    private long damaged;

    /// @param columnOf the place of each field's column in the profile
    SourceProfile(Profile all, int ordinal, String name, SourceReading reading, int[] columnOf) {
        this.all = all;
        this.ordinal = ordinal;
        this.name = name;
        this.found = reading;
        this.reading = reading;
        this.columnOf = columnOf;
        this.columns = columns();
        this.block = new RecordBlock(Math.max(columnOf.length, 1));
        this.meansOwn = HeaderMatch.alike(reading.header());
        this.meansAny = HeaderMatch.alike(all.fieldNames());
        this.lacking = lacking();
    }

    private ColumnProfile[] columns() {
        return Arrays.stream(columnOf).mapToObj(all::fields).toArray(ColumnProfile[]::new);
    }

    private Set<String> lacking() {
        var fields = all.fieldNames();
        return absent(fields.size())
                .mapToObj(fields::get)
                .filter(ColumnNames::isOne)
                .collect(Collectors.toSet());
    }

    /// Nothing more is added: lets go of what was needed for that.
    void end() {
        columns = new ColumnProfile[0];
        block = ENDED;
        meansOwn = _ -> true;
        meansAny = meansOwn;
        lacking = Set.of();
    }

    /// Adds the records of a cut.
    void add(Cut cut) {
        var records = open(cut, 0, Source.rowId(ordinal, cut.firstRow()));
        while (true) {
            var whole = records.next(block);
            if (whole > 0 && fresh.isEmpty()) {
                addBlock();
                continue;
            }
            if (whole > 0) {
                records.goBack();
            }
            fresh.clear();
            // which record has the key is found out one by one
            for (var i = 0; i < Math.max(whole, 1); i++) {
                if (!records.next(record)) {
                    return;
                }
                if (isWider()) {
                    records = open(cut, record.rawStart, record.row);
                    break;
                }
                addRecord();
            }
        }
    }

    /// Adds the first records of a cut.
    void add(Cut cut, long most) {
        var records = open(cut, 0, Source.rowId(ordinal, cut.firstRow()));
        for (var left = most; left > 0 && records.next(record); ) {
            if (isWider()) {
                records = open(cut, record.rawStart, record.row);
            } else {
                addRecord();
                left--;
            }
        }
    }

    private Records open(Cut cut, int from, long firstRow) {
        return RecordReader.open(
                reading,
                cut.bytes(),
                from,
                cut.length() - from,
                firstRow,
                Limits.MAX_RECORD_BYTES,
                this::refuses);
    }

    /// Whether a record may not have a key that is none of the header's: a load rejects those that
    /// mean a column and are spelled otherwise. Others may get a column.
    private boolean refuses(String key) {
        if (reading.format().isConverted()) {
            return true;
        }
        if (lacking.contains(key)) {
            fresh.add(key);
            return false;
        }
        if (meansOwn.test(key) || meansAny.test(key)) {
            all.refuse(key);
            return true;
        }
        if (!all.isLeftOut(key)) {
            fresh.add(key);
        }
        return false;
    }

    /// Takes the keys of the record that was read last up among the fields, if it is whole.
    ///
    /// @return whether there are more fields now, so that it has to be read again
    private boolean isWider() {
        var keys = List.copyOf(fresh);
        fresh.clear();
        if (keys.isEmpty() || !record.malformed.isEmpty()) {
            return false;
        }
        var before = columnOf.length;
        for (var key : keys) {
            // unless it is the one before it, spelled otherwise
            if (lacking.contains(key) || !HeaderMatch.alike(reading.header()).test(key)) {
                var column = all.columnOfLate(key, record.row);
                if (column >= 0) {
                    widen(key, column);
                }
            }
        }
        if (columnOf.length == before) {
            return false;
        }
        columns = columns();
        block = new RecordBlock(columnOf.length);
        meansOwn = HeaderMatch.alike(reading.header());
        meansAny = HeaderMatch.alike(all.fieldNames());
        lacking = lacking();
        return true;
    }

    private void widen(String key, int column) {
        var header = new ArrayList<>(reading.header());
        header.add(key);
        reading = reading.with(header);
        columnOf = Arrays.copyOf(columnOf, columnOf.length + 1);
        columnOf[columnOf.length - 1] = column;
    }

    private void addBlock() {
        rows += block.records;
        for (var i = 0; i < columns.length; i++) {
            columns[i].addAll(block, i);
        }
    }

    private void addRecord() {
        rows++;
        if (!record.malformed.isEmpty() || record.fields != columns.length) {
            damaged++;
            all.addDamaged(record.raw, record.rawStart, record.rawEnd, record.row);
            return;
        }
        for (var i = 0; i < columns.length; i++) {
            columns[i].add(
                    record.bytes, record.starts[i], record.ends[i], record.quotes[i], record.row);
        }
    }

    long rows() {
        return rows;
    }

    /// The places in the profile of the columns that it lacks, of so many.
    IntStream absent(int ofAll) {
        var absent = new BitSet();
        Arrays.stream(columnOf).forEach(absent::set);
        absent.flip(0, ofAll);
        return absent.stream();
    }

    SourceReading reading() {
        return found;
    }

    String name() {
        return name;
    }

    /// Of some things of all columns those of its fields, in their order.
    <T> List<T> own(List<T> ofAll) {
        return Arrays.stream(columnOf).mapToObj(ofAll::get).toList();
    }

    /// @param ofAll the model's columns
    SourceEvidence evidence(List<Column> ofAll) {
        return new SourceEvidence(
                name,
                found,
                rows,
                damaged,
                absent(ofAll.size()).mapToObj(column -> ofAll.get(column).name()).toList());
    }
}
