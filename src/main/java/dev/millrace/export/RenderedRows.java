package dev.millrace.export;

import dev.millrace.render.Block;
import dev.millrace.render.CsvRows;
import dev.millrace.render.NativeBlocks;
import dev.millrace.render.Page;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/// The rows that Millrace writes as text itself, which are counted in the blocks they come in.
/// Three threads are at work: one cuts what arrives into blocks, the next makes them text, and the
/// last packs it, hashes it and sends it.
final class RenderedRows extends Tally {
    /// A block may have megabytes, a page has some 128 KiB, and a disk or network falters.
    private static final int BLOCKS = 3;

    private static final int PAGES = 8;

    private final List<Block> made = new ArrayList<>();
    private final Relay<Page> text;
    private final CsvRows csv;
    private final Relay<Block> rows;
    private final NativeBlocks blocks;

    /// @param file takes the text, by another thread
    RenderedRows(FileQuery query, OutputStream file) {
        var columns = query.columns().stream().map(FileColumn::rendered).toList();
        text =
                new Relay<>(
                        "export-file",
                        PAGES,
                        () -> new Page(columns.size()),
                        page -> page.writeTo(file));
        csv = new CsvRows(columns, query.delimiter(), text.first(), text::pass);
        rows = new Relay<>("export-text", BLOCKS, this::block, csv::write);
        blocks = new NativeBlocks(rows.first(), rows::pass);
    }

    private Block block() {
        var block = new Block();
        made.add(block);
        return block;
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        blocks.write(bytes, from, count);
    }

    @Override
    long rows() {
        return csv.rows();
    }

    @Override
    long end() {
        blocks.end();
        rows.finish();
        csv.end();
        text.finish();
        return csv.rows();
    }

    @Override
    public void close() {
        rows.close();
        text.close();
        made.forEach(Block::close);
    }
}
