package dev.millrace.app;

import dev.millrace.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Servers and workers of a test's own, as processes, on the shared engines: with a catalog
/// database, a topic and a data folder that nobody else uses.
final class Site implements AutoCloseable {
    private static final Pattern URL = Pattern.compile("serves at (http://\\S+)");

    /// How a process ends that a crash point has halted.
    static final int CRASHED = 137;

    private final Path folder;
    private final List<String> flags;
    private final Map<String, String> environment = new HashMap<>();
    private final List<Program> programs = new ArrayList<>();

    Site(Path folder) {
        this(folder, Program.SMALL);
    }

    /// @param flags of the programs' JVMs
    Site(Path folder, List<String> flags) {
        this.folder = folder;
        this.flags = flags;
        var database = Engines.newDatabase("site");
        var login = Engines.postgres().user();
        var clickhouse = Engines.clickhouse();
        environment.put("MILLRACE_DATA", folder.resolve("data").toString());
        environment.put("MILLRACE_HTTP_PORT", "0");
        environment.put("MILLRACE_METRICS_PORT", "0");
        environment.put("MILLRACE_TOKEN_SECRET", ApiClient.SECRET);
        environment.put("MILLRACE_CLICKHOUSE_URL", clickhouse.url());
        environment.put("MILLRACE_CLICKHOUSE_USER", clickhouse.user().user());
        environment.put("MILLRACE_CLICKHOUSE_PASSWORD", clickhouse.user().password());
        environment.put("MILLRACE_CLICKHOUSE_READER_USER", clickhouse.reader().user());
        environment.put("MILLRACE_CLICKHOUSE_READER_PASSWORD", clickhouse.reader().password());
        environment.put("MILLRACE_KAFKA_BOOTSTRAP", Engines.kafka().bootstrapServers());
        environment.put("MILLRACE_KAFKA_TOPIC", "site_" + UUID.randomUUID());
        environment.put("MILLRACE_POSTGRES_URL", database);
        environment.put("MILLRACE_POSTGRES_USER", login.user());
        environment.put("MILLRACE_POSTGRES_PASSWORD", login.password());
    }

    /// Starts `millrace serve` and waits until it answers.
    Server serve(Map<String, String> more) throws IOException, InterruptedException {
        var program = start(more, List.of("serve"));
        return server(program, program.awaitLine("serves at"));
    }

    /// Starts `millrace serve` where it is to die at a point.
    ///
    /// @return empty when it has died before it answered
    Optional<Server> serveUntil(String crashPoint) throws IOException, InterruptedException {
        var program = start(Map.of("MILLRACE_CRASH_AT", crashPoint), List.of("serve"));
        var printed = program.awaitLineOrEnd("serves at");
        if (printed.isEmpty() && program.awaitExit() != CRASHED) {
            throw new AssertionError(program.output());
        }
        return printed.map(p -> server(program, p));
    }

    private static Server server(Program program, String printed) {
        var url = URL.matcher(printed);
        if (!url.find()) {
            throw new AssertionError(printed);
        }
        return new Server(program, new ApiClient(url.group(1)));
    }

    /// Starts `millrace worker` and waits until it is ready to load.
    Program work(String name, Map<String, String> more) throws IOException, InterruptedException {
        var program = start(more, List.of("worker", "--name", name, "--threads", "1"));
        program.awaitLine("splits at a time");
        return program;
    }

    /// Starts a command that asks a server.
    Program command(ApiClient api, String... arguments) throws IOException {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(api.options());
        return start(Map.of(), all);
    }

    /// Runs a statement in the catalog, behind its back.
    void sql(String statement) throws SQLException {
        try (var connection = connect();
                var change = connection.createStatement()) {
            change.execute(statement);
        }
    }

    /// Whether the catalog has a row that a query finds.
    boolean has(String query) throws SQLException {
        try (var connection = connect();
                var asked = connection.createStatement();
                var rows = asked.executeQuery(query)) {
            return rows.next();
        }
    }

    /// A session of the catalog's database, past Millrace.
    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                environment.get("MILLRACE_POSTGRES_URL"),
                environment.get("MILLRACE_POSTGRES_USER"),
                environment.get("MILLRACE_POSTGRES_PASSWORD"));
    }

    /// The jobs, by UUID, of which splits are stored.
    Set<String> storedJobs() throws IOException {
        var splits = folder.resolve("data").resolve("store").resolve("splits");
        if (!Files.exists(splits)) {
            return Set.of();
        }
        try (var jobs = Files.list(splits)) {
            return jobs.map(j -> j.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    /// Starts a command, and does not wait for anything.
    Program start(Map<String, String> more, List<String> arguments) throws IOException {
        var all = new HashMap<>(environment);
        all.putAll(more);
        var program = Program.start(folder, flags, all, arguments);
        programs.add(program);
        return program;
    }

    /// A server and how to talk to it.
    record Server(Program program, ApiClient api) {}

    @Override
    public void close() {
        programs.forEach(Program::close);
    }
}
