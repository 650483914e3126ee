package dev.millrace.app;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/// The folder that keeps everything of one Millrace: the engines' data, splits, logs, secrets, and
/// what the commands need to find a running server. What it writes, only its owner may read.
final class DataFolder {
    private final Path folder;

    private DataFolder(Path folder) {
        this.folder = folder;
    }

    /// Opens the folder, and makes it when it is missing.
    ///
    /// @throws MillraceException INVALID_CONFIGURATION when that is not possible
    static DataFolder open(Path folder) {
        try {
            Files.createDirectories(folder.resolve("logs"));
            if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
            return new DataFolder(folder.toRealPath());
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "The data folder %s cannot be used: %s".formatted(folder, e),
                    "Choose another with --data.",
                    e);
        }
    }

    /// Where it is when nothing is said: below the user's data folder.
    static Path standard(Map<String, String> environment) {
        var base = environment.get("XDG_DATA_HOME");
        return base != null && !base.isEmpty()
                ? Path.of(base, "millrace")
                : Path.of(System.getProperty("user.home"), ".local", "share", "millrace");
    }

    Path path() {
        return folder;
    }

    Path logs() {
        return folder.resolve("logs");
    }

    Path store() {
        return folder.resolve("store");
    }

    /// What `up` writes when it is ready: its process and the addresses of everything.
    Path runFile() {
        return folder.resolve("run.json");
    }

    /// What the commands read to find the server: its URL and a token.
    Path clientFile() {
        return folder.resolve("client.json");
    }

    /// Takes the folder for one server; given back when the process ends, however it ends.
    ///
    /// @return empty when another process has it
    Optional<FileLock> lock() {
        try {
            var channel =
                    FileChannel.open(
                            folder.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unusable(folder.resolve("lock"), e);
        }
    }

    /// A secret of its own, made when it is first asked for.
    ///
    /// @param name a file's name
    /// @param bytes how many random bytes; the text is hex, twice as long
    String secret(String name, int bytes) {
        return read(name)
                .orElseGet(() -> {
                    var random = new byte[bytes];
                    new SecureRandom().nextBytes(random);
                    var text = HexFormat.of().formatHex(random);
                    write(folder.resolve(name), text);
                    return text;
                });
    }

    /// Reads a file of the folder.
    Optional<String> read(String name) {
        try {
            return Optional.of(Files.readString(folder.resolve(name)).strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unusable(folder.resolve(name), e);
        }
    }

    /// Writes a file whole or not at all.
    void write(Path file, String text) {
        var part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.deleteIfExists(part);
            Files.createFile(part, ownerOnly());
            Files.writeString(part, text + "\n");
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    private java.nio.file.attribute.FileAttribute<?>[] ownerOnly() throws IOException {
        return Files.getFileStore(folder).supportsFileAttributeView("posix")
                ? new java.nio.file.attribute.FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new java.nio.file.attribute.FileAttribute<?>[0];
    }

    private static MillraceException unusable(Path file, IOException e) {
        return new MillraceException(
                ErrorCode.INVALID_CONFIGURATION, "%s cannot be used: %s".formatted(file, e), e);
    }
}
