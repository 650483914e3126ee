package dev.millrace.api;

import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What watches the API.
///
/// @param metrics the metrics of this process as text
/// @param mediaType that text's
/// @param requests told of every request that was answered; thread-safe
/// @param streams told 1 when a stream of events begins and -1 when it ends; thread-safe
public record Monitoring(
        Supplier<String> metrics, String mediaType, Requests requests, IntConsumer streams) {
    /// Set of a request that is to wait for something.
    static final String WAITS = "millrace.waits";

    /// Counts requests.
    @FunctionalInterface
    public interface Requests {
        /// A request was answered.
        ///
        /// @param method as the client wrote it
        /// @param route the path as the contract writes it, or empty when there is no such route
        /// @param status the answer's status; 0 when it failed after it had begun, 499 when its
        ///   client had gone
        /// @param took from the request's begin to the answer's end; null when it was to wait for
        ///   something, so that it says nothing of the server
        void answered(String method, String route, int status, @Nullable Duration took);
    }
}
