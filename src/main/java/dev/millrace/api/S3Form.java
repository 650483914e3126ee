package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.Connection;
import dev.millrace.core.ObjectStore;
import dev.millrace.core.S3Reach;
import dev.millrace.core.Secret;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Connections to S3 as JSON. Secrets come in and never go out.
final class S3Form {
    static final String KIND = "s3";

    static final String[] KEYS = {
        "name",
        "kind",
        "endpoint",
        "region",
        "pathStyle",
        "accessKeyId",
        "secretAccessKey",
        "sessionToken",
        "ca",
        "connectSeconds",
        "answerSeconds"
    };

    private static final Pattern REGION = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Pattern ACCESS_KEY_ID = Pattern.compile("[!-~]{1,128}");
    private static final Pattern SECRET = Pattern.compile("[!-~]+");

    private S3Form() {}

    /// What the body brings as a key and token, or null.
    ///
    /// @param present what the connection is, or null when it is made
    static @Nullable Secret secret(JsonObject body, Connection.@Nullable Reach present) {
        var key = body.text("secretAccessKey");
        var token = body.text("sessionToken");
        if (key == null) {
            if (token != null) {
                throw ConnectionRoutes.invalid(
                        "A session token is given, but no secret access key",
                        "They belong together: give both.");
            }
            if (!(present instanceof S3Reach)) {
                throw ConnectionRoutes.invalid("'secretAccessKey' is missing", null);
            }
            return null;
        }
        require(key, "secret access key");
        if (token != null) {
            require(token, "session token");
        }
        return S3Reach.secret(key, token);
    }

    private static void require(String secret, String what) {
        // not which character: it is a secret
        if (!SECRET.matcher(secret).matches()) {
            throw ConnectionRoutes.invalid(
                    "The %s has other characters than visible ASCII, or none".formatted(what),
                    "Give it alone, without quotes.");
        }
        if (secret.length() > ConnectionRoutes.MAX_SECRET) {
            throw ConnectionRoutes.invalid(
                    "The %s is longer than %d characters"
                            .formatted(what, ConnectionRoutes.MAX_SECRET),
                    null);
        }
    }

    /// @param secret what the body brings, or null when what is there is kept
    /// @param present what the connection is, or null when it is made
    static S3Reach reach(
            JsonObject body, @Nullable Secret secret, Connection.@Nullable Reach present) {
        var endpoint = body.text("endpoint");
        var region = body.requiredText("region");
        if (!REGION.matcher(region).matches()) {
            throw ConnectionRoutes.invalid(
                    "'%s' cannot name a region".formatted(region),
                    "Such as eu-west-1; us-east-1 for one that knows no regions.");
        }
        var accessKeyId = body.requiredText("accessKeyId");
        if (!ACCESS_KEY_ID.matcher(accessKeyId).matches()) {
            throw ConnectionRoutes.invalid(
                    "The access key id has other characters than visible ASCII, or none", null);
        }
        var pathStyle = body.flag("pathStyle");
        var hasToken =
                secret == null
                        ? present instanceof S3Reach before && before.hasSessionToken()
                        : S3Reach.sessionToken(secret) != null;
        return new S3Reach(
                endpoint == null || endpoint.isBlank()
                        ? null
                        : ConnectionRoutes.url(endpoint, "endpoint", "an S3"),
                region,
                pathStyle == null ? endpoint != null : pathStyle,
                accessKeyId,
                hasToken,
                ConnectionRoutes.ca(body.text("ca")),
                ConnectionRoutes.seconds(
                        body,
                        "connectSeconds",
                        ConnectionRoutes.MAX_CONNECT_SECONDS,
                        S3Reach.CONNECT_LIMIT),
                ConnectionRoutes.seconds(
                        body,
                        "answerSeconds",
                        ConnectionRoutes.MAX_ANSWER_SECONDS,
                        S3Reach.ANSWER_LIMIT));
    }

    static void putInto(ObjectNode view, S3Reach reach) {
        view.put("kind", KIND)
                .put("endpoint", reach.endpoint() == null ? null : reach.endpoint().toString())
                .put("region", reach.region())
                .put("pathStyle", reach.pathStyle())
                .put("accessKeyId", reach.accessKeyId())
                .put("hasSecretAccessKey", reach.hasSecret())
                .put("hasSessionToken", reach.hasSessionToken())
                .put("ca", reach.ca())
                .put("connectSeconds", reach.connectLimit().toSeconds())
                .put("answerSeconds", reach.answerLimit().toSeconds());
    }

    static ObjectNode visit(ObjectStore.Visit visit) {
        return Json.object()
                .put("kind", KIND)
                .put("buckets", visit.buckets())
                .put("read", visit.read() == null ? null : visit.read().toString());
    }
}
