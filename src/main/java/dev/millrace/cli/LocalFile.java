package dev.millrace.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files that a command is given.
final class LocalFile {
    private LocalFile() {}

    /// @throws Failure when there is no such file
    static Path of(String file) {
        var path = Path.of(file);
        if (!Files.exists(path)) {
            throw new Failure("There is no file '%s'".formatted(file), null);
        }
        if (Files.isDirectory(path)) {
            throw new Failure("'%s' is a folder".formatted(file), "Name a file in it.");
        }
        return path;
    }

    /// @throws Failure when there is no such file
    static InputStream open(String file) throws IOException {
        return Files.newInputStream(of(file));
    }

    static Failure unreadable(String file, IOException e) {
        var reason =
                e instanceof AccessDeniedException
                        ? "permission denied"
                        : String.valueOf(e.getMessage());
        return new Failure("Could not read '%s': %s".formatted(file, reason), null, e);
    }

    /// @param file a path, or `-` for standard input
    /// @throws Failure when it cannot be read or is no JSON
    static JsonNode json(String file, Terminal terminal) {
        try {
            return Json.read(
                    file.equals("-") ? terminal.in().readAllBytes() : Files.readAllBytes(of(file)));
        } catch (JsonProcessingException e) {
            var where = e.getLocation();
            throw new Failure(
                    "'%s' is no JSON, line %d, column %d: %s"
                            .formatted(
                                    file,
                                    where == null ? 0 : where.getLineNr(),
                                    where == null ? 0 : where.getColumnNr(),
                                    e.getOriginalMessage().replaceFirst(" \\(start marker .*", "")),
                    null,
                    e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }
}
