package dev.millrace.core;

import java.time.Instant;

/// A named, versioned table schema. Immutable: an update is a new version.
///
/// @param version from 1
/// @param owner the subject of the token that made it
/// @param createdAt when its first version was recorded
public record Model(
        ModelId id,
        String name,
        int version,
        ModelDefinition definition,
        String owner,
        String workspace,
        Instant createdAt) {

    /// The destination table's name, in Millrace's database.
    public String table() {
        var named = definition.table();
        return named != null ? named : "data_" + id.publicId();
    }
}
