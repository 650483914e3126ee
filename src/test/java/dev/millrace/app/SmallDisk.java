package dev.millrace.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A `millrace up` one of whose folders is a small disk of its own: a tmpfs that only it sees, in a
/// mount namespace that needs no rights. The disk can be filled, and be given room again, from
/// outside.
final class SmallDisk implements AutoCloseable {
    private static final String MOUNT =
            "mkdir -p \"$1\" && mount -t tmpfs -o size=\"$2\" tmpfs \"$1\" && shift 2 && exec \"$@\"";
    private static final List<String> UNSHARE =
            List.of("unshare", "--map-root-user", "--mount", "sh", "-c", MOUNT, "small-disk");

    private final Program program;
    private final ApiClient api;
    private final Path ballast;

    private SmallDisk(Program program, ApiClient api, Path ballast) {
        this.program = program;
        this.api = api;
        this.ballast = ballast;
    }

    /// Whether this machine lets its users have namespaces.
    static boolean isAllowed(Path folder) throws IOException, InterruptedException {
        var command = new ArrayList<>(UNSHARE);
        command.addAll(
                List.of(folder.resolve("try").toString(), "1m", "unshare", "--user", "true"));
        return new ProcessBuilder(command).start().waitFor() == 0;
    }

    /// Starts everything.
    ///
    /// @param name of the folder, below the data folder
    static SmallDisk start(Path folder, String name, int sizeMb)
            throws IOException, InterruptedException {
        var data = folder.resolve("data");
        var small = data.resolve(name);
        var prefix = new ArrayList<>(UNSHARE);
        prefix.addAll(List.of(small.toString(), sizeMb + "m"));
        var program =
                Program.start(
                        folder,
                        prefix,
                        Program.SMALL,
                        Map.of(
                                "MILLRACE_TOKEN_SECRET",
                                ApiClient.SECRET,
                                "MILLRACE_STORE_MIN_FREE",
                                "64MB"),
                        List.of(
                                "up",
                                "--data",
                                data.toString(),
                                "--port",
                                "0",
                                "--clickhouse-port",
                                "0",
                                "--clickhouse-tcp-port",
                                "0",
                                "--kafka-port",
                                "0",
                                "--postgres-port",
                                "0"));
        program.awaitLine("all ready");
        program.awaitLine("Stop with");
        var client = new ObjectMapper().readTree(data.resolve("client.json").toFile());
        var seen = Path.of("/proc", String.valueOf(program.process().pid()), "root");
        return new SmallDisk(
                program,
                new ApiClient(client.get("url").asText()),
                seen.resolve(small.toString().substring(1)).resolve("ballast"));
    }

    ApiClient api() {
        return api;
    }

    /// What it has printed.
    String output() throws IOException {
        return program.output();
    }

    /// Leaves no room at all.
    void fill() throws IOException {
        var zeros = ByteBuffer.allocate(64 << 10);
        try (var file =
                FileChannel.open(ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (true) {
                file.write(zeros.clear());
            }
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) {
                throw full;
            }
        }
    }

    /// Gives back what [#fill] took.
    void makeRoom() throws IOException {
        Files.delete(ballast);
    }

    @Override
    public void close() {
        program.close();
    }
}
