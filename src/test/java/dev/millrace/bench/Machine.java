package dev.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// What a result was measured on, and with which settings: figures mean nothing without it.
record Machine(
        String processor,
        int cores,
        long memoryBytes,
        String system,
        String millrace,
        String clickhouse,
        String postgres,
        String java,
        String curl,
        List<String> flags,
        String clickhouseDurability,
        String postgresDurability) {

    static Machine of(OwnMillrace millrace) throws IOException, InterruptedException {
        var postgres = postgres(millrace);
        return new Machine(
                value("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                Long.parseLong(value("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) * 1024,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                firstLine("./millrace", "--version").replace("millrace ", ""),
                millrace.clickhouse().run("SELECT version()"),
                postgres.getFirst(),
                Runtime.version().toString(),
                firstLine("curl", "--version").split(" ", 3)[1],
                Processes.of(millrace).flags(),
                millrace.clickhouse()
                        .run(
                                "SELECT arrayStringConcat(groupArray(name || '=' || value), ', ')"
                                        + " FROM system.merge_tree_settings WHERE name IN"
                                        + " ('fsync_after_insert', 'fsync_part_directory')"),
                postgres.getLast());
    }

    /// The same in words, each with what it is about.
    SequencedMap<String, String> described() {
        var items = new LinkedHashMap<String, String>();
        items.put(
                "Machine",
                String.format(
                        Locale.ROOT,
                        "%s, %d cores, %.0f GB; %s",
                        processor,
                        cores,
                        memoryBytes / 1e9,
                        system));
        items.put(
                "Versions",
                "Millrace %s, ClickHouse %s, PostgreSQL %s, Java %s, curl %s"
                        .formatted(millrace, clickhouse, postgres, java, curl));
        items.put("Flags", String.join(" ", flags));
        return items;
    }

    /// Its version, and its settings of durability.
    private static List<String> postgres(OwnMillrace millrace) throws IOException {
        var address = millrace.postgres();
        try (var connection =
                        DriverManager.getConnection(
                                address.get("jdbcUrl").asText(),
                                address.get("user").asText(),
                                address.get("password").asText());
                var asked = connection.createStatement();
                var row =
                        asked.executeQuery(
                                "select current_setting('server_version'), 'fsync='"
                                        + " || current_setting('fsync') || ', synchronous_commit='"
                                        + " || current_setting('synchronous_commit')")) {
            row.next();
            return List.of(row.getString(1), row.getString(2));
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private static String value(String file, String name) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }

    private static String firstLine(String... command) throws IOException {
        try (var out = new ProcessBuilder(command).start().inputReader()) {
            var line = out.readLine();
            return line == null ? "unknown" : line;
        }
    }
}
