package dev.millrace.core;

import java.util.UUID;

/// A model's identity: a UUID inside, its first 8 hex digits outside.
public record ModelId(UUID uuid) {
    /// 8 lowercase hex digits, unique in a catalog.
    public String publicId() {
        return uuid.toString().substring(0, 8);
    }

    @Override
    public String toString() {
        return publicId();
    }
}
