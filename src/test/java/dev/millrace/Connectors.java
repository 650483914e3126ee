package dev.millrace;

import dev.millrace.clickhouse.ClickHouseConnector;
import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.Connector;
import dev.millrace.core.HostRules;
import dev.millrace.core.S3Reach;
import dev.millrace.s3.S3Connector;

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
}
