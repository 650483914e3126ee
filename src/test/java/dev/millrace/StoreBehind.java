package dev.millrace;

import dev.millrace.core.Store;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// A store that leaves everything to another: what a test makes fail, or counts, it overrides.
public class StoreBehind implements Store {
    private final Store store;

    public StoreBehind(Store store) {
        this.store = store;
    }

    @Override
    public void put(String name, ByteBuffer content) {
        store.put(name, content);
    }

    @Override
    public Path newPart() {
        return store.newPart();
    }

    @Override
    public ByteBuffer get(String name) {
        return store.get(name);
    }

    @Override
    public List<String> list(String prefix) {
        return store.list(prefix);
    }

    @Override
    public List<String> children(String prefix) {
        return store.children(prefix);
    }

    @Override
    public void delete(String prefix) {
        store.delete(prefix);
    }

    @Override
    public String identity() {
        return store.identity();
    }

    @Override
    public void check() {
        store.check();
    }
}
