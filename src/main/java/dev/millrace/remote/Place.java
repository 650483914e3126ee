package dev.millrace.remote;

import dev.millrace.core.ErrorCode;
import java.time.Duration;

/// A server that somebody has named, as messages speak of it.
///
/// @param address as it is shown; never with a secret
/// @param host its name
/// @param isSecure whether it is reached by HTTPS
/// @param connectLimit the longest wait for a connection
/// @param answerLimit the longest wait for an answer
/// @param kind what there should be
public record Place(
        String address,
        String host,
        boolean isSecure,
        Duration connectLimit,
        Duration answerLimit,
        Kind kind) {
    /// What a kind of server is called, and what helps to find it.
    ///
    /// @param name with its article
    /// @param strange what it is when something else answers
    /// @param ports what to say of the port
    /// @param tlsPort what to say when there is no TLS at the port
    /// @param remedy what to do when something else answers
    public record Kind(
            String name, ErrorCode strange, String ports, String tlsPort, String remedy) {}
}
