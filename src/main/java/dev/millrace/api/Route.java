package dev.millrace.api;

import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.Set;

/// One operation of the API.
///
/// @param path as the contract writes it, with `{names}` for its variable parts
/// @param parameters the query parameters that it knows; it refuses others when it needs a token
record Route(
        HandlerType method, String path, Access access, Set<String> parameters, Handler handler) {
    /// Who may ask.
    enum Access {
        /// Everyone who reaches the port.
        OPEN,
        /// Everyone while the API listens on loopback; else whoever has a token.
        LOCAL,
        /// Whoever has a token.
        TOKEN
    }

    static Route open(HandlerType method, String path, Handler handler, String... parameters) {
        return new Route(method, path, Access.OPEN, Set.of(parameters), handler);
    }

    static Route local(HandlerType method, String path, Handler handler) {
        return new Route(method, path, Access.LOCAL, Set.of(), handler);
    }

    static Route token(HandlerType method, String path, Handler handler, String... parameters) {
        return new Route(method, path, Access.TOKEN, Set.of(parameters), handler);
    }
}
