package dev.millrace.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files that are being written, in a folder of the same file system as the objects. Each is
/// named after its process, so that what a process left behind when it was killed can be told from
/// what another one is writing just now. Thread-safe.
final class PartFiles {
    private static final Logger LOG = LoggerFactory.getLogger(PartFiles.class);

    /// No object's name begins with a dot.
    static final String FOLDER = ".parts";

    private final Path folder;

    private PartFiles(Path folder) {
        this.folder = folder;
    }

    /// Makes the folder, durably, and removes the leftovers in it.
    static PartFiles open(Path store) throws IOException {
        var folder = store.resolve(FOLDER);
        Files.createDirectories(folder);
        forceFolder(store);
        var parts = new PartFiles(folder);
        parts.removeLeftovers();
        return parts;
    }

    /// A path that no other file has or will have.
    Path next() {
        return folder.resolve(ProcessHandle.current().pid() + "-" + UUID.randomUUID());
    }

    /// What the file system writes at a time.
    long blockBytes() throws IOException {
        return Files.getFileStore(folder).getBlockSize();
    }

    /// Removes a file that will not become an object; a failure only leaves it for the next
    /// opening.
    void discard(@Nullable Path part) {
        if (part == null) {
            return;
        }
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            LOG.warn("leftover file={} reason={}", part, e.toString());
        }
    }

    private void removeLeftovers() throws IOException {
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                if (isLeftover(file)) {
                    discard(file);
                }
            }
        }
    }

    /// Whether its writer is gone: there is no process of that number, or only one that began after
    /// the file was last written (in a container every life of a program has the same number).
    private static boolean isLeftover(Path file) throws IOException {
        var pid = String.valueOf(file.getFileName()).split("-", 2)[0];
        if (!pid.matches("\\d{1,18}")) {
            return true;
        }
        Instant written;
        try {
            written = Files.getLastModifiedTime(file).toInstant();
        } catch (NoSuchFileException becameAnObject) {
            return false;
        }
        return ProcessHandle.of(Long.parseLong(pid))
                .map(p -> p.info().startInstant().map(t -> isBefore(written, t)).orElse(false))
                .orElse(true);
    }

    /// Linux tells when a process began only to about a second.
    private static boolean isBefore(Instant written, Instant began) {
        return written.isBefore(began.minusSeconds(2));
    }

    /// Makes the names in a folder durable.
    static void forceFolder(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
