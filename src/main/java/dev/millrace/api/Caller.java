package dev.millrace.api;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who asks, as a token says it.
///
/// @param subject who owns what is made; not blank
/// @param scopes what the token may be used for; none when it names no scope that there is
/// @param until when the token expires, or null
record Caller(String subject, Set<Scope> scopes, @Nullable Instant until) {
    Caller {
        scopes = Set.copyOf(scopes);
    }
}
