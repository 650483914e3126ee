package dev.millrace.embedded;

import dev.millrace.core.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/// The engines' generated passwords: 32 hex digits each, one file each in a folder that its owner
/// alone can read.
final class Passwords {
    private final Path folder;

    Passwords(Path folder) throws IOException {
        this.folder = folder;
        OwnerOnly.folder(folder);
    }

    /// The password of this name, made when it is first asked for.
    String get(String name) {
        var file = folder.resolve(name);
        try {
            if (!Files.exists(file)) {
                OwnerOnly.write(file, random());
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String random() {
        var bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// SHA-256 in hex, as ClickHouse keeps passwords.
    static String sha256(String password) {
        return HexFormat.of()
                .formatHex(Sha256.begin().digest(password.getBytes(StandardCharsets.UTF_8)));
    }
}
