package dev.millrace.core;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Connections, and beside them their secrets as they are kept: encrypted.
public interface ConnectionCatalog {
    /// @param request names the request when it may be repeated, or null; a connection that it has
    ///   made, and that is there, is returned in place of a second one
    /// @param secret the secret as it is to be kept, for the identity that the connection gets
    /// @throws MillraceException CONNECTION_EXISTS when the name is another connection's name or
    ///   public id
    Connection create(
            String name,
            Connection.Reach reach,
            String owner,
            @Nullable UUID request,
            Function<ConnectionId, byte[]> secret);

    /// By public id, by UUID or by name, in this order.
    Optional<Connection> find(String idOrName);

    /// Ordered by name, after a name.
    List<Connection> list(@Nullable String afterName, int limit);

    /// The secret of a revision, as it is kept; empty when there is a later one or none.
    Optional<byte[]> secret(ConnectionId id, int revision);

    /// Makes the next revision.
    ///
    /// @param seen the revision that is changed
    /// @param secret the secret as it is to be kept, or null to keep what is there
    /// @throws MillraceException NOT_FOUND; CONNECTION_EXISTS; CONNECTION_CHANGED when that
    ///   revision is no longer the latest
    Connection update(
            ConnectionId id,
            int seen,
            String name,
            Connection.Reach reach,
            byte @Nullable [] secret);

    /// Removes it and its secret. Nothing happens when it is not there.
    void delete(ConnectionId id);
}
