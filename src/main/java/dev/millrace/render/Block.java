package dev.millrace.render;

import java.util.ArrayList;
import java.util.List;

/// Some rows as ClickHouse sends them, column by column, to be filled again once they are written.
/// What one holds in memory is bounded; more stands in a temporary file. For one thread at a time.
public final class Block implements AutoCloseable {
    /// What of a block stands in memory.
    private static final int MEMORY_BYTES = 16 << 20;

    final BlockStore store;
    final List<NativeBlocks.Part> parts = new ArrayList<>();
    int rows;

    public Block() {
        this(MEMORY_BYTES);
    }

    /// @param memory how many of its bytes stand in memory at most
    public Block(int memory) {
        this.store = new BlockStore(memory);
    }

    /// Forgets its rows.
    void clear() {
        rows = 0;
        parts.clear();
        store.clear();
    }

    @Override
    public void close() {
        store.close();
    }
}
