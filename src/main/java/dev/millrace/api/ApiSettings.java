package dev.millrace.api;

import java.time.Duration;

/// Where the API listens and whom it trusts.
///
/// @param host the address to listen on
/// @param port the port to listen on, or 0 for a free one
/// @param tokenSecret what tokens are signed with, at least [Tokens#MIN_SECRET_BYTES] long
/// @param drainLimit how long running requests, uploads above all, may go on after [Api#close]
public record ApiSettings(String host, int port, String tokenSecret, Duration drainLimit) {
    /// The address of the loopback interface, which is where Millrace listens unless told
    /// otherwise.
    public static final String LOOPBACK = "127.0.0.1";

    /// Without the secret, so that it can be logged.
    @Override
    public String toString() {
        return "ApiSettings[host=%s, port=%d, drainLimit=%s]".formatted(host, port, drainLimit);
    }
}
