package dev.millrace.api;

import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One operation of the API.
///
/// @param path as the contract writes it, with `{names}` for its variable parts
/// @param scope what a token must be good for; null when everyone who reaches the port may ask
/// @param openOnLoopback whether everyone may ask while the API listens on loopback only
/// @param parameters the query parameters that it knows; it refuses others when it needs a token
/// @param repeat what an `Idempotency-Key` does to it
record Route(
        HandlerType method,
        String path,
        @Nullable Scope scope,
        boolean openOnLoopback,
        Set<String> parameters,
        Repeat repeat,
        Handler handler) {

    static Route open(HandlerType method, String path, Handler handler, String... parameters) {
        return new Route(method, path, null, false, Set.of(parameters), Repeat.FREELY, handler);
    }

    static Route local(HandlerType method, String path, Handler handler) {
        return new Route(method, path, Scope.READ, true, Set.of(), Repeat.FREELY, handler);
    }

    static Route read(HandlerType method, String path, Handler handler, String... parameters) {
        return new Route(
                method, path, Scope.READ, false, Set.of(parameters), Repeat.FREELY, handler);
    }

    static Route load(HandlerType method, String path, Handler handler, String... parameters) {
        return new Route(
                method, path, Scope.LOAD, false, Set.of(parameters), Repeat.FREELY, handler);
    }

    static Route admin(HandlerType method, String path, Handler handler, String... parameters) {
        return new Route(
                method, path, Scope.ADMIN, false, Set.of(parameters), Repeat.FREELY, handler);
    }

    /// The same route, of requests that are repeated so.
    Route repeated(Repeat how) {
        return new Route(method, path, scope, openOnLoopback, parameters, how, handler);
    }
}
