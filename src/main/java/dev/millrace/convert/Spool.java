package dev.millrace.convert;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The file that a source is copied into which has to be whole before it is read. Once it is open
/// its name is taken away, so that nothing of it stays however the process ends.
final class Spool {
    private static final int CHUNK_BYTES = 1 << 20;

    private Spool() {}

    /// @throws MillraceException as the stream throws it; STORE_UNAVAILABLE
    static void copy(InputStream in, Path file) {
        try (var out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            copy(in, out);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.STORE_UNAVAILABLE,
                    "The source cannot be kept in %s while it arrives: %s"
                            .formatted(file.getParent(), e),
                    e);
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        var chunk = new byte[CHUNK_BYTES];
        for (var n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            out.write(chunk, 0, n);
        }
    }

    static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // It goes when the store is opened again.
        }
    }
}
