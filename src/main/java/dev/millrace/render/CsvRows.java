package dev.millrace.render;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// CSV with a header of the rows of blocks. Memory is constant however many rows a block has and
/// however long they are. For one thread at a time, but for [#rows].
public final class CsvRows {
    private final List<Column> columns;
    private final char delimiter;
    private final TextBuffer text;
    private final List<@Nullable ColumnBytes> nulls = new ArrayList<>();
    private final List<ColumnBytes> values = new ArrayList<>();
    private @Nullable Cells[] cells = {}; // of each column these or
    private @Nullable Texts[] texts = {}; // those
    private int at; // in the text
    private long written;
    private volatile long rows;

    /// How a column is written.
    ///
    /// @param header what it is called in the file
    /// @param quoted whether its texts are quoted, unless they are numbers
    public record Column(String header, boolean quoted) {}

    /// @param first what the text's beginning is written on, for so many columns
    /// @param receiver takes a page that is full and gives one to go on with
    public CsvRows(List<Column> columns, char delimiter, Page first, UnaryOperator<Page> receiver) {
        this.columns = List.copyOf(columns);
        this.delimiter = delimiter;
        this.text = new TextBuffer(first, receiver);
    }

    private void header() {
        try (var names = new BlockStore(Integer.MAX_VALUE - BlockStore.SLACK_BYTES)) {
            var bytes = new ColumnBytes();
            for (var i = 0; i < columns.size(); i++) {
                var name = columns.get(i).header().getBytes(StandardCharsets.UTF_8);
                names.append(name, 0, name.length);
                bytes.begin(names, names.size() - name.length);
                at = QuotedText.write(bytes, name.length, text, at);
                text.bytes[at++] = (byte) behind(i);
                at = text.room(at);
            }
        }
    }

    private char behind(int column) {
        return column < columns.size() - 1 ? delimiter : '\n';
    }

    /// Writes the rows of a block, which has the types of those before.
    public void write(Block block) {
        var parts = block.parts;
        if (cells.length == 0) {
            header();
            open(parts);
        }
        for (var i = 0; i < parts.size(); i++) {
            var part = parts.get(i);
            values.get(i).begin(block.store, part.values());
            var of = nulls.get(i);
            if (of != null) {
                of.begin(block.store, part.nulls());
            }
        }
        for (var left = block.rows; left > 0; left -= Cells.MOST) {
            writeRows(Math.min(left, Cells.MOST));
        }
        written += block.rows;
        rows = written;
    }

    private void open(List<NativeBlocks.Part> parts) {
        if (parts.size() != columns.size()) {
            throw new IllegalStateException("another number of columns was asked for");
        }
        cells = new Cells[parts.size()];
        texts = new Texts[parts.size()];
        for (var i = 0; i < parts.size(); i++) {
            var part = parts.get(i);
            var type = part.type().plain().base();
            values.add(new ColumnBytes());
            nulls.add(part.nulls() < 0 ? null : new ColumnBytes());
            if (Texts.isOne(type)) {
                texts[i] =
                        Texts.of(
                                type,
                                columns.get(i).quoted(),
                                values.get(i),
                                nulls.get(i),
                                behind(i));
            } else {
                cells[i] = Cells.of(type, values.get(i), behind(i));
            }
        }
    }

    /// @param count at most [Cells#MOST]
    private void writeRows(int count) {
        for (var i = 0; i < cells.length; i++) {
            if (cells[i] != null) {
                cells[i].fill(count);
                var of = nulls.get(i);
                if (of != null) {
                    cells[i].fillNulls(of, count);
                }
            }
        }
        var ofCells = cells;
        var ofTexts = texts;
        var to = text;
        var end = at;
        for (var row = 0; row < count; row++) {
            for (var i = 0; i < ofCells.length; i++) {
                var cell = ofCells[i];
                end =
                        cell == null
                                ? requireNonNull(ofTexts[i]).write(to, end)
                                : cell.copy(row, to.bytes, end);
            }
            end = to.room(end);
        }
        at = end;
    }

    /// Those that have been written.
    public long rows() {
        return rows;
    }

    /// Writes what is left.
    public void end() {
        if (cells.length == 0) {
            header();
        }
        at = text.flush(at);
    }
}
