package dev.millrace.core;

import java.util.UUID;

/// A request that its sender may repeat, and wants to be done once.
///
/// @param subject who asks
/// @param key what the sender calls the request; another subject's key of that name is another
/// @param fingerprint SHA-256, in hex, of what is asked: a key stands for one request only
public record KeyedRequest(String subject, String key, String fingerprint) {
    /// What is known of a request when it comes.
    public sealed interface Known {}

    /// That whoever asked does it now.
    ///
    /// @param request names the request, however often it is begun: what it makes is made once for
    ///   this name
    /// @param term rises each time that it is begun, from 1: what is said of an earlier one is
    ///   refused
    public record Turn(UUID request, int term) implements Known {}

    /// That it is being done.
    public record Running() implements Known {}

    /// That the key stands for another request.
    public record Other() implements Known {}

    /// That it was done.
    public record Answered(KeptAnswer answer) implements Known {}
}
