package dev.millrace.api;

import java.time.Duration;
import java.util.function.Supplier;

/// What watches the API.
///
/// @param metrics the metrics of this process in Prometheus' text format 0.0.4
/// @param requests told of every request that was answered; thread-safe
public record Monitoring(Supplier<String> metrics, Requests requests) {
    /// Counts requests.
    @FunctionalInterface
    public interface Requests {
        /// A request was answered.
        ///
        /// @param method as the client wrote it
        /// @param route the path as the contract writes it, or empty when there is no such route
        /// @param status the answer's status
        void answered(String method, String route, int status, Duration took);
    }
}
