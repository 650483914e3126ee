package dev.millrace.clickhouse;

import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.Database;
import dev.millrace.core.HostRules;
import dev.millrace.core.Secret;
import java.time.Duration;
import java.util.Set;

/// Opens ClickHouses, as far as the administrator lets them be reached. Thread-safe.
public final class ClickHouseConnector {
    private static final Duration EMBEDDED_LIMIT = Duration.ofMinutes(5);

    private final HostRules rules;

    public ClickHouseConnector(HostRules rules) {
        this.rules = rules;
    }

    /// As [dev.millrace.core.Connector] does.
    public Database open(ClickHouseReach reach, Secret secret) {
        return new RemoteDatabase(reach, secret, rules);
    }

    /// The ClickHouse that Millrace loads into, as its user for queries; the administrator has
    /// named it, so the rules are not asked. Its user for loads looks after what runs.
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
                        settings.stagingDatabase()),
                new RemoteDatabase(
                        reach(settings, settings.writer()),
                        new Secret(settings.writer().password()),
                        HostRules.ALL));
    }

    /// How that one is shown.
    public static ClickHouseReach embeddedReach(ClickHouseSettings settings) {
        return reach(settings, settings.reader());
    }

    private static ClickHouseReach reach(
            ClickHouseSettings settings, ClickHouseSettings.Login login) {
        return new ClickHouseReach(
                settings.endpoint(),
                settings.database(),
                login.user(),
                true,
                null,
                ClickHouseReach.CONNECT_LIMIT,
                EMBEDDED_LIMIT);
    }
}
