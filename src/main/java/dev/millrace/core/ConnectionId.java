package dev.millrace.core;

import java.util.UUID;

/// A connection's identity: a UUID inside, its first 8 hex digits outside.
public record ConnectionId(UUID uuid) {
    /// Of the connection `embedded`, which is in no catalog.
    public static final ConnectionId EMBEDDED = new ConnectionId(new UUID(0, 0));

    /// 8 lowercase hex digits, unique in a catalog.
    public String publicId() {
        return uuid.toString().substring(0, 8);
    }

    @Override
    public String toString() {
        return publicId();
    }
}
