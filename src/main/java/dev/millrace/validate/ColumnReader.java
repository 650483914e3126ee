package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnData;
import dev.millrace.core.ColumnReading.Nested;
import dev.millrace.core.ColumnReading.OuterBlanks;
import dev.millrace.core.ColumnType;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Limits;
import dev.millrace.core.MillraceException;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.RejectionCode;
import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the fields of one column as the model says: what is empty, what a null marker, what the
/// default, what the constraints allow; the values themselves are its parser's. Not thread-safe.
///
/// Spaces and tabs around an unquoted field do not count, except in text, where the model decides,
/// and in an enum's name that is spelled with them. An unquoted `\N` is a null marker in every
/// column, as it is in ClickHouse's CSV. Nothing between quotes is NULL, unless the column's own
/// null markers say so: it is an empty text, and none but a text can be that.
final class ColumnReader {
    private static final String NO_BLANKS = "without blanks at its ends, or in quotes";

    private final Column column;
    private final String typeName;
    private final ColumnParser parser;
    private final boolean nullable;
    private final boolean isText;
    private final boolean takesEmpty;
    private final boolean hasBlankNames;
    private final boolean trims;
    private final boolean refusesBlanks;

    private final boolean refusesNested;
    private final @Nullable NumberRewriting numbers;

    /// Whether blanks around a field mean something.
    private final boolean heedsBlanks;

    /// Whether there is more to a field than what its parser makes of it.
    private final boolean hasSpecials;

    /// Whether the parser refuses every field that does not go to it as it stands, but an empty
    /// one.
    private final boolean refusesOthers;

    private final ElementRoom room;
    private final boolean hasNoPlaces;
    private final byte[][] nullMarkers;
    private final byte @Nullable [] defaultValue;
    private final int defaultBytes;
    private final @Nullable Constraints constraints;

    private byte[] unescaped = new byte[0];

    /// What the value should have been that violated a constraint last.
    private String violated = "";

    /// @param share a guess at the part of a split's bytes that the column takes, 0 to 1
    /// @param room what the arrays of a row share
    /// @throws MillraceException INVALID_MODEL, naming the column, when its default, a constraint
    ///   or a date format cannot be one
    ColumnReader(Column column, double share, ElementRoom room) {
        DateFormats.requireSuited(column);
        this.column = column;
        this.typeName = TypeName.of(column.type());
        this.parser = ColumnParser.of(column, share, room);
        this.nullable = column.type().isNullable();
        this.isText = column.type().isText();
        this.takesEmpty = parser.takesEmpty();
        this.hasBlankNames =
                column.type().base() instanceof ColumnType.Enumeration(_, var elements)
                        && elements.stream().anyMatch(e -> hasOuterBlank(e.name()));
        this.room = room;
        this.hasNoPlaces = !(parser instanceof FixedParser);
        var reading = column.reading();
        this.trims = !isText || reading.outerBlanks() == OuterBlanks.TRIM;
        this.refusesBlanks = isText && reading.outerBlanks() == OuterBlanks.REJECT;
        this.refusesNested = isText && reading.nested() == Nested.REJECT;
        this.heedsBlanks = trims || refusesBlanks;
        this.nullMarkers =
                reading.nullMarkers().stream().map(m -> m.getBytes(UTF_8)).toArray(byte[][]::new);
        var value = reading.defaultText();
        this.defaultValue = value == null ? null : value.getBytes(UTF_8);
        this.constraints = Constraints.of(column, parser);
        this.numbers = numbers(column);
        this.hasSpecials = constraints != null || nullMarkers.length > 0 || numbers != null;
        this.refusesOthers = !hasSpecials && parser.refusesBlanks();
        this.defaultBytes =
                defaultValue == null || value == null ? 0 : readDefault(defaultValue, value);
    }

    /// @return null when numbers are written in the standard form
    private static @Nullable NumberRewriting numbers(Column column) {
        var form = column.reading().numbers();
        if (form.isPlain()) {
            return null;
        }
        return switch (column.type().base()) {
            case ColumnType.Whole _, ColumnType.Decimal _, ColumnType.Floating _ ->
                    new NumberRewriting(form);
            default ->
                    throw new MillraceException(
                            ErrorCode.INVALID_MODEL,
                            "Column '%s' says how numbers are written, and is %s"
                                    .formatted(column.name(), column.type().name()),
                            "Leave the separators out, or make it a number.",
                            null);
        };
    }

    /// Reads the default once, and tells how many bytes it takes in a batch.
    private int readDefault(byte[] value, String text) {
        requireShort(value.length);
        var error = parser.readModelValue(value);
        if (error != null) {
            // As if nothing were said of the column: a default is in its type's standard form.
            var standard = new Column(column.name(), column.type());
            var why =
                    value.length == 0
                            ? "it is empty; leave it out for none"
                            : wording(error, standard, text);
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "The default of column '%s' is no %s: %s"
                            .formatted(column.name(), TypeName.of(column.type().base()), why));
        }
        parser.keep();
        var taken = finish(1).runs().stream().mapToInt(ColumnData.Run::length).sum();
        requireShort(taken);
        return taken;
    }

    private void requireShort(int defaultBytes) {
        if (defaultBytes > Limits.MAX_DEFAULT_BYTES) {
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "The default of column '%s' takes %d bytes, more than %d"
                            .formatted(column.name(), defaultBytes, Limits.MAX_DEFAULT_BYTES));
        }
    }

    /// What the default takes in a batch, in every row that has it; 0 when there is none.
    int defaultBytes() {
        return defaultBytes;
    }

    Column column() {
        return column;
    }

    /// The type as rejections name it.
    String typeName() {
        return typeName;
    }

    /// Whether [#keep] has to be called for every row that is kept.
    boolean hasNoPlaces() {
        return hasNoPlaces;
    }

    void begin(int rows, int splitBytes) {
        parser.begin(rows, splitBytes);
    }

    void growTo(int rows) {
        parser.growTo(rows);
    }

    void keep() {
        parser.keep();
    }

    /// Reads a field into a row.
    ///
    /// @return why the column cannot hold it, or null when it does
    /// @param written how it is written in the source, one of [RecordBlock]'s constants; escapes
    ///   are read already
    @Nullable RejectionCode read(byte[] bytes, int start, int end, byte written, int row) {
        if (hasNoPlaces) {
            parser.rewind();
        }
        return readBehind(bytes, start, end, written, row);
    }

    /// Reads the column's fields of a block into the rows from `row` on.
    ///
    /// @return false when the column cannot hold one of them; then none counts
    boolean readAll(RecordBlock block, int field, int row) {
        if (hasNoPlaces) {
            parser.rewind();
        }
        var first = block.first(field);
        var tried = isForParser(block, first);
        if (tried && parser.readAll(block, first, row)) {
            return true;
        }
        return areOrdinary(block, first)
                ? !tried && parser.readAll(block, first, row)
                : readEach(block, first, row);
    }

    /// Whether the parser itself finds the fields that do not go to it as they stand: it refuses
    /// them all.
    private boolean isForParser(RecordBlock block, int first) {
        if (!refusesOthers) {
            return false;
        }
        var last = first + block.records;
        var shortest = Integer.MAX_VALUE;
        for (var place = first; place < last; place++) {
            shortest = Math.min(shortest, block.ends[place] - block.starts[place]);
        }
        var written = RecordBlock.UNQUOTED;
        if (block.hasQuoted) {
            for (var place = first; place < last; place++) {
                written = (byte) Math.max(written, block.quotes[place]);
            }
        }
        return shortest > 0 && written <= RecordBlock.QUOTED;
    }

    /// Whether all fields of a block go to the parser as they stand.
    private boolean areOrdinary(RecordBlock block, int first) {
        if (hasSpecials) {
            return false;
        }
        var hasQuoted = block.hasQuoted;
        var bytes = block.bytes;
        var starts = block.starts;
        var ends = block.ends;
        for (var place = first; place < first + block.records; place++) {
            var start = starts[place];
            var end = ends[place];
            if (start == end) {
                if (!takesEmpty || nullable || block.written(place) > RecordBlock.QUOTED) {
                    return false;
                }
                continue;
            }
            var one = bytes[start];
            if ((hasQuoted && block.quotes[place] > RecordBlock.QUOTED)
                    || (one == '\\' && end - start == 2)
                    || (heedsBlanks && (isBlank(one) || isBlank(bytes[end - 1])))) {
                return false;
            }
        }
        return true;
    }

    private boolean readEach(RecordBlock block, int first, int row) {
        for (var i = 0; i < block.records; i++) {
            room.choose(i);
            if (read(block, first + i, row + i) != null) {
                return false;
            }
        }
        return true;
    }

    private @Nullable RejectionCode read(RecordBlock block, int place, int row) {
        var start = block.starts[place];
        var end = block.ends[place];
        var written = block.written(place);
        if (written != RecordBlock.ESCAPED) {
            return readBehind(block.bytes, start, end, written, row);
        }
        if (unescaped.length < end - start) {
            unescaped = new byte[2 * (end - start)];
        }
        return readBehind(unescaped, 0, block.unescape(place, unescaped), written, row);
    }

    /// Reads a field into a row, behind what was written before.
    private @Nullable RejectionCode readBehind(
            byte[] bytes, int start, int end, byte written, int row) {
        if (written == RecordBlock.NULL) {
            return readAbsent(row);
        }
        if (written == RecordBlock.NESTED && refusesNested) {
            return RejectionCode.NESTED_VALUE;
        }
        var quoted = written == RecordBlock.QUOTED || written == RecordBlock.ESCAPED;
        var from = start;
        var to = end;
        if (trims && !quoted) {
            while (from < to && isBlank(bytes[from])) {
                from++;
            }
            while (from < to && isBlank(bytes[to - 1])) {
                to--;
            }
        }
        if (isNullMarker(bytes, from, to, quoted)) {
            return readAbsent(row);
        }
        if (to - from < end - start && hasBlankNames && isName(bytes, start, end, row)) {
            from = start;
            to = end;
        }
        if (from == to && (!takesEmpty || (nullable && !quoted))) {
            return quoted ? RejectionCode.NULL_VALUE : readNull(row);
        }
        if (refusesBlanks && !quoted && hasOuterBlank(bytes, from, to)) {
            violated = NO_BLANKS;
            return RejectionCode.CONSTRAINT_VIOLATED;
        }
        return numbers == null
                ? parse(bytes, from, to, row)
                : parseNumber(numbers, bytes, from, to, row);
    }

    private @Nullable RejectionCode parse(byte[] bytes, int from, int to, int row) {
        var error = parser.read(bytes, from, to, row);
        return error == null && constraints != null ? check(bytes, from, to, row) : error;
    }

    private @Nullable RejectionCode parseNumber(
            NumberRewriting form, byte[] bytes, int from, int to, int row) {
        var length = form.rewrite(bytes, from, to);
        if (length >= 0) {
            return parse(form.standard(), 0, length, row);
        }
        return column.type().base() instanceof ColumnType.Whole
                ? RejectionCode.NOT_AN_INTEGER
                : RejectionCode.NOT_A_NUMBER;
    }

    /// Whether a field is a name with the blanks around it.
    private boolean isName(byte[] bytes, int start, int end, int row) {
        return parser.read(bytes, start, end, row) == null;
    }

    private static boolean hasOuterBlank(String name) {
        var bytes = name.getBytes(UTF_8);
        return hasOuterBlank(bytes, 0, bytes.length);
    }

    private static boolean hasOuterBlank(byte[] bytes, int start, int end) {
        return start < end && (isBlank(bytes[start]) || isBlank(bytes[end - 1]));
    }

    private @Nullable RejectionCode check(byte[] bytes, int start, int end, int row) {
        var broken = constraints == null ? null : constraints.broken(bytes, start, end, row);
        if (broken == null) {
            return null;
        }
        violated = broken;
        return RejectionCode.CONSTRAINT_VIOLATED;
    }

    private boolean isNullMarker(byte[] bytes, int start, int end, boolean quoted) {
        if (!quoted && end - start == 2 && bytes[start] == '\\' && bytes[start + 1] == 'N') {
            return true;
        }
        if (nullMarkers.length == 0 || (isText && quoted)) {
            return false;
        }
        for (var marker : nullMarkers) {
            if (Arrays.equals(bytes, start, end, marker, 0, marker.length)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable RejectionCode readAbsent(int row) {
        return defaultValue == null
                ? readNull(row)
                : parser.readStandard(defaultValue, 0, defaultValue.length, row);
    }

    private @Nullable RejectionCode readNull(int row) {
        if (!nullable) {
            return RejectionCode.NULL_VALUE;
        }
        parser.putNull(row);
        return null;
    }

    /// What a person is told of the field that was read last and did not fit.
    String message(RejectionCode error, String observed) {
        if (numbers != null
                && (error == RejectionCode.NOT_A_NUMBER || error == RejectionCode.NOT_AN_INTEGER)) {
            return Wording.ofForm(column, observed);
        }
        if (error == RejectionCode.CONSTRAINT_VIOLATED) {
            return Wording.ofConstraint(column, observed, violated);
        }
        return wording(error, column, observed);
    }

    private String wording(RejectionCode error, Column column, String observed) {
        var fault = parser instanceof ArrayParser array ? array.fault() : null;
        if (fault != null) {
            var what =
                    error == RejectionCode.NULL_VALUE
                            ? Wording.ofNullElement(column, fault.type(), fault.observed())
                            : Wording.ofField(error, column, fault.type().base(), fault.observed());
            return "Element %s: %s".formatted(fault.path(), what);
        }
        return Wording.ofField(error, column, column.type().base(), observed);
    }

    /// The first rows as a column; this reader lets go of the buffers.
    ColumnData finish(int rows) {
        var runs = new ArrayList<ColumnData.Run>(4);
        parser.finish(rows, runs);
        return new ColumnData(column, runs);
    }

    /// A column that the source lacks: its default in every row, or NULL.
    ColumnData absent(int rows) {
        var bytes = (long) rows * Math.max(defaultBytes, 1);
        parser.begin(rows, (int) Math.min(bytes, Integer.MAX_VALUE));
        for (var row = 0; row < rows; row++) {
            readAbsent(row);
            parser.keep();
        }
        return finish(rows);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
