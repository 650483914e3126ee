package dev.millrace.app;

import dev.millrace.embedded.EmbeddedEngines;
import org.jspecify.annotations.Nullable;

/// Fills the addresses that the settings leave open with those of the embedded engines.
final class EmbeddedAddresses {
    private EmbeddedAddresses() {}

    /// @param engines runs every engine that `named` lacks; null when it lacks none
    static EngineAddresses complete(
            EngineAddresses.Named named, @Nullable EmbeddedEngines engines) {
        return new EngineAddresses(
                named.clickhouse() != null ? named.clickhouse() : clickhouse(running(engines)),
                named.kafka() != null ? named.kafka() : running(engines).kafka().bootstrapServers(),
                named.postgres() != null ? named.postgres() : postgres(running(engines)));
    }

    private static EmbeddedEngines running(@Nullable EmbeddedEngines engines) {
        if (engines == null) {
            throw new IllegalStateException("an engine is neither named nor embedded");
        }
        return engines;
    }

    private static EngineAddresses.ClickHouse clickhouse(EmbeddedEngines engines) {
        var address = engines.clickhouse();
        return new EngineAddresses.ClickHouse(
                address.url(),
                address.tcpPort(),
                address.user().user(),
                address.user().password(),
                address.reader().user(),
                address.reader().password());
    }

    private static EngineAddresses.Postgres postgres(EmbeddedEngines engines) {
        var address = engines.postgres();
        return new EngineAddresses.Postgres(
                address.jdbcUrl(), address.user().user(), address.user().password());
    }
}
