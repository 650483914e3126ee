package dev.millrace.store;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A [Store] in a folder: an object is a file, its name the path below the folder. It serves the
/// processes of one host, any number of them at a time.
///
/// An object is written beside its place, forced to the disk and renamed: whoever reads meanwhile
/// has the old one whole, and of two who write the same name one wins whole. Thread-safe.
public final class LocalStore implements Store {
    /// The JDK copies a heap buffer through a direct one of the same size and keeps that for the
    /// thread; so files are read in pieces of this many bytes.
    private static final int PIECE_BYTES = 1 << 20;

    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

    private final Path folder;
    private final PartFiles parts;
    private final DurableFiles files;
    private final String identity;
    private final long minFreeBytes;

    private LocalStore(
            Path folder, PartFiles parts, DurableFiles files, String identity, long minFreeBytes) {
        this.folder = folder;
        this.parts = parts;
        this.files = files;
        this.identity = identity;
        this.minFreeBytes = minFreeBytes;
    }

    /// Opens the store in a folder, makes the folder when it is missing, and removes what processes
    /// that are gone left half written.
    ///
    /// @throws MillraceException STORE_UNAVAILABLE or DISK_FULL when the folder cannot be used
    public static LocalStore open(Path folder) {
        return open(folder, 0);
    }

    /// The same with a reserve on its disk, in bytes, that nothing is written into: engines on the
    /// same disk live from it. With less left the store says that its disk is full.
    ///
    /// @throws MillraceException STORE_UNAVAILABLE or DISK_FULL when the folder cannot be used
    public static LocalStore open(Path folder, long minFreeBytes) {
        var absolute = folder.toAbsolutePath().normalize();
        try {
            var parts = PartFiles.open(absolute);
            return new LocalStore(
                    absolute,
                    parts,
                    DurableFiles.in(parts),
                    StoreIdentity.of(absolute, parts),
                    minFreeBytes);
        } catch (IOException e) {
            throw failure("open the store", absolute, e);
        }
    }

    /// Takes the bytes between the buffer's position and limit, both of which stay as they are.
    @Override
    public void put(String name, ByteBuffer content) {
        var target = path(name);
        @Nullable Path part = null;
        try {
            requireFree(content.remaining());
            part = parts.next();
            files.write(part, content);
            var parent = parent(target);
            Files.createDirectories(parent);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            forceUpwards(parent);
        } catch (IOException e) {
            parts.discard(part);
            throw failure("write %d bytes".formatted(content.remaining()), target, e);
        }
    }

    /// Makes the entries of all folders from the object's up to the store's durable: another thread
    /// may have made one of them a moment ago and not yet forced it. Forcing an unchanged folder
    /// costs next to nothing.
    private void forceUpwards(Path parent) throws IOException {
        for (var f = parent; f.startsWith(folder); f = parent(f)) {
            PartFiles.forceFolder(f);
        }
    }

    /// Returns a heap buffer of exactly the object's size, which belongs to the caller.
    @Override
    public ByteBuffer get(String name) {
        var file = path(name);
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var content = ByteBuffer.allocate(Math.toIntExact(channel.size()));
            while (content.position() < content.capacity()) {
                int piece = Math.min(PIECE_BYTES, content.capacity() - content.position());
                content.limit(content.position() + piece);
                if (channel.read(content) < 0) {
                    throw new IOException("it ends after %d bytes".formatted(content.position()));
                }
            }
            return content.flip();
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new MillraceException(
                    ErrorCode.STORE_DAMAGED,
                    "The object %s is missing from the store %s".formatted(name, folder),
                    e);
        } catch (IOException e) {
            throw failure("read", file, e);
        }
    }

    @Override
    public List<String> list(String prefix) {
        var top = prefixPath(prefix);
        var names = new ArrayList<String>();
        walk(
                "list",
                top,
                new MeanwhileChanging() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        names.add(folder.relativize(file).toString());
                        return FileVisitResult.CONTINUE;
                    }
                });
        names.sort(null);
        return names;
    }

    @Override
    public List<String> children(String prefix) {
        var top = prefixPath(prefix);
        try (var entries = Files.list(top)) {
            return entries.map(entry -> entry.getFileName() + (Files.isDirectory(entry) ? "/" : ""))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | UncheckedIOException e) {
            throw failure("list", top, e instanceof IOException io ? io : new IOException(e));
        }
    }

    /// An object that is put below the prefix meanwhile may stay.
    @Override
    public void delete(String prefix) {
        walk(
                "delete",
                prefixPath(prefix),
                new MeanwhileChanging() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path f, @Nullable IOException e)
                            throws IOException {
                        if (e != null) {
                            throw e;
                        }
                        try {
                            Files.deleteIfExists(f);
                        } catch (DirectoryNotEmptyException stillInUse) {
                            return FileVisitResult.CONTINUE;
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static void walk(String what, Path top, MeanwhileChanging visitor) {
        try {
            Files.walkFileTree(top, visitor);
        } catch (IOException e) {
            throw failure(what, top, e);
        }
    }

    @Override
    public String identity() {
        return identity;
    }

    /// Writes, forces and removes a small file, and asks for the room that is left.
    @Override
    public void check() {
        @Nullable Path part = null;
        try {
            part = parts.next();
            files.write(part, ByteBuffer.wrap(new byte[] {1}));
            requireFree(0);
        } catch (IOException e) {
            throw failure("write into the store", folder, e);
        } finally {
            parts.discard(part);
        }
    }

    @Override
    public void requireRoom(long bytes) {
        try {
            requireFree(bytes);
        } catch (IOException e) {
            throw failure("ask for the room", folder, e);
        }
    }

    private void requireFree(long bytes) throws IOException {
        var free = Files.getFileStore(folder).getUsableSpace();
        if (free - minFreeBytes < bytes) {
            throw diskFull(
                    "The disk of the store %s has %,d bytes left; %,d are wanted, and %,d stay free"
                            .formatted(folder, free, bytes, minFreeBytes),
                    null);
        }
    }

    private Path path(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR,
                    ("'%s' cannot name an object of the store: parts of letters, digits, '.', '_'"
                                    + " and '-', divided by '/', none of which begins with '.'")
                            .formatted(name));
        }
        return folder.resolve(name);
    }

    private Path prefixPath(String prefix) {
        if (!prefix.endsWith("/")) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR,
                    "The prefix '%s' does not end with '/'".formatted(prefix));
        }
        return path(prefix.substring(0, prefix.length() - 1));
    }

    private static Path parent(Path path) {
        var parent = path.getParent();
        return parent == null ? path : parent;
    }

    /// Says what went wrong with the disk, and whether it is just full.
    static MillraceException failure(String what, Path where, IOException e) {
        var reason = String.valueOf(e.getMessage());
        if (isOutOfSpace(reason)) {
            return diskFull("No room to %s at %s: %s".formatted(what, where, reason), e);
        }
        return new MillraceException(
                ErrorCode.STORE_UNAVAILABLE,
                "Could not %s at %s: %s (%s)"
                        .formatted(what, where, reason, e.getClass().getSimpleName()),
                "Check that the disk is there and that Millrace may write to the folder.",
                e);
    }

    /// The JDK has no type for ENOSPC and EDQUOT, only the system's words.
    private static boolean isOutOfSpace(String reason) {
        var words = reason.toLowerCase(Locale.ROOT);
        return words.contains("no space left") || words.contains("quota exceeded");
    }

    private static MillraceException diskFull(String message, @Nullable IOException cause) {
        return new MillraceException(
                ErrorCode.DISK_FULL,
                message,
                "Free some space on that disk, or move the data folder to a larger one.",
                cause);
    }

    /// Visits a tree in which others put and delete at the same time.
    private abstract static class MeanwhileChanging extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }
    }

    @Override
    public Path newPart() {
        return parts.next();
    }
}
