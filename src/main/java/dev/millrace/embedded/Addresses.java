package dev.millrace.embedded;

/// How the engines are reached. All are on 127.0.0.1.
public final class Addresses {
    private Addresses() {}

    /// @param tcpPort the port of ClickHouse's own protocol
    /// @param user may do in the databases `millrace` and `millrace_staging` what a loader does
    /// @param reader may read the database `millrace`
    public record ClickHouse(String url, int tcpPort, Login user, Login reader) {
        /// The database of the tables that users see.
        public static final String DATABASE = "millrace";

        /// The database of rows that are not published.
        public static final String STAGING_DATABASE = "millrace_staging";
    }

    /// @param bootstrapServers as Kafka clients take it
    public record Kafka(String bootstrapServers) {}

    public record Postgres(String host, int port, String database, Login user) {
        public String jdbcUrl() {
            return "jdbc:postgresql://%s:%d/%s".formatted(host, port, database);
        }
    }

    /// A name and its password, which [#toString] hides.
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return user + ":***";
        }
    }
}
