package dev.millrace.app;

import org.jspecify.annotations.Nullable;

/// Where the three engines are, embedded or the user's own, and how to get in.
///
/// @param kafka bootstrap servers
record EngineAddresses(ClickHouse clickhouse, String kafka, Postgres postgres) {
    /// @param url the HTTP interface, such as `http://127.0.0.1:8123`
    /// @param tcpPort the native interface, or -1 when unknown
    /// @param readerUser who answers users' queries, or empty when nobody does
    record ClickHouse(
            String url,
            int tcpPort,
            String user,
            String password,
            String readerUser,
            String readerPassword) {}

    /// @param jdbcUrl such as `jdbc:postgresql://127.0.0.1:5432/millrace`
    record Postgres(String jdbcUrl, String user, String password) {}

    /// What is known from the settings alone; null stands for an engine that nobody named.
    record Named(
            @Nullable ClickHouse clickhouse, @Nullable String kafka, @Nullable Postgres postgres) {
        private static final int MAX_PORT = 65_535;

        /// Reads the addresses from the settings.
        static Named of(Settings settings) {
            return new Named(clickhouse(settings), kafka(settings), postgres(settings));
        }

        private static @Nullable ClickHouse clickhouse(Settings settings) {
            var url = settings.text(Setting.CLICKHOUSE_URL);
            var host = settings.text(Setting.CLICKHOUSE_HOST);
            if (url.isEmpty() && host.isEmpty()) {
                return null;
            }
            var user = settings.text(Setting.CLICKHOUSE_USER);
            var password = settings.text(Setting.CLICKHOUSE_PASSWORD);
            var reader = settings.text(Setting.CLICKHOUSE_READER_USER);
            return new ClickHouse(
                    url.isEmpty()
                            ? "http://%s:%d"
                                    .formatted(
                                            host,
                                            settings.number(Setting.CLICKHOUSE_PORT, 1, MAX_PORT))
                            : url,
                    -1,
                    user,
                    password,
                    reader,
                    settings.text(Setting.CLICKHOUSE_READER_PASSWORD));
        }

        private static @Nullable String kafka(Settings settings) {
            var bootstrap = settings.text(Setting.KAFKA_BOOTSTRAP);
            return bootstrap.isEmpty() ? null : bootstrap;
        }

        private static @Nullable Postgres postgres(Settings settings) {
            var url = settings.text(Setting.POSTGRES_URL);
            var host = settings.text(Setting.POSTGRES_HOST);
            if (url.isEmpty() && host.isEmpty()) {
                return null;
            }
            return new Postgres(
                    url.isEmpty()
                            ? "jdbc:postgresql://%s:%d/%s"
                                    .formatted(
                                            host,
                                            settings.number(Setting.POSTGRES_PORT, 1, MAX_PORT),
                                            settings.text(Setting.POSTGRES_DATABASE))
                            : url,
                    settings.text(Setting.POSTGRES_USER),
                    settings.text(Setting.POSTGRES_PASSWORD));
        }
    }
}
