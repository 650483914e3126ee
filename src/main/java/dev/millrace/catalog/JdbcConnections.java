package dev.millrace.catalog;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;

/// How the database is reached, each wait with its limit. Thread-safe.
final class JdbcConnections {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    /// A statement ends itself before its socket gives up on it, so that the reason is known.
    private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(20);

    private static final Duration SOCKET_LIMIT = Duration.ofSeconds(30);

    /// A migration may rewrite a table.
    private static final Duration MIGRATION_LIMIT = Duration.ofMinutes(30);

    private final PostgresCatalog.Settings settings;

    JdbcConnections(PostgresCatalog.Settings settings) {
        this.settings = settings;
    }

    /// Brings the database's structure up to date. Flyway holds a lock meanwhile: others that start
    /// at the same time wait, and find it done.
    void migrate() {
        try {
            Flyway.configure()
                    .dataSource(source("millrace-migration", MIGRATION_LIMIT))
                    .locations("classpath:db/migration")
                    .loggers("slf4j")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw Failures.translate("bring the catalog's database %s up to date", settings, e);
        }
    }

    HikariDataSource pool() {
        var config = new HikariConfig();
        config.setPoolName("catalog");
        config.setDataSource(source("millrace", SOCKET_LIMIT));
        config.setMaximumPoolSize(settings.poolSize());
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECT_LIMIT.toMillis());
        config.setValidationTimeout(CONNECT_LIMIT.toMillis() / 2);
        config.setInitializationFailTimeout(-1);
        // plans are made for the values at hand: one that is kept from when a job had ten splits
        // reads all of them when it has 100,000
        config.setConnectionInitSql(
                """
                set statement_timeout = %1$d;
                set lock_timeout = %1$d;
                set idle_in_transaction_session_timeout = %1$d;
                set plan_cache_mode = force_custom_plan
                """
                        .formatted(STATEMENT_LIMIT.toMillis()));
        return new HikariDataSource(config);
    }

    /// A connection of its own, beside the pool.
    ///
    /// @param purpose what PostgreSQL's own lists call it
    /// @param limit the longest that one statement may take
    Connection open(String purpose, Duration limit) throws SQLException {
        return source(purpose, limit.plus(CONNECT_LIMIT)).getConnection();
    }

    private PGSimpleDataSource source(String purpose, Duration limit) {
        var source = new PGSimpleDataSource();
        source.setUrl(settings.jdbcUrl());
        source.setUser(settings.user());
        source.setPassword(settings.password());
        source.setApplicationName(purpose);
        source.setConnectTimeout((int) CONNECT_LIMIT.toSeconds());
        source.setLoginTimeout((int) CONNECT_LIMIT.toSeconds());
        source.setSocketTimeout((int) limit.toSeconds());
        source.setTcpKeepAlive(true);
        return source;
    }
}
