package dev.millrace.render;

import static java.util.Objects.requireNonNull;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// CSV with a header, written while its rows come in ClickHouse's Native format. Memory is constant
/// however many rows a block has and however long they are; a block of many bytes stands in a
/// temporary file meanwhile. What the receiver throws comes out as [java.io.UncheckedIOException].
/// For one thread, but for [#rows].
public final class CsvRows extends OutputStream {
    /// What of a block stands in memory.
    private static final int BLOCK_BYTES = 16 << 20;

    private final List<Column> columns;
    private final char delimiter;
    private final BlockStore store;
    private final NativeBlocks blocks;
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

    /// Who receives the text.
    @FunctionalInterface
    public interface Receiver {
        /// @param bytes all of a buffer, which is the receiver's from now on
        /// @param count how many are meant
        /// @return a buffer of the same length, the writer's from now on
        /// @throws IOException when nobody takes it
        byte[] take(byte[] bytes, int count) throws IOException;
    }

    public CsvRows(List<Column> columns, char delimiter, Receiver receiver) {
        this(columns, delimiter, receiver, BLOCK_BYTES);
    }

    private CsvRows(List<Column> columns, char delimiter, Receiver receiver, int memory) {
        this.columns = List.copyOf(columns);
        this.delimiter = delimiter;
        this.store = new BlockStore(memory);
        this.blocks = new NativeBlocks(store, this::block);
        this.text = new TextBuffer(receiver, columns.size());
    }

    /// One that keeps so many bytes of a block in memory at most.
    public static CsvRows keeping(
            int memory, List<Column> columns, char delimiter, Receiver receiver) {
        return new CsvRows(columns, delimiter, receiver, memory);
    }

    private void header() {
        try (var names = new BlockStore(Integer.MAX_VALUE - BlockStore.SLACK_BYTES)) {
            var bytes = new ColumnBytes(names);
            for (var i = 0; i < columns.size(); i++) {
                var name = columns.get(i).header().getBytes(StandardCharsets.UTF_8);
                names.append(name, 0, name.length);
                bytes.begin(names.size() - name.length);
                at = QuotedText.write(bytes, name.length, text, at);
                text.bytes[at++] = (byte) behind(i);
                at = text.room(at);
            }
        }
    }

    private char behind(int column) {
        return column < columns.size() - 1 ? delimiter : '\n';
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        blocks.write(bytes, from, count);
    }

    private void block(int count, List<NativeBlocks.Part> parts) {
        if (cells.length == 0) {
            header();
            open(parts);
        }
        for (var i = 0; i < parts.size(); i++) {
            var part = parts.get(i);
            values.get(i).begin(part.values());
            var of = nulls.get(i);
            if (of != null) {
                of.begin(part.nulls());
            }
        }
        for (var left = count; left > 0; left -= Cells.MOST) {
            writeRows(Math.min(left, Cells.MOST));
        }
        written += count;
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
            values.add(new ColumnBytes(store));
            nulls.add(part.nulls() < 0 ? null : new ColumnBytes(store));
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
    ///
    /// @throws MillraceException EXPORT_INCOMPLETE when the bytes ended within a block
    public void end() {
        if (!blocks.isAtEnd()) {
            throw new MillraceException(
                    ErrorCode.EXPORT_INCOMPLETE,
                    "The answer of ClickHouse ended within a block behind row %d".formatted(rows));
        }
        if (cells.length == 0) {
            header();
        }
        at = text.flush(at);
    }

    /// Forgets what is kept; the receiver stays open.
    @Override
    public void close() {
        store.close();
    }
}
