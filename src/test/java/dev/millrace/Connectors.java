package dev.millrace;

import dev.millrace.catalog.PostgresCatalog;
import dev.millrace.clickhouse.ClickHouseConnector;
import dev.millrace.connect.Connections;
import dev.millrace.connect.Vault;
import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.Connection;
import dev.millrace.core.ConnectionId;
import dev.millrace.core.Connector;
import dev.millrace.core.HostRules;
import dev.millrace.core.S3Reach;
import dev.millrace.s3.S3Connector;
import java.time.Instant;

/// Opens connections of every kind.
public final class Connectors {
    private Connectors() {}

    /// @param rules as the setting `connections.hosts` has them
    public static Connector reaching(String rules) {
        var hosts = HostRules.parse(rules);
        var clickhouse = new ClickHouseConnector(hosts);
        var s3 = new S3Connector(hosts);
        return (reach, secret) ->
                switch (reach) {
                    case ClickHouseReach c -> clickhouse.open(c, secret);
                    case S3Reach s -> s3.open(s, secret);
                };
    }

    /// Connections of a catalog that reach the engines of the tests.
    public static Connections connections(PostgresCatalog catalog) {
        return connections(catalog, "0123456789abcdef".repeat(4));
    }

    /// @param key of the vault
    public static Connections connections(PostgresCatalog catalog, String key) {
        var settings = Engines.clickhouseSettings();
        return new Connections(
                catalog.connections(),
                new Vault(key),
                reaching("127.0.0.1"),
                new Connections.Embedded(
                        new Connection(
                                ConnectionId.EMBEDDED,
                                Connection.EMBEDDED,
                                1,
                                ClickHouseConnector.embeddedReach(settings),
                                "millrace",
                                "default",
                                Instant.EPOCH,
                                Instant.EPOCH),
                        ClickHouseConnector.embedded(settings)));
    }
}
