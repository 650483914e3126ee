package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.connect.Connections;
import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.Connection;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ObjectName;
import dev.millrace.core.S3Reach;
import dev.millrace.core.Secret;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Connections over HTTP. Secrets come in and never go out.
final class ConnectionRoutes {
    private static final String KIND = "clickhouse";
    private static final int MAX_CA = 1 << 18;
    static final int MAX_SECRET = 16 << 10;
    static final int MAX_CONNECT_SECONDS = 60;
    static final int MAX_ANSWER_SECONDS = 3600;
    private static final Pattern TOKEN = Pattern.compile("[!-~]+");

    private final Connections connections;

    ConnectionRoutes(Connections connections) {
        this.connections = connections;
    }

    void list(Context ctx) {
        var limit = QueryParameters.limit(ctx);
        var found = connections.list(QueryParameters.text(ctx, "cursor"), limit + 1);
        var page = QueryParameters.page(found, limit);
        Json.answer(
                ctx,
                200,
                Json.items(Json.array(page, ConnectionRoutes::view))
                        .put("next", found.size() > limit ? page.getLast().name() : null));
    }

    void create(Context ctx) throws IOException {
        var body = body(ctx);
        var secret = isS3(body) ? S3Form.secret(body, null) : secret(body);
        var given = secret == null ? Secret.NONE : secret;
        var connection =
                connections.create(
                        body.requiredText("name"),
                        isS3(body) ? S3Form.reach(body, given, null) : reach(body, given, false),
                        given,
                        Authentication.owner(ctx),
                        KeyedRequests.name(ctx));
        ctx.header("Location", path(connection));
        Json.answer(ctx, 201, view(connection));
    }

    void get(Context ctx) {
        Json.answer(ctx, 200, view(connections.find(ctx.pathParam("connection"))));
    }

    void update(Context ctx) throws IOException {
        var body = body(ctx);
        var present = connections.find(ctx.pathParam("connection"));
        var secret = isS3(body) ? S3Form.secret(body, present.reach()) : secret(body);
        Json.answer(
                ctx,
                200,
                view(
                        connections.update(
                                present,
                                body.requiredText("name"),
                                isS3(body)
                                        ? S3Form.reach(body, secret, present.reach())
                                        : reach(body, secret, present.reach().hasSecret()),
                                secret)));
    }

    void delete(Context ctx) {
        Json.answer(ctx, 200, view(connections.delete(ctx.pathParam("connection"))));
    }

    void test(Context ctx) {
        var started = System.nanoTime();
        var uri = QueryParameters.text(ctx, "uri");
        var connection = connections.find(ctx.pathParam("connection"));
        var found =
                switch (connection.reach()) {
                    case ClickHouseReach _ -> checked(connection, uri);
                    case S3Reach _ ->
                            S3Form.visit(
                                    connections
                                            .objects(connection.id().publicId())
                                            .store()
                                            .check(uri == null ? null : ObjectName.parse(uri)));
                };
        Json.answer(
                ctx,
                200,
                found.put("millis", Duration.ofNanos(System.nanoTime() - started).toMillis()));
    }

    private ObjectNode checked(Connection connection, @Nullable String uri) {
        if (uri != null) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "'uri' is for connections to an S3",
                    "Leave it out.",
                    null);
        }
        var greeting = connections.get(connection.id().publicId()).check();
        return Json.object()
                .put("kind", KIND)
                .put("version", greeting.version())
                .put("user", greeting.user())
                .put("readOnly", greeting.readOnly());
    }

    /// @throws MillraceException INVALID_CONNECTION for a kind that is unknown
    private static boolean isS3(JsonObject body) {
        var kind = body.text("kind");
        if (kind != null && !kind.equals(KIND) && !kind.equals(S3Form.KIND)) {
            throw invalid(
                    "There are no connections of the kind '%s'".formatted(kind),
                    "Known: clickhouse, s3.");
        }
        return S3Form.KIND.equals(kind);
    }

    private static JsonObject body(Context ctx) throws IOException {
        var body = Json.read(ctx);
        var given = new JsonObject(body.node(), body.what(), ErrorCode.INVALID_CONNECTION);
        return isS3(given)
                ? given.withOnly(S3Form.KEYS)
                : given.withOnly(
                        "name",
                        "kind",
                        "url",
                        "database",
                        "user",
                        "password",
                        "accessToken",
                        "ca",
                        "connectSeconds",
                        "answerSeconds");
    }

    /// What the body brings as a password or token, or null.
    private static @Nullable Secret secret(JsonObject body) {
        var password = body.text("password");
        var token = body.text("accessToken");
        if (password != null && token != null) {
            throw invalid("Both a password and an access token are given", "Give one of them.");
        }
        if (token != null && !TOKEN.matcher(token).matches()) {
            // not which: it is a secret
            throw invalid(
                    "The access token has other characters than visible ASCII, or none",
                    "Give it alone, without 'Bearer' and quotes.");
        }
        var text = token != null ? token : password;
        if (text != null && text.length() > MAX_SECRET) {
            throw invalid("The password or token is longer than 16384 characters", null);
        }
        return text == null ? null : new Secret(text);
    }

    /// @param secret what the body brings, or null when what is there is kept
    private static ClickHouseReach reach(
            JsonObject body, @Nullable Secret secret, boolean hasSecret) {
        var user = body.text("user");
        if (body.text("accessToken") != null && user != null) {
            throw invalid(
                    "Both a user and an access token are given",
                    "A token says by itself who asks: leave the user out.");
        }
        if (body.text("password") != null && user == null) {
            throw invalid("A password is given, but no user", null);
        }
        if (user == null && !(secret == null ? hasSecret : !secret.text().isEmpty())) {
            throw invalid("Neither a user nor an access token is given", "Give one of them.");
        }
        if (user != null && (user.isEmpty() || user.contains(":") || hasControl(user))) {
            throw invalid(
                    "'%s' cannot name a user".formatted(user),
                    "It may not be empty, nor have ':' or control characters.");
        }
        return new ClickHouseReach(
                url(body.requiredText("url"), "url", "ClickHouse's HTTP interface"),
                database(body.text("database")),
                user,
                secret == null ? hasSecret : !secret.text().isEmpty(),
                ca(body.text("ca")),
                seconds(body, "connectSeconds", MAX_CONNECT_SECONDS, ClickHouseReach.CONNECT_LIMIT),
                seconds(body, "answerSeconds", MAX_ANSWER_SECONDS, ClickHouseReach.ANSWER_LIMIT));
    }

    /// How what a form says is reached.
    static ClickHouseReach reachOf(JsonObject form) {
        return reach(form, secretOf(form), false);
    }

    /// The password or token of a form, which may have none.
    static Secret secretOf(JsonObject form) {
        var secret = secret(form);
        return secret == null ? Secret.NONE : secret;
    }

    /// @param key of the body
    /// @param of what it should be
    static URI url(String text, String key, String of) {
        try {
            var url = new URI(text.strip());
            var scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https"))
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return new URI(
                        scheme, null, url.getHost(), url.getPort(), url.getPath(), null, null);
            }
        } catch (URISyntaxException e) {
            // said below, without the text: it may hold a password
        }
        throw invalid(
                "The %s is not one of %s".formatted(key, of),
                "Write it like https://host:8443, without a user, password or '?'.");
    }

    private static String database(@Nullable String text) {
        if (text == null) {
            return "default";
        }
        if (text.isEmpty()) {
            throw invalid("The name of the database is empty", null);
        }
        if (hasControl(text)) {
            throw invalid("The name of the database has a control character", null);
        }
        return text;
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    static @Nullable String ca(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        if (text.length() > MAX_CA) {
            throw invalid("The CA is longer than 256 KiB", null);
        }
        if (text.contains("PRIVATE KEY")) {
            throw invalid("The CA holds a private key", "Give the certificate alone.");
        }
        return text;
    }

    static Duration seconds(JsonObject body, String key, int most, Duration otherwise) {
        var seconds = body.count(key);
        if (seconds == null) {
            return otherwise;
        }
        if (seconds < 1 || seconds > most) {
            throw invalid("'%s' is %d: 1 to %d".formatted(key, seconds, most), null);
        }
        return Duration.ofSeconds(seconds);
    }

    static MillraceException invalid(String what, @Nullable String remedy) {
        return new MillraceException(ErrorCode.INVALID_CONNECTION, what, remedy, null);
    }

    private static String path(Connection connection) {
        return "/api/v1/connections/" + connection.id().publicId();
    }

    private static ObjectNode view(Connection connection) {
        var view =
                Json.object()
                        .put("id", connection.id().publicId())
                        .put("uuid", connection.id().uuid().toString())
                        .put("name", connection.name());
        switch (connection.reach()) {
            case ClickHouseReach c ->
                    view.put("kind", KIND)
                            .put("url", c.url().toString())
                            .put("database", c.database())
                            .put("user", c.user())
                            .put("hasPassword", c.user() != null && c.hasSecret())
                            .put("hasAccessToken", c.user() == null)
                            .put("ca", c.ca())
                            .put("connectSeconds", c.connectLimit().toSeconds())
                            .put("answerSeconds", c.answerLimit().toSeconds());
            case S3Reach s -> S3Form.putInto(view, s);
        }
        view.put("fixed", connection.isEmbedded())
                .put("owner", connection.owner())
                .put("createdAt", Json.time(connection.createdAt()))
                .put("updatedAt", Json.time(connection.updatedAt()));
        view.putObject("links").put("self", path(connection));
        return view;
    }
}
