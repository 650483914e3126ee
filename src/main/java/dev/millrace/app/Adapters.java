package dev.millrace.app;

import dev.millrace.catalog.PostgresCatalog;
import dev.millrace.clickhouse.ClickHouseConnection;
import dev.millrace.clickhouse.ClickHouseConnector;
import dev.millrace.clickhouse.ClickHouseQueries;
import dev.millrace.clickhouse.ClickHouseSettings;
import dev.millrace.clickhouse.ClickHouseSink;
import dev.millrace.connect.Connections;
import dev.millrace.core.Connection;
import dev.millrace.core.ConnectionId;
import dev.millrace.core.Database;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.QueryEngine;
import dev.millrace.core.Store;
import dev.millrace.jobs.Owner;
import dev.millrace.kafka.KafkaSplitQueue;
import dev.millrace.metrics.Metrics;
import dev.millrace.store.LocalStore;
import dev.millrace.store.RecentObjects;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The outside systems, connected, and the metrics of this process: what a server and a worker both
/// stand on.
record Adapters(
        PostgresCatalog catalog,
        Store store,
        KafkaSplitQueue queue,
        ClickHouseConnection clickhouse,
        ClickHouseSink sink,
        Metrics metrics,
        ClickHouseSettings clickhouseSettings,
        Database embeddedDatabase,
        @Nullable ClickHouseQueries queries)
        implements AutoCloseable {
    /// The share of the heap for splits that wait in memory for a worker of the same process.
    private static final int RECENT_SHARE = 8;

    /// The share of what must stay free beside new sources that not even the splits of those may
    /// take that were taken in before: engines on the same disk live from it.
    private static final int STORE_SHARE = 4;

    /// Owner and renewer, a connection for every request that waits for one, the workers.
    private static final int CATALOG_CONNECTIONS = 10;

    static Adapters open(EngineAddresses engines, Start start) {
        var postgres = engines.postgres();
        var settings = settings(engines.clickhouse());
        var clickhouse = new ClickHouseConnection(settings);
        var catalog =
                PostgresCatalog.open(
                        new PostgresCatalog.Settings(
                                postgres.jdbcUrl(),
                                postgres.user(),
                                postgres.password(),
                                CATALOG_CONNECTIONS),
                        start.uploadExpiry());
        return new Adapters(
                catalog,
                new RecentObjects(
                        LocalStore.open(
                                start.store(), start.uploads().reserveBytes() / STORE_SHARE),
                        Runtime.getRuntime().maxMemory() / RECENT_SHARE),
                new KafkaSplitQueue(start.queue(engines.kafka())),
                clickhouse,
                new ClickHouseSink(clickhouse),
                new Metrics(catalog::check, catalog::backlog),
                settings,
                ClickHouseConnector.embedded(settings),
                engines.clickhouse().readerUser().isEmpty()
                        ? null
                        : new ClickHouseQueries(clickhouse));
    }

    private static ClickHouseSettings settings(EngineAddresses.ClickHouse address) {
        return ClickHouseSettings.of(
                URI.create(address.url()),
                new ClickHouseSettings.Login(address.user(), address.password()),
                new ClickHouseSettings.Login(address.readerUser(), address.readerPassword()));
    }

    /// What answers users' queries. Without a user who may only read, nothing does: the user who
    /// loads could read rows that are not published.
    QueryEngine queryEngine() {
        if (queries != null) {
            return queries;
        }
        return (sql, format, out) -> {
            throw new MillraceException(
                    ErrorCode.QUERY_REFUSED,
                    "This Millrace has no ClickHouse user for queries",
                    "Set clickhouse.readerUser and clickhouse.readerPassword to one who may only"
                            + " read.",
                    null);
        };
    }

    /// The connection that nobody has made.
    Connections.Embedded embedded() {
        return new Connections.Embedded(
                new Connection(
                        ConnectionId.EMBEDDED,
                        Connection.EMBEDDED,
                        1,
                        ClickHouseConnector.embeddedReach(clickhouseSettings),
                        "millrace",
                        "default",
                        Instant.EPOCH,
                        Instant.EPOCH),
                embeddedDatabase);
    }

    /// What a job's owner works on.
    Owner.Destination destination() {
        return new Owner.Destination(store, queue, sink);
    }

    /// How each of them is asked whether it answers.
    Map<String, Runnable> checks() {
        var checks = new LinkedHashMap<String, Runnable>();
        checks.put("clickhouse", sink::check);
        checks.put("kafka", queue::check);
        checks.put("postgres", catalog::check);
        checks.put("store", store::check);
        return checks;
    }

    @Override
    public void close() {
        metrics.close();
        queue.close();
        if (queries != null) {
            queries.close();
        }
        embeddedDatabase.close();
        clickhouse.close();
        catalog.close();
    }
}
