package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The file of an export while it arrives, with its progress shown beside. A server on this machine
/// is given the file to write, and any other sends it. What has arrived is compared with what the
/// server says that the file was. An interrupt (Ctrl-C) cancels the export. For one thread.
final class Download implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final long LOOK_MILLIS = 300;

    /// The longest wait for the last look at the progress, whatever its server does.
    private static final long JOIN_MILLIS = 1_000;

    /// Between the end of a file that broke off and what became of its export: ten looks.
    private static final int MOST_LOOKS = 10;

    private final Terminal terminal;
    private final Supplier<Api> server;
    private final String id;
    private final Thread hook;
    private volatile long received;
    private volatile boolean handed;
    private volatile boolean over;
    private volatile @Nullable PartFile part;

    /// @param server gives one for each thread
    Download(Terminal terminal, Supplier<Api> server, JsonNode export) {
        this.terminal = terminal;
        this.server = server;
        this.id = export.path("id").asText();
        this.hook = new Thread(this::interrupted);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// @param file is removed when this is interrupted; what it throws is a failure of this
    /// @return the export, which is SUCCESS
    JsonNode fill(PartFile file) {
        part = file;
        return watched(() -> {
            var export = handOver(file);
            return export == null ? check(copy(file.out())) : export;
        });
    }

    /// @param out what it throws is a failure of this
    /// @return the export, which is SUCCESS
    JsonNode copyTo(OutputStream out) {
        return watched(() -> check(copy(out)));
    }

    private JsonNode watched(Supplier<JsonNode> arrival) {
        var watch = new Watch(terminal);
        // Not a virtual one: a JVM that has had one read from a network takes 0.3 s to end.
        var shown = Thread.ofPlatform().daemon().name("progress").start(() -> show(watch));
        try {
            return arrival.get();
        } finally {
            over = true;
            shown.interrupt();
            join(shown);
            watch.close();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Has the server write the file.
    ///
    /// @return null when it has to send it
    private @Nullable JsonNode handOver(PartFile file) {
        var api = server.get();
        if (!api.isHere()) {
            return null;
        }
        try {
            handed = true;
            var own = Json.object().put("path", file.path().toString()).put("secret", file.seal());
            var export = api.await(ExportList.path(id) + "/file", own);
            received = file.size();
            return check(export, export.path("crc32c").asText());
        } catch (IOException e) {
            throw unwritten(e);
        } catch (Failure e) {
            if (!e.isFor("FILE_ELSEWHERE")) {
                throw why(e);
            }
        }
        handed = false;
        try {
            file.clear();
        } catch (IOException e) {
            throw unwritten(e);
        }
        return null;
    }

    private String copy(OutputStream out) {
        var api = server.get();
        var crc = new CRC32C();
        var count = 0L;
        try (var answer = api.open(ExportList.path(id) + "/file", null, "*/*")) {
            var buffer = new byte[BUFFER_BYTES];
            for (int n = answer.read(buffer); n >= 0; n = answer.read(buffer)) {
                crc.update(buffer, 0, n);
                write(out, buffer, n);
                count += n;
                received = count;
            }
        } catch (Failure e) {
            throw why(e);
        }
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static void write(OutputStream out, byte[] buffer, int count) {
        try {
            out.write(buffer, 0, count);
        } catch (IOException e) {
            throw unwritten(e);
        }
    }

    private static Failure unwritten(IOException e) {
        return new Failure("The file could not be written: " + e.getMessage(), null, e);
    }

    /// What the server says of a file that broke off.
    private Failure why(Failure broken) {
        for (var looks = 0; looks < MOST_LOOKS; looks++) {
            JsonNode export;
            try {
                export = server.get().get(ExportList.path(id));
            } catch (Failure e) {
                return broken;
            }
            var cause = export.path("cause");
            if (cause.isObject()) {
                return new Failure(
                        "The export %s failed: %s".formatted(id, cause.path("message").asText()),
                        cause.path("remedy").asText(null),
                        broken);
            }
            if (export.path("state").asText().equals("CANCELLED")) {
                return new Failure("The export %s was cancelled".formatted(id), null, broken);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
        }
        return broken;
    }

    private JsonNode check(String crc) {
        return check(server.get().get(ExportList.path(id)), crc);
    }

    private JsonNode check(JsonNode export, String crc) {
        over = true;
        var bytes = export.path("bytes").asLong();
        if (!export.path("state").asText().equals("SUCCESS")
                || bytes != received
                || !export.path("crc32c").asText().equals(crc)) {
            throw new Failure(
                    "What arrived of the export %s is not what was sent: %d bytes of %d, its CRC-32C is %s"
                            .formatted(id, received, bytes, crc),
                    "Export it again.");
        }
        return export;
    }

    private void show(Watch watch) {
        var api = server.get();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
        while (!over && !Thread.currentThread().isInterrupted()) {
            try {
                watch.exported(() -> api.get(ExportList.path(id)), arrived());
            } catch (Failure e) {
                return; // whoever copies will say it
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
        }
    }

    private long arrived() {
        var file = part;
        try {
            return handed && file != null ? file.size() : received;
        } catch (IOException e) {
            return received;
        }
    }

    private void interrupted() {
        var file = part;
        if (file != null) {
            file.remove();
        }
        try {
            server.get().post(ExportList.path(id) + "/cancel", null);
            terminal.err().printf("%nexport %s cancelled; no file is left.%n", id);
        } catch (Failure e) {
            terminal.err().println();
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException itIsEnding) {
            return;
        }
    }
}
