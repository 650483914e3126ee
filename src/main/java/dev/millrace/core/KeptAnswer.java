package dev.millrace.core;

import org.jspecify.annotations.Nullable;

/// An answer that is kept to be given again. The body belongs to whoever holds the record; nobody
/// changes it.
///
/// @param status the HTTP status
/// @param contentType the media type of the body
/// @param location where the thing is that was made or changed, or null
/// @param tag the version of that thing, as an entity tag, or null
public record KeptAnswer(
        int status,
        @Nullable String contentType,
        @Nullable String location,
        @Nullable String tag,
        byte[] body) {}
