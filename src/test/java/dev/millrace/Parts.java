package dev.millrace;

import java.nio.file.Path;
import java.util.UUID;

/// Paths for files that tests' sources are copied into while they are read.
public final class Parts {
    private Parts() {}

    public static Path next() {
        return Path.of(System.getProperty("java.io.tmpdir"), "part-" + UUID.randomUUID());
    }
}
