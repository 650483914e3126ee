package dev.millrace.api;

/// What an `Idempotency-Key` does to a route.
enum Repeat {
    /// Nothing: it changes nothing, or is the same however often it is done.
    FREELY,
    /// The request is done once; its body is read whole, and belongs to what was asked.
    ONCE,
    /// The same, but a body that is not JSON is a source: it is streamed, and only its length
    /// belongs to what was asked.
    ONCE_STREAMED
}
