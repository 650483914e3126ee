package dev.millrace.core;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// Keeps objects by name: splits, rejections. An object is there whole or not at all. Names are
/// made by Millrace and look like `rejections/<job>/1/0-000001-0`. Thread-safe.
///
/// All methods throw MillraceException STORE_UNAVAILABLE or DISK_FULL.
public interface Store {
    /// Writes or replaces an object; durable when it returns.
    void put(String name, ByteBuffer content);

    /// Reads a whole object.
    ///
    /// @throws MillraceException STORE_DAMAGED when it is not there
    ByteBuffer get(String name);

    /// Names below a prefix that ends with `/`, in order.
    List<String> list(String prefix);

    /// The names directly below a prefix that ends with `/`, each with a `/` behind it when there
    /// is something below it; in order. Quick however much is below them.
    List<String> children(String prefix);

    /// Removes everything below a prefix that ends with `/`; nothing there is fine.
    void delete(String prefix);

    /// Which store it is: the same for all who see the same objects, now and after a restart.
    String identity();

    /// Refuses what there is no room for. A store without bounds has room for everything.
    ///
    /// @throws MillraceException DISK_FULL, which says how much there is and how much is wanted
    default void requireRoom(long bytes) {}

    /// Whether the store can be written; throws the reason when it cannot.
    void check();

    /// A path on the store's disk that no other file has, for one that its caller removes. What a
    /// process leaves there when it is killed goes when the store is opened again.
    Path newPart();
}
