package dev.millrace.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/// Which store a folder is: a UUID in a file of it, made by whoever opens it first.
final class StoreIdentity {
    /// No object's name begins with a dot.
    static final String FILE = ".identity";

    private StoreIdentity() {}

    /// Of several who open a new store at a time all get the same.
    static String of(Path folder, PartFiles parts) throws IOException {
        var file = folder.resolve(FILE);
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException _) {
            make(file, parts);
            PartFiles.forceFolder(folder);
            return Files.readString(file).strip();
        }
    }

    /// A link is made whole, and only where nothing is.
    private static void make(Path file, PartFiles parts) throws IOException {
        var part = parts.next();
        try {
            write(part);
            Files.createLink(file, part);
        } catch (FileAlreadyExistsException _) {
            // another process was first
        } finally {
            parts.discard(part);
        }
    }

    private static void write(Path file) throws IOException {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var text = UUID.randomUUID() + "\n";
            var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }
}
