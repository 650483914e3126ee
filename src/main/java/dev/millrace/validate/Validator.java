package dev.millrace.validate;

import dev.millrace.core.Batch;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnData;
import dev.millrace.core.ColumnType;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.Records;
import dev.millrace.core.RejectionCode;
import dev.millrace.core.Source;
import dev.millrace.core.SourceRecord;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Turns the records of one source into batches, split by split: a row whose every value fits its
/// column is in the batch as it stands, any other is rejected with all of its problems.
///
/// Records are read in blocks, each column of a block by itself. Where one does not fit, the whole
/// block is read once more, row by row, and the blocks after it are smaller for a while.
///
/// May be used for one split after the other, by one thread at a time; what it returns is never
/// touched again. Besides the header's own errors nothing here throws: bad data is a value.
public final class Validator {
    private final int sourceOrdinal;
    private final List<String> header;
    private final int headerFields;
    private final List<ColumnReader> readers;
    private final int eventIdField;

    /// For each column of the model its field, or -1.
    private final int[] fieldOf;

    /// The fields that no column of the model wants.
    private final int[] ignoredFields;

    /// The readers whose columns the header has, and their fields.
    private final ColumnReader[] present;

    private final int[] presentFields;

    private final ElementRoom room = new ElementRoom();

    /// Those of them that have to be told which rows are kept.
    private final ColumnReader[] keeping;

    private long[] rowIds = new long[0];

    private final RecordBlock block;
    private final SourceRecord record = new SourceRecord();

    /// How many rows there is room for, and how many are kept.
    private int capacity;

    private int rows;

    /// How many records were read.
    private long read;

    /// @param header the names in the source's header record, in order
    /// @throws MillraceException what [HeaderMatch#match] throws
    public Validator(Model model, int sourceOrdinal, List<String> header) {
        var definition = model.definition();
        this.sourceOrdinal = sourceOrdinal;
        this.header = List.copyOf(header);
        this.headerFields = header.size();
        this.block = new RecordBlock(Math.max(headerFields, 1));
        this.fieldOf = HeaderMatch.match(header, definition).fieldOf();
        this.readers = readers(definition, header.size(), room);
        var eventId = definition.eventId();
        this.eventIdField = eventId == null ? -1 : fieldOf[definition.indexOf(eventId)];
        this.ignoredFields = ignoredFields(headerFields, fieldOf);
        this.presentFields = Arrays.stream(fieldOf).filter(field -> field >= 0).toArray();
        this.present =
                IntStream.range(0, fieldOf.length)
                        .filter(i -> fieldOf[i] >= 0)
                        .mapToObj(readers::get)
                        .toArray(ColumnReader[]::new);
        this.keeping =
                Stream.of(present).filter(ColumnReader::hasNoPlaces).toArray(ColumnReader[]::new);
    }

    /// How many records a split may have so that what its rows take whatever they hold (values of
    /// fixed width, the length byte of a text, the flags of NULLs, defaults, the row's number)
    /// stays within a budget: a model of many columns that the source lacks makes a large batch of
    /// few bytes. The bytes of texts come on top; they are the split's own.
    ///
    /// @return at least 1
    /// @throws MillraceException what [#check] throws of a column with a default
    public static int maxRecords(ModelDefinition definition, long budgetBytes) {
        var rowBytes =
                Long.BYTES + definition.columns().stream().mapToLong(Validator::leastBytes).sum();
        return Math.clamp(budgetBytes / rowBytes, 1, Integer.MAX_VALUE);
    }

    /// A field of two bytes, or none, can become the default.
    private static int leastBytes(Column column) {
        var least = ColumnParser.leastBytes(column.type());
        return column.reading().defaultText() == null
                ? least
                : Math.max(least, new ColumnReader(column, 0, new ElementRoom()).defaultBytes());
    }

    /// How many bytes a split may have so that the elements of its arrays stay within a budget: in
    /// the source an element takes two bytes at least, in a batch what its type is wide. The first
    /// record of a split may be longer; [ElementRoom] bounds what its elements take.
    public static int maxBytes(ModelDefinition definition, long budgetBytes) {
        var widest =
                definition.columns().stream()
                        .map(Column::type)
                        .mapToInt(Validator::elementBytes)
                        .max()
                        .orElse(0);
        return Math.clamp(budgetBytes * 2 / Math.max(widest, 1), 1, Integer.MAX_VALUE);
    }

    private static int elementBytes(ColumnType type) {
        return type instanceof ColumnType.Array(ColumnType element)
                ? Math.max(ColumnParser.leastBytes(element), elementBytes(element))
                : 0;
    }

    /// Checks what a model says of its columns' fields, before any source is there.
    ///
    /// @throws MillraceException INVALID_MODEL, naming the column, when a default, a constraint or
    ///   a date format cannot be one
    public static void check(ModelDefinition definition) {
        readers(definition, 1, new ElementRoom());
    }

    private static List<ColumnReader> readers(
            ModelDefinition definition, int fields, ElementRoom room) {
        var share = 1.0 / Math.max(fields, 1);
        return definition.columns().stream().map(c -> new ColumnReader(c, share, room)).toList();
    }

    private static int[] ignoredFields(int fields, int[] fieldOf) {
        var wanted = new BitSet();
        Arrays.stream(fieldOf).filter(field -> field >= 0).forEach(wanted::set);
        return IntStream.range(0, fields).filter(field -> !wanted.get(field)).toArray();
    }

    /// Reads all records of a split in one pass.
    ///
    /// @param expectedRecords how many there should be; a wrong number costs time and memory,
    ///   nothing else
    /// @param expectedBytes how many bytes they should take; likewise
    /// @param maxKept the most problems to keep; beyond, they are counted only
    public Validated validate(
            Records records, int expectedRecords, int expectedBytes, int maxKept) {
        begin(Math.max(expectedRecords, 1), expectedBytes);
        var rejections = new Rejections(sourceOrdinal, eventIdField, headerFields, maxKept);
        var more = true;
        while (more) {
            var found = records.next(block);
            if (found == 0) {
                more = readAlone(1, records, rejections);
            } else if (!readTogether()) {
                records.goBack();
                more = readAlone(found, records, rejections);
            }
        }
        return new Validated(
                finish(rows),
                rejections.kept(),
                rejections.records(),
                read,
                rejections.rows(),
                rejections.counts());
    }

    /// Reads the records of the block, unless one of them does not fit.
    private boolean readTogether() {
        makeRoom(block.records);
        if (!fits(block)) {
            block.limit = Math.max(1, block.limit / 4);
            return false;
        }
        block.limit = Math.min(block.capacity(), block.limit * 2);
        read += block.records;
        for (var i = 0; i < block.records; i++) {
            rowIds[rows++] = Source.rowId(sourceOrdinal, block.firstRow + i);
        }
        for (var reader : keeping) {
            reader.keep();
        }
        return true;
    }

    /// Reads the records of the block into the next rows; stops at a problem.
    private boolean fits(RecordBlock block) {
        room.begin(block.records);
        for (var i = 0; i < present.length; i++) {
            if (!present[i].readAll(block, presentFields[i], rows)) {
                return false;
            }
        }
        return true;
    }

    /// Reads the next records one by one.
    ///
    /// @return false at the end of the split
    private boolean readAlone(int most, Records records, Rejections rejections) {
        for (var i = 0; i < most; i++) {
            if (!records.next(record)) {
                return false;
            }
            read++;
            makeRoom(1);
            if (fits(record, rows)) {
                keep(record, rows++);
            } else {
                reject(record, rows, rejections);
            }
        }
        return true;
    }

    /// Reads a record into a row; stops at the first problem.
    private boolean fits(SourceRecord record, int row) {
        if (record.fields != headerFields || !record.malformed.isEmpty()) {
            return false;
        }
        room.begin(1);
        var columns = present;
        var fields = presentFields;
        for (var i = 0; i < columns.length; i++) {
            if (read(columns[i], record, fields[i], row) != null) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable RejectionCode read(
            ColumnReader column, SourceRecord record, int field, int row) {
        return column.read(
                record.bytes, record.starts[field], record.ends[field], record.quotes[field], row);
    }

    private void keep(SourceRecord record, int row) {
        rowIds[row] = Source.rowId(sourceOrdinal, record.row);
        for (var reader : keeping) {
            reader.keep();
        }
    }

    /// Names every problem of a record that does not fit.
    private void reject(SourceRecord record, int row, Rejections rejections) {
        rejections.beginRow();
        if (!record.malformed.isEmpty()) {
            rejections.addMalformed(record);
            return;
        }
        room.begin(1);
        for (var i = 0; i < present.length; i++) {
            var field = presentFields[i];
            if (field >= record.fields) {
                rejections.addMissing(record, present[i]);
                continue;
            }
            var error = read(present[i], record, field, row);
            if (error != null) {
                rejections.addField(record, present[i], field, error);
            }
        }
        for (var field : ignoredFields) {
            if (field >= record.fields) {
                rejections.addMissing(record, header.get(field));
            }
        }
        if (record.fields > headerFields) {
            rejections.addExtra(record);
        }
    }

    private void begin(int expectedRecords, int expectedBytes) {
        read = 0;
        rows = 0;
        block.limit = block.capacity();
        capacity = expectedRecords;
        rowIds = new long[capacity];
        for (var reader : present) {
            reader.begin(capacity, expectedBytes);
        }
    }

    private void makeRoom(int more) {
        if (capacity - rows >= more) {
            return;
        }
        capacity = Math.max(Math.multiplyExact(capacity, 2), Math.addExact(rows, more));
        rowIds = Arrays.copyOf(rowIds, capacity);
        for (var reader : present) {
            reader.growTo(capacity);
        }
    }

    private Batch finish(int rows) {
        var columns =
                IntStream.range(0, fieldOf.length)
                        .mapToObj(i -> finish(readers.get(i), fieldOf[i], rows))
                        .toList();
        var batch = new Batch(columns, rows, rowIds);
        rowIds = new long[0];
        return batch;
    }

    private static ColumnData finish(ColumnReader reader, int field, int rows) {
        return field < 0 ? reader.absent(rows) : reader.finish(rows);
    }
}
