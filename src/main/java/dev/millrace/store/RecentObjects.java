package dev.millrace.store;

import dev.millrace.core.Store;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A [Store] that hands a split that was just put to its first reader in the same process from
/// memory: what intake has cut goes to a worker without a way over the disk. What is put is in the
/// store behind it before anybody can ask for it. Other objects are not read soon, and are not
/// held.
///
/// Whoever puts a buffer must not change it afterwards. Bounded; thread-safe.
public final class RecentObjects implements Store {
    private static final String HELD_PREFIX = "splits/";

    private final Store store;
    private final long limitBytes;

    // guarded by this
    private final Map<String, ByteBuffer> recent = new LinkedHashMap<>();
    private long heldBytes;

    /// @param limitBytes how much memory the held objects may take; the oldest go first, and one
    ///   that is larger than this is not held
    public RecentObjects(Store store, long limitBytes) {
        this.store = store;
        this.limitBytes = limitBytes;
    }

    @Override
    public void put(String name, ByteBuffer content) {
        take(name);
        store.put(name, content.duplicate());
        if (name.startsWith(HELD_PREFIX) && content.hasArray()) {
            hold(name, compact(content));
        }
    }

    /// The same bytes, in an array of which they are at least half.
    private static ByteBuffer compact(ByteBuffer content) {
        if (memoryBytes(content) / 2 <= content.remaining()) {
            return content.duplicate();
        }
        var bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private synchronized void hold(String name, ByteBuffer content) {
        take(name);
        if (memoryBytes(content) > limitBytes) {
            return;
        }
        recent.put(name, content);
        heldBytes += memoryBytes(content);
        var oldest = recent.entrySet().iterator();
        while (heldBytes > limitBytes && oldest.hasNext()) {
            heldBytes -= memoryBytes(oldest.next().getValue());
            oldest.remove();
        }
    }

    private synchronized @Nullable ByteBuffer take(String name) {
        var held = recent.remove(name);
        if (held != null) {
            heldBytes -= memoryBytes(held);
        }
        return held;
    }

    /// What holding a buffer holds: its whole array.
    @SuppressWarnings("ByteBufferBackingArray") // the array's size is wanted, not its bytes
    private static long memoryBytes(ByteBuffer content) {
        return content.array().length;
    }

    @Override
    public Path newPart() {
        return store.newPart();
    }

    @Override
    public ByteBuffer get(String name) {
        var held = take(name);
        return held != null ? held : store.get(name);
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
        forget(prefix);
        store.delete(prefix);
    }

    private synchronized void forget(String prefix) {
        var held = recent.entrySet().iterator();
        while (held.hasNext()) {
            var entry = held.next();
            if (entry.getKey().startsWith(prefix)) {
                heldBytes -= memoryBytes(entry.getValue());
                held.remove();
            }
        }
    }

    @Override
    public void requireRoom(long bytes) {
        store.requireRoom(bytes);
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
