package dev.millrace.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The process of an earlier run, which may still be stopping when Millrace was killed and started
/// again at once. A file names it by its id and its start, so that no stranger with the same id is
/// taken for it.
record Leftover(Path file) {
    private static final long LIMIT_SECONDS = 10;

    void remember(ProcessHandle process) throws IOException {
        OwnerOnly.write(file, identity(process));
    }

    /// Waits until it is gone; ends it by force when that takes too long.
    void end() throws IOException {
        var found = find();
        if (found.isEmpty()) {
            return;
        }
        var process = found.get();
        if (!gone(process)) {
            process.destroyForcibly();
            if (!gone(process)) {
                throw new IOException(
                        "process %d of an earlier run does not end".formatted(process.pid()));
            }
        }
    }

    private Optional<ProcessHandle> find() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var identity = Files.readString(file);
        return ProcessHandle.of(Long.parseLong(identity.split(" ", 2)[0]))
                .filter(p -> identity(p).equals(identity));
    }

    private static boolean gone(ProcessHandle process) throws IOException {
        try {
            process.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    private static String identity(ProcessHandle process) {
        return process.pid() + " " + process.info().startInstant().orElse(Instant.EPOCH);
    }
}
