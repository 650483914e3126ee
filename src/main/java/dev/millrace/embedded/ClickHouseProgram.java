package dev.millrace.embedded;

import dev.millrace.embedded.Addresses.ClickHouse;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// ClickHouse: the server that is inside chDB's library, in a JVM of its own ([ClickHouseChild]).
final class ClickHouseProgram implements EngineProgram {
    private static final Duration FIRST_TIME_LIMIT = Duration.ofSeconds(60);

    private static final String CREATE_DATABASES =
            "CREATE DATABASE IF NOT EXISTS %s ENGINE = Atomic; CREATE DATABASE IF NOT EXISTS %s ENGINE = Atomic"
                    .formatted(ClickHouse.DATABASE, ClickHouse.STAGING_DATABASE);

    private final EngineHome home;
    private final Path folder;
    private final ClickHouse address;
    private final boolean defaultUser;

    ClickHouseProgram(EngineHome home, Path folder, ClickHouse address, boolean defaultUser) {
        this.home = home;
        this.folder = folder;
        this.address = address;
        this.defaultUser = defaultUser;
    }

    @Override
    public Engine engine() {
        return Engine.CLICKHOUSE;
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public void prepare(EngineLog log) throws IOException {
        OwnerOnly.folder(folder);
        var configuration = new ClickHouseConfiguration(folder, log.folder(), address);
        OwnerOnly.write(configFile(), configuration.server());
        var created = folder.resolve("databases-created");
        if (!Files.exists(created)) {
            createDatabases(configuration, log);
            Files.createFile(created);
        }
        OwnerOnly.write(usersFile(), configuration.users(defaultUser));
    }

    /// A run of its own, which begins anew when an earlier one was cut short: no table exists yet.
    private void createDatabases(ClickHouseConfiguration configuration, EngineLog log)
            throws IOException {
        OwnerOnly.write(usersFile(), configuration.usersForSetUp());
        var metadata = folder.resolve("data/metadata");
        Files.createDirectories(metadata);
        Files.writeString(metadata.resolve("system.sql"), ClickHouseConfiguration.systemDatabase());
        Command.run(commandLine("--query", CREATE_DATABASES), "", log, FIRST_TIME_LIMIT);
    }

    private Path configFile() {
        return folder.resolve("config.xml");
    }

    private Path usersFile() {
        return folder.resolve("users.xml");
    }

    @Override
    public List<String> command() {
        return commandLine(
                "--interactive",
                "--disable_suggestion",
                "--query",
                "SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP");
    }

    private List<String> commandLine(String... options) {
        var words =
                new ArrayList<>(
                        Command.java(
                                32,
                                List.of("--enable-native-access=ALL-UNNAMED"),
                                home.classes().toString()));
        words.add(ClickHouseChild.class.getName());
        words.add(home.clickhouseLibrary().toString());
        words.add("clickhouse");
        words.add("--config-file=" + configFile());
        words.addAll(List.of(options));
        return words;
    }

    @Override
    public void requireReady() throws IOException {
        requireAlive();
        get("/?query=SELECT%201", "1");
    }

    /// A server that is too busy for another query is alive; one whose listener was stopped, which
    /// anyone may do, is not.
    @Override
    public void requireAlive() throws IOException {
        get("/ping", "Ok.");
        Loopback.connect(address.tcpPort(), ANSWER_LIMIT_MILLIS).close();
    }

    private void get(String path, String expected) throws IOException {
        var connection =
                (HttpURLConnection) URI.create(address.url() + path).toURL().openConnection();
        connection.setConnectTimeout(ANSWER_LIMIT_MILLIS);
        connection.setReadTimeout(ANSWER_LIMIT_MILLIS);
        connection.setRequestProperty("Connection", "close");
        connection.setRequestProperty("X-ClickHouse-User", address.user().user());
        connection.setRequestProperty("X-ClickHouse-Key", address.user().password());
        try (var in = connection.getInputStream()) {
            var answer = new String(in.readNBytes(1000), StandardCharsets.UTF_8).strip();
            if (!answer.equals(expected)) {
                throw new IOException("ClickHouse answered %s to %s".formatted(answer, path));
            }
        }
    }
}
