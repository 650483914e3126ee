package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.connect.Connections;
import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.Connection;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Secret;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where a body of an old route leads: `connection`, a connection's name; or, as it was, `host`,
/// `port`, `database`, `user`, and `password` or `jwt_token`, which takes the scope that making a
/// connection does, and is held against `connections.hosts` as that is. Without either it is
/// `embedded`.
///
/// @param name of a connection, or null when a host is named
/// @param host as our own form of a connection has it, or null
record OldPlace(@Nullable String name, @Nullable JsonObject host) {
    private static final String[] NAMES = {
        "connection", "host", "port", "secure", "database", "user", "password", "jwt_token"
    };

    /// What a body may say, with this and more.
    static String[] and(String... more) {
        var all = Arrays.copyOf(NAMES, NAMES.length + more.length);
        System.arraycopy(more, 0, all, NAMES.length, more.length);
        return all;
    }

    /// @throws MillraceException INVALID_REQUEST; FORBIDDEN for a host without the scope
    static OldPlace of(Context ctx, JsonObject body) {
        if (!body.says("host")) {
            var name = body.text("connection");
            return new OldPlace(name == null ? Connection.EMBEDDED : name, null);
        }
        if (body.says("connection")) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "Both a connection and a host are given",
                    "Give one of them.",
                    null);
        }
        requireAdmin(ctx);
        return new OldPlace(null, form(body));
    }

    private static void requireAdmin(Context ctx) {
        if (!Scope.ADMIN.isCoveredBy(Authentication.caller(ctx).scopes())) {
            throw new MillraceException(
                    ErrorCode.FORBIDDEN,
                    "A host that is no connection's needs the scope 'admin'",
                    "Name a connection, which an administrator has made.",
                    null);
        }
    }

    private static JsonObject form(JsonObject body) {
        var secure = Boolean.TRUE.equals(body.flag("secure"));
        var port = body.count("port");
        var form =
                Json.object()
                        .put(
                                "url",
                                "%s://%s:%d"
                                        .formatted(
                                                secure ? "https" : "http",
                                                body.requiredText("host"),
                                                port != null ? port : secure ? 8443 : 8123));
        copy(body, "database", form, "database");
        copy(body, "user", form, "user");
        copy(body, "password", form, "password");
        copy(body, "jwt_token", form, "accessToken");
        if (!body.says("user") && !body.says("jwt_token")) {
            form.put("user", "default");
        }
        return new JsonObject(form, body.what(), ErrorCode.INVALID_CONNECTION);
    }

    private static void copy(JsonObject from, String key, ObjectNode to, String name) {
        var text = from.text(key);
        if (text != null) {
            to.put(name, text);
        }
    }

    /// How a host is reached.
    static ClickHouseReach reach(JsonObject host) {
        return ConnectionRoutes.reachOf(host);
    }

    static Secret secret(JsonObject host) {
        return ConnectionRoutes.secretOf(host);
    }

    /// The connection, for what lasts longer than a request: of a host one that is made for it, or
    /// that was, and is called by where it leads.
    Connection lasting(Connections connections, String owner) {
        if (host == null) {
            return connections.find(String.valueOf(name));
        }
        var reach = reach(host);
        var called = called(reach);
        try {
            return connections.create(called, reach, secret(host), owner, null);
        } catch (MillraceException e) {
            if (e.code() != ErrorCode.CONNECTION_EXISTS) {
                throw e;
            }
            return connections.update(connections.find(called), called, reach, secret(host));
        }
    }

    /// Where a character cannot stand in a connection's name, a hash keeps places apart that would
    /// be called alike: an export that waits must not be led to another's.
    static String called(ClickHouseReach reach) {
        var place =
                "old %s %d %s %s"
                        .formatted(
                                reach.url().getHost(),
                                reach.url().getPort(),
                                reach.database(),
                                reach.user() == null ? "token" : reach.user());
        var name = place.replaceAll("[^A-Za-z0-9 ._-]", "_");
        return name.equals(place)
                ? name
                : name
                        + " "
                        + UUID.nameUUIDFromBytes(place.getBytes(StandardCharsets.UTF_8))
                                .toString()
                                .substring(0, 8);
    }
}
