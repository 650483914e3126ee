package dev.millrace.embedded;

import dev.millrace.embedded.Addresses.ClickHouse;
import dev.millrace.embedded.Addresses.Login;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/// What ClickHouse reads at its start: `config.xml` and `users.xml`.
record ClickHouseConfiguration(Path folder, Path logFolder, ClickHouse address) {
    private static final String LOOPBACK = "<networks><ip>127.0.0.1</ip><ip>::1</ip></networks>";
    private static final String READ_TABLES = "SELECT ON %s.*".formatted(ClickHouse.DATABASE);
    private static final String CHANGE_TABLES =
            "SELECT, INSERT, ALTER, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW, TRUNCATE,"
                    + " OPTIMIZE, SHOW, SYSTEM MERGES, SYSTEM TTL MERGES ON %s.*";
    private static final List<String> LOAD =
            List.of(
                    CHANGE_TABLES.formatted(ClickHouse.DATABASE),
                    CHANGE_TABLES.formatted(ClickHouse.STAGING_DATABASE),
                    "SELECT ON system.*",
                    "SELECT ON information_schema.*",
                    "KILL QUERY, SYSTEM FLUSH LOGS ON *.*");

    /// `log-level` is the one that this server obeys, not `logger.level`. System tables want a
    /// grant as any other, since there is a user without a password.
    String server() {
        return """
        <clickhouse>
          <log-level>information</log-level>
          <logger>
            <log>%2$s/clickhouse-server.log</log>
            <errorlog>%2$s/clickhouse-server.err.log</errorlog>
            <size>10M</size><count>3</count>
          </logger>
          <path>%1$s/data/</path>
          <tmp_path>%1$s/data/tmp/</tmp_path>
          <user_files_path>%1$s/data/user_files/</user_files_path>
          <format_schema_path>%1$s/data/format_schemas/</format_schema_path>
          <listen_host>127.0.0.1</listen_host>
          <http_port>%3$d</http_port>
          <tcp_port>%4$d</tcp_port>
          <keep_alive_timeout>30</keep_alive_timeout>
          <shutdown_wait_unfinished>1</shutdown_wait_unfinished>
          <max_concurrent_queries>100</max_concurrent_queries>
          <max_server_memory_usage_to_ram_ratio>0.5</max_server_memory_usage_to_ram_ratio>
          <background_pool_size>4</background_pool_size>
          <background_schedule_pool_size>8</background_schedule_pool_size>
          <mark_cache_size>268435456</mark_cache_size>
          <user_directories><users_xml><path>%1$s/users.xml</path></users_xml></user_directories>
          <access_control_improvements>
            <select_from_system_db_requires_grant>true</select_from_system_db_requires_grant>
            <select_from_information_schema_requires_grant>true</select_from_information_schema_requires_grant>
            <table_engines_require_grant>false</table_engines_require_grant>
          </access_control_improvements>
          <query_log>
            <database>system</database><table>query_log</table>
            <engine>ENGINE = MergeTree PARTITION BY event_date ORDER BY event_time TTL event_date + INTERVAL 3 DAY DELETE</engine>
            <flush_interval_milliseconds>2000</flush_interval_milliseconds>
          </query_log>
        </clickhouse>
        """
                .formatted(
                        folder, logFolder, URI.create(address.url()).getPort(), address.tcpPort());
    }

    /// Declares the database `system` as one on disk. In memory, where this server would have it,
    /// the query log is lost at each start, and its folder then stands in the way of the next one.
    static String systemDatabase() {
        return "ATTACH DATABASE _ UUID '%s' ENGINE = Atomic\n".formatted(UUID.randomUUID());
    }

    /// The users of the very first run, which creates the databases and listens to nobody. (The
    /// session that starts the server is `default`'s, whose database must exist by then.)
    String usersForSetUp() {
        return users(
                "<default><password/>%s<profile>loader</profile><quota>default</quota></default>"
                        .formatted(LOOPBACK));
    }

    /// @param defaultUser whether `default` may read tables; it exists in any case, because the
    ///   server is started in its name
    String users(boolean defaultUser) {
        var start = List.of("SYSTEM LISTEN ON *.*");
        var startAndRead = List.of("SYSTEM LISTEN ON *.*", READ_TABLES);
        return users(
                user(
                                "default",
                                "<password/><default_database>%s</default_database>"
                                        .formatted(ClickHouse.DATABASE),
                                "anonymous",
                                defaultUser ? startAndRead : start)
                        + user(address.user(), "loader", LOAD)
                        + user(address.reader(), "reader", List.of(READ_TABLES)));
    }

    private static String user(Login login, String profile, List<String> grants) {
        var password =
                "<password_sha256_hex>%s</password_sha256_hex><default_database>%s</default_database>"
                        .formatted(Passwords.sha256(login.password()), ClickHouse.DATABASE);
        return user(login.user(), password, profile, grants);
    }

    private static String user(String name, String login, String profile, List<String> grants) {
        var list = new StringBuilder();
        for (var grant : grants) {
            list.append("<query>GRANT ").append(grant).append("</query>");
        }
        return "<%1$s>%2$s%3$s<profile>%4$s</profile><quota>default</quota><grants>%5$s</grants></%1$s>\n"
                .formatted(name, login, LOOPBACK, profile, list);
    }

    /// `reader` may change settings of its queries (formats have many), but not raise its limits.
    /// `default` cannot be read-only, since SYSTEM LISTEN is not allowed then: its grants are what
    /// holds it.
    private static String users(String users) {
        return """
        <clickhouse>
          <profiles>
            <default/>
            <loader><max_memory_usage>0</max_memory_usage></loader>
            <reader>
              <readonly>2</readonly>
              <max_memory_usage>2000000000</max_memory_usage>
              <max_execution_time>300</max_execution_time>
              <constraints>
                <max_memory_usage><max>2000000000</max></max_memory_usage>
                <max_execution_time><min>1</min><max>86400</max></max_execution_time>
              </constraints>
            </reader>
            <anonymous>
              <max_memory_usage>1000000000</max_memory_usage>
              <max_memory_usage_for_user>1500000000</max_memory_usage_for_user>
              <max_execution_time>60</max_execution_time>
              <max_concurrent_queries_for_user>8</max_concurrent_queries_for_user>
              <allow_ddl>0</allow_ddl>
              <constraints>
                <max_memory_usage><readonly/></max_memory_usage>
                <max_memory_usage_for_user><readonly/></max_memory_usage_for_user>
                <max_execution_time><min>1</min><max>60</max></max_execution_time>
                <max_concurrent_queries_for_user><readonly/></max_concurrent_queries_for_user>
                <allow_ddl><readonly/></allow_ddl>
              </constraints>
            </anonymous>
          </profiles>
          <quotas><default/></quotas>
          <users>
        %s  </users>
        </clickhouse>
        """
                .formatted(users);
    }
}
