package dev.millrace.connect;

import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.Connection;
import dev.millrace.core.ConnectionCatalog;
import dev.millrace.core.ConnectionId;
import dev.millrace.core.Connector;
import dev.millrace.core.Database;
import dev.millrace.core.Databases;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ObjectStore;
import dev.millrace.core.ObjectStores;
import dev.millrace.core.Remote;
import dev.millrace.core.S3Reach;
import dev.millrace.core.Secret;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes, changes and removes connections, and opens them. What is open is kept until the
/// connection changes, in this process or another: each use asks the catalog. Thread-safe.
public final class Connections implements Databases, ObjectStores, AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,127}");

    private final ConnectionCatalog catalog;
    private final Vault vault;
    private final Connector connector;
    private final Embedded embedded;
    private final Map<ConnectionId, Kept> open = new HashMap<>();

    /// @param connection as it is shown
    /// @param database what it leads to; not closed here
    public record Embedded(Connection connection, Database database) {}

    private record Kept(int revision, Remote remote) {}

    public Connections(
            ConnectionCatalog catalog, Vault vault, Connector connector, Embedded embedded) {
        this.catalog = catalog;
        this.vault = vault;
        this.connector = connector;
        this.embedded = embedded;
    }

    /// @param reach whose `hasSecret` is whether the secret is not empty
    /// @param request names the request when it may be repeated, or null; it makes one connection
    ///   however often it is
    /// @throws MillraceException INVALID_CONNECTION, CONNECTION_EXISTS
    public Connection create(
            String name,
            Connection.Reach reach,
            Secret secret,
            String owner,
            @Nullable UUID request) {
        check(name, reach, secret);
        return catalog.create(name, reach, owner, request, id -> vault.seal(id, secret));
    }

    /// Opens what a connection would lead to, to find what is wrong with it before it is stored.
    private void check(String name, Connection.Reach reach, Secret secret) {
        if (!NAME.matcher(name).matches()) {
            throw new MillraceException(
                    ErrorCode.INVALID_CONNECTION,
                    "'%s' cannot name a connection".formatted(name),
                    "Use 1 to 128 letters, digits, spaces, '.', '_' and '-', beginning with a"
                            + " letter or digit.",
                    null);
        }
        if (name.equals(Connection.EMBEDDED)) {
            throw fixed();
        }
        connector.open(reach, secret).close();
    }

    /// By public id or name.
    ///
    /// @throws MillraceException NOT_FOUND
    public Connection find(String idOrName) {
        var own = embedded.connection();
        if (Stream.of(own.name(), own.id().publicId(), own.id().uuid().toString())
                .anyMatch(idOrName::equals)) {
            return own;
        }
        return catalog.find(idOrName)
                .orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.NOT_FOUND,
                                "There is no connection '%s'".formatted(idOrName),
                                "millrace connection list shows the connections.",
                                null));
    }

    /// `embedded`, and then the others by name, after a name.
    public List<Connection> list(@Nullable String afterName, int limit) {
        if (afterName == null) {
            return Stream.concat(
                            Stream.of(embedded.connection()),
                            catalog.list(null, limit - 1).stream())
                    .toList();
        }
        return catalog.list(afterName.equals(Connection.EMBEDDED) ? null : afterName, limit);
    }

    /// @param secret null to keep the one that is there, which is refused when it would go to
    ///   another server, by another way, or as another user's
    /// @throws MillraceException NOT_FOUND, INVALID_CONNECTION, CONNECTION_EXISTS,
    ///   CONNECTION_FIXED, CONNECTION_CHANGED
    public Connection update(
            Connection present, String name, Connection.Reach reach, @Nullable Secret secret) {
        if (present.isEmbedded()) {
            throw fixed();
        }
        if (secret == null) {
            requireSameWay(present.reach(), reach);
        }
        check(name, reach, secret == null ? secret(present) : secret);
        return catalog.update(
                present.id(),
                present.revision(),
                name,
                reach,
                secret == null ? null : vault.seal(present.id(), secret));
    }

    private static void requireSameWay(Connection.Reach before, Connection.Reach after) {
        if (before.hasSecret() && !after.isWayOf(before)) {
            throw new MillraceException(
                    ErrorCode.INVALID_CONNECTION,
                    "With another URL, user or CA the connection needs its password, token or secret key"
                            + " again",
                    "A stored secret goes only where it was meant to go. Send it with the change.",
                    null);
        }
    }

    /// @return the connection as it was
    /// @throws MillraceException NOT_FOUND, CONNECTION_FIXED
    public Connection delete(String idOrName) {
        var connection = find(idOrName);
        if (connection.isEmbedded()) {
            throw fixed();
        }
        catalog.delete(connection.id());
        forget(connection.id());
        return connection;
    }

    private static MillraceException fixed() {
        return new MillraceException(
                ErrorCode.CONNECTION_FIXED,
                "The connection 'embedded' leads to the ClickHouse that Millrace loads into, and is"
                        + " not made, changed or deleted",
                "The server's settings say where that is; make a connection of another name.",
                null);
    }

    @Override
    public Database get(String idOrName) {
        var connection = find(idOrName);
        if (remote(connection) instanceof Database database) {
            return database;
        }
        throw otherKind(connection, "an S3", "a ClickHouse");
    }

    @Override
    public Opened objects(String idOrName) {
        var connection = find(idOrName);
        if (remote(connection) instanceof ObjectStore objects) {
            return new Opened(connection.id(), objects);
        }
        throw otherKind(connection, "a ClickHouse", "an S3");
    }

    private static MillraceException otherKind(Connection connection, String is, String wanted) {
        return new MillraceException(
                ErrorCode.CONNECTION_KIND,
                "The connection '%s' leads to %s; this takes one to %s"
                        .formatted(connection.name(), is, wanted),
                "millrace connection list shows the connections and their kinds.",
                null);
    }

    /// What a connection leads to; not to be closed by the caller.
    private Remote remote(Connection connection) {
        if (connection.isEmbedded()) {
            return embedded.database();
        }
        synchronized (open) {
            var known = open.get(connection.id());
            if (known != null && known.revision() == connection.revision()) {
                return known.remote();
            }
        }
        var secret = secret(connection);
        var remote =
                switch (connection.reach()) {
                    case ClickHouseReach reach ->
                            new LastingDatabase(() -> database(reach, secret));
                    case S3Reach reach -> connector.open(reach, secret);
                };
        synchronized (open) {
            var before = open.put(connection.id(), new Kept(connection.revision(), remote));
            if (before != null) {
                before.remote().close();
            }
        }
        return remote;
    }

    /// What would be reached by a connection that nobody keeps.
    ///
    /// @return to be closed by the caller
    /// @throws MillraceException INVALID_CONNECTION
    public Database visit(ClickHouseReach reach, Secret secret) {
        return database(reach, secret);
    }

    private Database database(ClickHouseReach reach, Secret secret) {
        return switch (connector.open(reach, secret)) {
            case Database database -> database;
            case ObjectStore _ -> throw new IllegalStateException("an S3 behind " + reach.url());
        };
    }

    private Secret secret(Connection connection) {
        var sealed = catalog.secret(connection.id(), connection.revision());
        return vault.open(
                connection.id(),
                sealed.orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.CONNECTION_CHANGED,
                                "The connection '%s' was changed or deleted meanwhile"
                                        .formatted(connection.name()),
                                "Try again.",
                                null)));
    }

    private void forget(ConnectionId id) {
        synchronized (open) {
            var before = open.remove(id);
            if (before != null) {
                before.remote().close();
            }
        }
    }

    @Override
    public void close() {
        synchronized (open) {
            open.values().forEach(each -> each.remote().close());
            open.clear();
        }
    }
}
