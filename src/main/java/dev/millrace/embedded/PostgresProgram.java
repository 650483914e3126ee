package dev.millrace.embedded;

import dev.millrace.embedded.Addresses.Postgres;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// PostgreSQL, in the foreground below a shell that ends it when Millrace is gone.
final class PostgresProgram implements EngineProgram {
    private static final Path SESSION = Path.of("/usr/bin/setsid");
    private static final Duration FIRST_TIME_LIMIT = Duration.ofSeconds(60);

    /// Runs its arguments, and asks for a fast shutdown when standard input ends.
    private static final String WATCH =
            """
            exec 3<&0
            "$@" </dev/null & engine=$!
            (while read -r _; do :; done; kill -INT $engine) <&3 2>/dev/null & watch=$!
            trap 'kill -INT $engine' TERM
            trap '' INT HUP
            while wait $engine; code=$?; kill -0 $engine 2>/dev/null; do :; done
            kill $watch 2>/dev/null
            exit $code
            """;

    private final EngineHome home;
    private final Path folder;
    private final Postgres address;

    PostgresProgram(EngineHome home, Path folder, Postgres address) {
        this.home = home;
        this.folder = folder;
        this.address = address;
    }

    @Override
    public Engine engine() {
        return Engine.POSTGRES;
    }

    @Override
    public Path folder() {
        return folder;
    }

    private Path data() {
        return folder.resolve("data");
    }

    @Override
    public void prepare(EngineLog log) throws IOException {
        OwnerOnly.folder(folder);
        if (!Files.exists(data())) {
            initialise(log);
        }
        endLeftover();
    }

    /// Makes the cluster beside its place, so that half of one is never taken for one.
    private void initialise(EngineLog log) throws IOException {
        var part = folder.resolve("data.part");
        deleteTree(part);
        var password = folder.resolve("password.part");
        OwnerOnly.write(password, address.user().password());
        Command.run(
                program(
                        "initdb",
                        "--auth=scram-sha-256",
                        "--username=" + address.user().user(),
                        "--pwfile=" + password,
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "-D",
                        part.toString()),
                "",
                log,
                FIRST_TIME_LIMIT);
        Files.delete(password);
        Command.run(
                program("postgres", "--single", "-D", part.toString(), "postgres"),
                "CREATE DATABASE " + address.database() + "\n",
                log,
                FIRST_TIME_LIMIT);
        Files.move(part, data(), StandardCopyOption.ATOMIC_MOVE);
    }

    /// PostgreSQL does not run as root. In a user namespace of its own it sees itself as nobody,
    /// and the files remain those of root.
    private List<String> program(String name, String... args) {
        var words = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) {
            words.addAll(List.of("unshare", "--user"));
        }
        words.add(home.postgresHome().resolve("bin").resolve(name).toString());
        words.addAll(List.of(args));
        return words;
    }

    @Override
    public List<String> command() {
        var words = new ArrayList<String>();
        if (Files.isExecutable(SESSION)) {
            // PostgreSQL heeds Ctrl-C whatever it inherits; in a session of its own it gets none.
            words.add(SESSION.toString());
        }
        words.addAll(List.of("sh", "-c", WATCH, "millrace-engine"));
        words.addAll(
                program(
                        "postgres",
                        "-D",
                        data().toString(),
                        "-p",
                        String.valueOf(address.port()),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "wal_level=logical",
                        "-c",
                        "timezone=UTC"));
        return words;
    }

    @Override
    public ProcessHandle engineProcess(Process started) {
        return postmaster().orElse(started.toHandle());
    }

    /// The process that `postmaster.pid` names, if it is a running PostgreSQL.
    private Optional<ProcessHandle> postmaster() {
        try (Stream<String> lines = Files.lines(data().resolve("postmaster.pid"))) {
            return lines.findFirst()
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)))
                    .filter(p -> p.info().command().orElse("").endsWith("/postgres"));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// A postmaster whose watch was killed together with Millrace still holds the data folder.
    private void endLeftover() throws IOException {
        var leftover = postmaster();
        if (leftover.isEmpty()) {
            Files.deleteIfExists(data().resolve("postmaster.pid"));
            return;
        }
        leftover.get().destroyForcibly();
        try {
            leftover.get().onExit().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("a PostgreSQL of an earlier run does not end", e);
        }
    }

    private static void deleteTree(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (var files = Files.walk(tree)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /// Begins a session as far as being asked for the password (PostgreSQL protocol 3.0: a startup
    /// message is answered with `R`); a server that still starts up or recovers refuses with `E`.
    @Override
    public void requireReady() throws IOException {
        try (var socket = Loopback.connect(address.port(), ANSWER_LIMIT_MILLIS)) {
            var names =
                    "user\0%s\0database\0%s\0\0"
                            .formatted(address.user().user(), address.database())
                            .getBytes(StandardCharsets.UTF_8);
            var out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(names.length + 8);
            out.writeInt(3 << 16);
            out.write(names);
            var answer = new DataInputStream(socket.getInputStream()).readByte();
            if (answer != 'R') {
                throw new IOException("PostgreSQL accepts no sessions yet");
            }
        }
        if (postmaster().isEmpty()) {
            throw new IOException("another PostgreSQL answers at port " + address.port());
        }
    }
}
