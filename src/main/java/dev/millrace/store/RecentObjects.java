package dev.millrace.store;

import dev.millrace.core.Store;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A [Store] that hands an object that was just put to its first reader in the same process from
/// memory: a split that intake has cut goes to a worker without a way over the disk. What is put is
/// in the store behind it before anybody can ask for it.
///
/// Whoever puts a buffer must not change it afterwards. Bounded; thread-safe.
public final class RecentObjects implements Store {
    private final Store store;
    private final long limitBytes;

    // guarded by this
    private final Map<String, ByteBuffer> recent = new LinkedHashMap<>();
    private long heldBytes;

    /// @param limitBytes how much may be held; the oldest objects go first
    public RecentObjects(Store store, long limitBytes) {
        this.store = store;
        this.limitBytes = limitBytes;
    }

    @Override
    public void put(String name, ByteBuffer content) {
        store.put(name, content.duplicate());
        if (content.hasArray()) {
            hold(name, content.duplicate());
        }
    }

    private synchronized void hold(String name, ByteBuffer content) {
        take(name);
        recent.put(name, content);
        heldBytes += content.remaining();
        var oldest = recent.entrySet().iterator();
        while (heldBytes > limitBytes && oldest.hasNext()) {
            heldBytes -= oldest.next().getValue().remaining();
            oldest.remove();
        }
    }

    private synchronized @Nullable ByteBuffer take(String name) {
        var held = recent.remove(name);
        if (held != null) {
            heldBytes -= held.remaining();
        }
        return held;
    }

    @Override
    public ByteBuffer get(String name) {
        var held = take(name);
        return held != null ? held : store.get(name);
    }

    @Override
    public boolean exists(String name) {
        return store.exists(name);
    }

    @Override
    public List<String> list(String prefix) {
        return store.list(prefix);
    }

    @Override
    public void delete(String prefix) {
        forget(prefix);
        store.delete(prefix);
    }

    private synchronized void forget(String prefix) {
        var held = recent.entrySet().iterator();
        while (held.hasNext()) {
            var entry = held.next();
            if (entry.getKey().startsWith(prefix)) {
                heldBytes -= entry.getValue().remaining();
                held.remove();
            }
        }
    }

    @Override
    public void check() {
        store.check();
    }
}
