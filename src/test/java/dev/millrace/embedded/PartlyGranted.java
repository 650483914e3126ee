package dev.millrace.embedded;

import dev.millrace.embedded.Addresses.ClickHouse;
import dev.millrace.embedded.Addresses.Login;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A ClickHouse of a test's own with one user more, whose grants the test says. Closing it stops
/// it.
public final class PartlyGranted implements AutoCloseable {
    public static final String PASSWORD = "granted-pass-7d1";

    private final ClickHouse address;
    private final Supervisor supervisor;

    /// @param user the user's name
    /// @param grants such as `SELECT(a) ON shop.orders`
    public PartlyGranted(Path data, String user, List<String> grants) throws IOException {
        try (var ports = new PortChoice(data.resolve("ports.properties"))) {
            address =
                    new ClickHouse(
                            "http://127.0.0.1:" + ports.choose("clickhouse", 0),
                            ports.choose("clickhouse-tcp", 0),
                            new Login("millrace", "loader-pass"),
                            new Login("reader", "reader-pass"));
        }
        var real =
                new ClickHouseProgram(EngineHome.find(), data.resolve("clickhouse"), address, true);
        supervisor =
                new Supervisor(
                        new OneMore(real, user, grants),
                        new EngineLog(data.resolve("logs").resolve("clickhouse.log")));
        supervisor.start();
    }

    public String url() {
        return address.url();
    }

    /// Runs a statement as the user who loads.
    public String run(String sql) {
        return new ClickHouseHttp(address.url(), address.user()).run(sql);
    }

    @Override
    public void close() {
        supervisor.close();
    }

    private record OneMore(ClickHouseProgram real, String user, List<String> grants)
            implements EngineProgram {
        @Override
        public Engine engine() {
            return real.engine();
        }

        @Override
        public void prepare(EngineLog log) throws IOException {
            real.prepare(log);
            var queries = new StringBuilder();
            grants.forEach(
                    grant -> queries.append("<query>GRANT ").append(grant).append("</query>"));
            var users = real.folder().resolve("users.xml");
            Files.writeString(
                    users,
                    Files.readString(users)
                            .replace(
                                    "</users>",
                                    ("<%1$s><password>%2$s</password><networks><ip>127.0.0.1</ip></networks>"
                                                    + "<profile>default</profile><quota>default</quota>"
                                                    + "<grants>%3$s</grants></%1$s></users>")
                                            .formatted(user, PASSWORD, queries)));
        }

        @Override
        public List<String> command() {
            return real.command();
        }

        @Override
        public void requireReady() throws IOException {
            real.requireReady();
        }

        @Override
        public Path folder() {
            return real.folder();
        }
    }
}
