package dev.millrace.render;

import dev.millrace.core.ColumnType;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Cuts bytes of ClickHouse's Native format, however they come, into blocks (its documentation,
/// "Native"; as its HTTP interface writes it for a client that names no revision): the numbers of
/// columns and rows, then of each column its name, its type and its values. Of what a type can be
/// it knows scalars and those or NULL. Not thread-safe.
public final class NativeBlocks extends OutputStream {
    /// A column of a block.
    ///
    /// @param nulls where in the store the bytes stand that say which values are NULL, or -1
    /// @param values where in the store its values stand, those that are NULL included
    record Part(ColumnType type, long nulls, long values) {}

    private enum Step {
        COLUMNS,
        ROWS,
        NAME_LENGTH,
        NAME,
        TYPE_LENGTH,
        TYPE,
        NULLS,
        VALUES,
        TEXT_LENGTH,
        TEXT
    }

    private static final int MOST_TYPE_BYTES = 1 << 20;

    private final UnaryOperator<Block> taker;
    private Block block;
    private final List<String> names = new ArrayList<>();
    private final List<ColumnType> types = new ArrayList<>();
    private Step step = Step.COLUMNS;
    private long number;
    private int shift;
    private long columns;
    private long rowsBefore;
    private long left; // bytes of what is passed over, or of a type's name
    private long texts;
    private long nulls;
    private byte[] name = new byte[64];
    private int named;

    /// @param first what is filled first
    /// @param taker takes a block of a row at least and gives one to fill next
    public NativeBlocks(Block first, UnaryOperator<Block> taker) {
        this.block = first;
        this.taker = taker;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        var to = from + count;
        var kept = from;
        for (var at = from; at < to; ) {
            at =
                    switch (step) {
                        case COLUMNS, ROWS, NAME_LENGTH, TYPE_LENGTH -> number(bytes, at);
                        case TEXT_LENGTH -> texts(bytes, at, to);
                        case TYPE -> name(bytes, at, to);
                        case NAME, NULLS, VALUES, TEXT -> pass(at, to);
                    };
            while (left == 0 && isPassing()) {
                passed(block.store.size() + at - kept);
            }
            if (step == Step.NAME_LENGTH && block.parts.size() == columns) {
                block.store.append(bytes, kept, at - kept);
                kept = at;
                pass();
            }
        }
        block.store.append(bytes, kept, to - kept);
    }

    /// Looks whether the last block is whole.
    ///
    /// @throws MillraceException EXPORT_INCOMPLETE when it is not
    public void end() {
        if (step != Step.COLUMNS || shift != 0) {
            throw new MillraceException(
                    ErrorCode.EXPORT_INCOMPLETE,
                    "The answer of ClickHouse ended within a block behind row %d"
                            .formatted(rowsBefore));
        }
    }

    private boolean isPassing() {
        return switch (step) {
            case NAME, TYPE, NULLS, VALUES, TEXT -> true;
            case COLUMNS, ROWS, NAME_LENGTH, TYPE_LENGTH, TEXT_LENGTH -> false;
        };
    }

    private int number(byte[] bytes, int at) {
        var b = bytes[at];
        number |= (b & 0x7FL) << shift;
        shift += 7;
        if (b < 0) {
            if (shift > 56) {
                throw unknown("a number without an end");
            }
            return at + 1;
        }
        var value = number;
        number = 0;
        shift = 0;
        switch (step) {
            case COLUMNS -> {
                columns = value;
                step = Step.ROWS;
            }
            case ROWS -> {
                block.rows = Math.toIntExact(value);
                step = Step.NAME_LENGTH;
            }
            case NAME_LENGTH -> pass(Step.NAME, value);
            case TYPE_LENGTH -> {
                if (value > MOST_TYPE_BYTES) {
                    throw unknown("the name of a type of %,d bytes".formatted(value));
                }
                named = 0;
                name = name.length < value ? new byte[(int) value] : name;
                pass(Step.TYPE, value);
            }
            case TEXT_LENGTH -> pass(Step.TEXT, value);
            case NAME, TYPE, NULLS, VALUES, TEXT -> throw new IllegalStateException();
        }
        return at + 1;
    }

    private void pass(Step through, long count) {
        step = through;
        left = count;
    }

    private int pass(int at, int to) {
        var n = (int) Math.min(left, to - at);
        left -= n;
        return at + n;
    }

    private int name(byte[] bytes, int at, int to) {
        var end = pass(at, to);
        System.arraycopy(bytes, at, name, named, end - at);
        named += end - at;
        return end;
    }

    /// Passes over texts as long as they are whole here.
    private int texts(byte[] bytes, int from, int to) {
        var at = from;
        while (texts > 0 && at < to && shift == 0 && bytes[at] >= 0 && to - at > bytes[at]) {
            at += 1 + bytes[at];
            texts--;
        }
        if (texts == 0) {
            step = Step.NAME_LENGTH;
            return at;
        }
        return at < to ? number(bytes, at) : at;
    }

    /// @param here where the next byte will stand in the store
    private void passed(long here) {
        switch (step) {
            case NAME -> step = Step.TYPE_LENGTH;
            case TYPE -> typed(here);
            case NULLS -> values(here);
            case VALUES -> step = Step.NAME_LENGTH;
            case TEXT -> {
                texts--;
                step = texts == 0 ? Step.NAME_LENGTH : Step.TEXT_LENGTH;
            }
            case COLUMNS, ROWS, NAME_LENGTH, TYPE_LENGTH, TEXT_LENGTH ->
                    throw new IllegalStateException();
        }
    }

    private void typed(long here) {
        var type = type(block.parts.size());
        nulls = -1;
        if (type.isNullable()) {
            nulls = here;
            pass(Step.NULLS, block.rows);
        } else {
            values(here);
        }
    }

    /// The blocks of an answer have the same types, one like the other.
    private ColumnType type(int column) {
        var text = new String(name, 0, named, StandardCharsets.UTF_8);
        if (column < names.size() && names.get(column).equals(text)) {
            return types.get(column);
        }
        ColumnType type;
        try {
            type = ColumnTypes.parse(text);
        } catch (MillraceException e) {
            throw unknown(text);
        }
        if (column < names.size() || !(type.plain().base() instanceof ColumnType.Scalar)) {
            throw unknown(text);
        }
        names.add(text);
        types.add(type);
        return type;
    }

    private void values(long here) {
        var rows = block.rows;
        var type = types.get(block.parts.size());
        block.parts.add(new Part(type, nulls, here));
        var width = type.widthBytes();
        if (width >= 0) {
            pass(Step.VALUES, (long) width * rows);
        } else if (rows == 0) {
            step = Step.NAME_LENGTH;
        } else {
            texts = rows;
            step = Step.TEXT_LENGTH;
        }
    }

    private void pass() {
        if (block.rows > 0) {
            rowsBefore += block.rows;
            block = taker.apply(block);
        }
        block.clear();
        step = Step.COLUMNS;
        columns = 0;
    }

    private static MillraceException unknown(String what) {
        return new MillraceException(
                ErrorCode.INTERNAL_ERROR,
                "ClickHouse's answer is not in the form that was asked for: " + what);
    }
}
