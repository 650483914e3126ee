package dev.millrace.clickhouse;

import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.Connection;
import dev.millrace.core.Connector;
import dev.millrace.core.Database;
import dev.millrace.core.HostRules;
import dev.millrace.core.Secret;
import java.time.Duration;
import java.util.Set;

/// Opens ClickHouses, as far as the administrator lets them be reached. Thread-safe.
public final class ClickHouseConnector implements Connector {
    private static final Duration EMBEDDED_LIMIT = Duration.ofMinutes(5);

    private final HostRules rules;

    public ClickHouseConnector(HostRules rules) {
        this.rules = rules;
    }

    @Override
    public Database open(Connection.Reach reach, Secret secret) {
        return switch (reach) {
            case ClickHouseReach c -> new RemoteDatabase(c, secret, rules);
        };
    }

    /// The ClickHouse that Millrace loads into, as its user for queries; the administrator has
    /// named it, so the rules are not asked.
    public static Database embedded(ClickHouseSettings settings) {
        var reach = embeddedReach(settings);
        return new RemoteDatabase(
                reach,
                new Secret(settings.reader().password()),
                RemoteHttp.open(reach, HostRules.ALL),
                Set.of(
                        "system",
                        "information_schema",
                        "INFORMATION_SCHEMA",
                        settings.stagingDatabase()));
    }

    /// How that one is shown.
    public static ClickHouseReach embeddedReach(ClickHouseSettings settings) {
        return new ClickHouseReach(
                settings.endpoint(),
                settings.database(),
                settings.reader().user(),
                true,
                null,
                ClickHouseReach.CONNECT_LIMIT,
                EMBEDDED_LIMIT);
    }
}
