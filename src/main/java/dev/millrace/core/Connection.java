package dev.millrace.core;

import java.time.Instant;

/// A named, stored way to reach another server. Its secret is not in here, so that nothing that
/// shows a connection can show it. Immutable: an update is a new revision.
///
/// @param revision from 1
/// @param owner the subject of the token that made it
public record Connection(
        ConnectionId id,
        String name,
        int revision,
        Reach reach,
        String owner,
        String workspace,
        Instant createdAt,
        Instant updatedAt) {
    /// The name of the connection to the ClickHouse that Millrace loads into.
    public static final String EMBEDDED = "embedded";

    /// Whether it is the one that nobody has made, and nobody can change.
    public boolean isEmbedded() {
        return id.equals(ConnectionId.EMBEDDED);
    }

    /// How one kind of server is reached.
    public sealed interface Reach permits ClickHouseReach, S3Reach {
        /// Whether there is a secret.
        boolean hasSecret();

        /// Whether a secret goes to the same server, by the same way, and as the same user's.
        boolean isWayOf(Reach before);
    }
}
