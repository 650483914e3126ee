package dev.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Engines;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.DriverManager;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/// Each engine answers its own client.
class EnginesStartTest {
    @Test
    void clickhouseAnswersItsUserOverHttp() throws Exception {
        var address = Engines.clickhouse();
        try (var http = HttpClient.newHttpClient()) {
            var answer =
                    http.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    address.url()
                                                            + "/?query=SELECT%20currentUser(),timezone(),currentDatabase()"))
                                    .header("X-ClickHouse-User", address.user().user())
                                    .header("X-ClickHouse-Key", address.user().password())
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("millrace\tUTC\tmillrace\n");
        }
    }

    @Test
    void kafkaHasOneBroker() throws Exception {
        try (var admin =
                Admin.create(Map.of("bootstrap.servers", Engines.kafka().bootstrapServers()))) {
            assertThat(admin.describeCluster().nodes().get(10, TimeUnit.SECONDS)).hasSize(1);
        }
    }

    @Test
    void postgresKeepsTheLogThatReplicationReads() throws Exception {
        var address = Engines.postgres();
        try (var connection =
                        DriverManager.getConnection(
                                address.jdbcUrl(),
                                address.user().user(),
                                address.user().password());
                var rows =
                        connection
                                .createStatement()
                                .executeQuery(
                                        "SELECT current_setting('wal_level') || current_setting('fsync')")) {
            rows.next();
            assertThat(rows.getString(1)).isEqualTo("logicalon");
        }
    }
}
