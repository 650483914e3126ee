package dev.millrace.api;

import java.util.Set;

/// Who asks, as a token says it.
///
/// @param subject who owns what is made; not blank
/// @param scopes what the token may be used for; none when it names no scope that there is
record Caller(String subject, Set<Scope> scopes) {
    Caller {
        scopes = Set.copyOf(scopes);
    }
}
