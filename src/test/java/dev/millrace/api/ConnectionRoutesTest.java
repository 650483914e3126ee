package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.Connectors;
import dev.millrace.Engines;
import dev.millrace.catalog.PostgresCatalog;
import dev.millrace.connect.Connections;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.s3.S3Server;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections over HTTP, in a real catalog and to the real server.
class ConnectionRoutesTest {
    private static final String PATH = "/api/v1/connections";
    private static PostgresCatalog catalog;
    private static Connections connections;
    private static RunningApi api;

    @BeforeAll
    static void start() {
        catalog = Engines.newCatalog("connection_routes");
        connections = Connectors.connections(catalog);
        api = new RunningApi();
        api.connections = _ -> connections;
        api.catalog.answers = catalog.answers();
        api.start();
    }

    @AfterAll
    static void stop() {
        api.close();
        connections.close();
        catalog.close();
    }

    private static String password() {
        return Engines.clickhouse().reader().password();
    }

    private static String body(String name, String password) {
        return """
        {"name": "%s", "url": "%s", "database": "millrace", "user": "%s", "password": "%s"}\
        """
                .formatted(
                        name,
                        Engines.clickhouse().url(),
                        Engines.clickhouse().reader().user(),
                        password);
    }

    private static ErrorCode refusal(Runnable use) {
        var e = catchThrowableOfType(MillraceException.class, use::run);
        return Objects.requireNonNull(e, "it was not refused").code();
    }

    private static String code(HttpResponse<String> response) throws Exception {
        return RunningApi.json(response).path("code").asText();
    }

    @Test
    void aConnectionIsMadeTestedChangedAndDeletedAndItsSecretNeverShown() throws Exception {
        var made = api.sendJson("POST", PATH, body("warehouse", "wrong horse"));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        var path = made.headers().firstValue("Location").orElseThrow();
        assertThat(path).isEqualTo(PATH + "/" + RunningApi.json(made).path("id").asText());
        assertThat(RunningApi.json(made).path("hasPassword").asBoolean()).isTrue();
        assertThat(RunningApi.json(made).path("owner").asText()).isEqualTo("ada");

        var refused = api.sendJson("POST", path + "/test", "");
        assertThat(code(refused)).isEqualTo("LOGIN_REFUSED");
        var changed = api.sendJson("PUT", PATH + "/warehouse", body("depot", password()));
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        var tested = api.sendJson("POST", PATH + "/depot/test", "");
        assertThat(tested.statusCode()).as(tested.body()).isEqualTo(200);
        assertThat(RunningApi.json(tested).path("user").asText())
                .isEqualTo(Engines.clickhouse().reader().user());

        var twice = api.sendJson("POST", PATH, body("depot", "other"));
        assertThat(twice.statusCode()).isEqualTo(409);
        assertThat(code(twice)).isEqualTo("CONNECTION_EXISTS");
        var listed = api.get(PATH);
        assertThat(listed.body()).contains("\"embedded\"", "\"depot\"");
        var got = api.get(path);
        var deleted = api.send("DELETE", path, "");
        assertThat(deleted.statusCode()).isEqualTo(200);
        assertThat(api.get(path).statusCode()).isEqualTo(404);
        for (var answer :
                new HttpResponse<?>[] {
                    made, refused, changed, tested, twice, listed, got, deleted
                }) {
            assertThat(String.valueOf(answer.body()) + answer.headers().map())
                    .doesNotContain("wrong horse", password());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\": \"x\", \"url\": \"ftp://127.0.0.1\", \"user\": \"u\"}",
                "{\"name\": \"x\", \"url\": \"http://u:hidden@127.0.0.1:1\", \"user\": \"u\"}",
                "{\"name\": \"x\", \"url\": \"http://127.0.0.1:1?password=hidden\", \"user\": \"u\"}",
                "{\"name\": \"x\", \"url\": \"http://127.0.0.1:1\"}",
                "{\"name\": \"x\", \"url\": \"http://127.0.0.1:1\", \"password\": \"hidden\"}",
                "{\"name\": \"x\", \"url\": \"http://127.0.0.1:1\", \"user\": \"a:b\"}",
                "{\"name\": \"x\", \"url\": \"http://127.0.0.1:1\", \"accessToken\": \"hidden x\"}",
                "{\"name\": \"x\", \"url\": \"http://127.0.0.1:1\", \"user\": \"u\","
                        + " \"accessToken\": \"hidden\"}",
                "{\"name\": \"\", \"url\": \"http://127.0.0.1:1\", \"user\": \"u\"}",
                "{\"name\": \"x\", \"url\": \"http://127.0.0.1:1\", \"user\": \"u\","
                        + " \"ca\": \"no certificate\"}",
                "{\"name\": \"x\", \"url\": \"http://127.0.0.1:1\", \"user\": \"u\","
                        + " \"connectSeconds\": 61}",
                "{\"name\": \"x\", \"url\": \"http://127.0.0.1:1\", \"user\": \"u\","
                        + " \"pasword\": \"hidden\"}"
            })
    void whatIsNoConnectionIsRefusedWithoutShowingWhatMayBeSecret(String body) throws Exception {
        var answer = api.sendJson("POST", PATH, body);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 422);
        assertThat(code(answer)).isEqualTo("INVALID_CONNECTION");
        assertThat(answer.body()).doesNotContain("hidden");
        assertThat(api.get(PATH + "/x").statusCode()).isEqualTo(404);
    }

    private static String s3(String name, String more) {
        return """
        {"name": "%s", "kind": "s3", "endpoint": "%s", "region": "us-east-1",
         "accessKeyId": "%s"%s}\
        """
                .formatted(name, S3Server.shared().endpoint(), S3Server.ACCESS_KEY_ID, more);
    }

    private static String key(String secret) {
        return ", \"secretAccessKey\": \"%s\"".formatted(secret);
    }

    @Test
    void aConnectionToAnS3IsMadeTestedChangedAndDeletedAndItsSecretNeverShown() throws Exception {
        var bucket = S3Server.shared().newBucket("routes");
        var made = api.sendJson("POST", PATH, s3("lake", key("wrong horse")));
        assertThat(code(made)).isEqualTo("INVALID_CONNECTION");
        made = api.sendJson("POST", PATH, s3("lake", key("wrong-horse")));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        var shown = RunningApi.json(made);
        assertThat(shown.path("kind").asText()).isEqualTo("s3");
        assertThat(shown.path("pathStyle").asBoolean()).isTrue();
        assertThat(shown.path("hasSecretAccessKey").asBoolean()).isTrue();
        assertThat(shown.path("hasSessionToken").asBoolean()).isFalse();

        var refused = api.sendJson("POST", PATH + "/lake/test", "");
        assertThat(code(refused)).isEqualTo("LOGIN_REFUSED");
        var changed = api.sendJson("PUT", PATH + "/lake", s3("lake", key(S3Server.SECRET)));
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        var renamed = api.sendJson("PUT", PATH + "/lake", s3("pond", ""));
        assertThat(renamed.statusCode()).as(renamed.body()).isEqualTo(200);
        var tested = api.sendJson("POST", PATH + "/pond/test", "");
        assertThat(RunningApi.json(tested).path("buckets").asInt()).isPositive();
        var place = api.sendJson("POST", PATH + "/pond/test?uri=s3://" + bucket + "/", "");
        assertThat(place.statusCode()).as(place.body()).isEqualTo(200);
        var missing = api.sendJson("POST", PATH + "/pond/test?uri=s3://no-such/", "");
        assertThat(code(missing)).isEqualTo("BUCKET_MISSING");

        var elsewhere =
                s3("pond", "").replace(S3Server.shared().endpoint().toString(), "http://10.0.0.1");
        assertThat(code(api.sendJson("PUT", PATH + "/pond", elsewhere)))
                .isEqualTo("INVALID_CONNECTION");
        var token = s3("pond", ", \"sessionToken\": \"hidden\"");
        assertThat(code(api.sendJson("PUT", PATH + "/pond", token)))
                .isEqualTo("INVALID_CONNECTION");
        var other = body("pond", "").replace(", \"password\": \"\"", "");
        assertThat(code(api.sendJson("PUT", PATH + "/pond", other)))
                .isEqualTo("INVALID_CONNECTION");

        var got = api.get(PATH + "/pond");
        var deleted = api.send("DELETE", PATH + "/pond", "");
        assertThat(deleted.statusCode()).isEqualTo(200);
        for (var answer :
                new HttpResponse<?>[] {
                    made, refused, changed, renamed, tested, place, missing, got, deleted
                }) {
            assertThat(String.valueOf(answer.body()) + answer.headers().map())
                    .doesNotContain("wrong-horse", S3Server.SECRET);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"region\": \"r\", \"accessKeyId\": \"i\"",
                "\"region\": \"r\", \"secretAccessKey\": \"hidden\"",
                "\"accessKeyId\": \"i\", \"secretAccessKey\": \"hidden\"",
                "\"region\": \"R_1\", \"accessKeyId\": \"i\", \"secretAccessKey\": \"hidden\"",
                "\"region\": \"r\", \"accessKeyId\": \"i\", \"secretAccessKey\": \"hidden\","
                        + " \"user\": \"u\"",
                "\"region\": \"r\", \"accessKeyId\": \"i\", \"secretAccessKey\": \"hidden\","
                        + " \"endpoint\": \"http://u:hidden@127.0.0.1\"",
                "\"region\": \"r\", \"accessKeyId\": \"i\", \"secretAccessKey\": \"hidden x\"",
                "\"region\": \"r\", \"accessKeyId\": \"i\", \"secretAccessKey\": \"hidden\","
                        + " \"sessionToken\": \"\""
            })
    void whatIsNoConnectionToAnS3IsRefused(String said) throws Exception {
        var answer =
                api.sendJson(
                        "POST", PATH, "{\"name\": \"x\", \"kind\": \"s3\", %s}".formatted(said));
        assertThat(code(answer)).as(answer.body()).isEqualTo("INVALID_CONNECTION");
        assertThat(answer.body()).doesNotContain("hidden");
    }

    @Test
    void aRequestWithAKeyMakesOneConnection() throws Exception {
        HttpResponse<String> first = null;
        for (var i = 0; i < 2; i++) {
            var answer = withKey("key-1", body("keyed", "p"));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            assertThat(first == null ? answer.body() : first.body()).isEqualTo(answer.body());
            assertThat(answer.headers().firstValue("Idempotency-Replayed").isPresent())
                    .isEqualTo(i == 1);
            first = answer;
        }
        assertThat(code(withKey("key-1", body("keyed", "another password"))))
                .isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(code(withKey("key-2", body("keyed", "p")))).isEqualTo("CONNECTION_EXISTS");
        api.send("DELETE", PATH + "/keyed", "");
    }

    private static HttpResponse<String> withKey(String key, String body) throws Exception {
        return api.send(
                api.request(PATH)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.ofString(body)));
    }

    @Test
    void aConnectionOfTheWrongKindIsNamed() throws Exception {
        assertThat(code(api.sendJson("POST", PATH + "/embedded/test?uri=s3://a-bucket/", "")))
                .isEqualTo("INVALID_REQUEST");
        api.sendJson("POST", PATH, s3("odd", key("k")));
        assertThat(refusal(() -> connections.get("odd"))).isEqualTo(ErrorCode.CONNECTION_KIND);
        assertThat(refusal(() -> connections.objects("embedded")))
                .isEqualTo(ErrorCode.CONNECTION_KIND);
        api.send("DELETE", PATH + "/odd", "");
    }

    @Test
    void onlyAnAdministratorMakesChangesAndDeletesConnections() throws Exception {
        var reader = api.tokens.issue("eve", Set.of(Scope.READ), Duration.ofMinutes(5));
        for (var request :
                new String[][] {
                    {"POST", PATH}, {"PUT", PATH + "/embedded"}, {"DELETE", PATH + "/embedded"}
                }) {
            var answer =
                    api.send(
                            api.anonymous(request[1])
                                    .header("Authorization", "Bearer " + reader)
                                    .header("Content-Type", "application/json")
                                    .method(
                                            request[0],
                                            BodyPublishers.ofString(body("eves", "p"))));
            assertThat(answer.statusCode()).as(String.join(" ", request)).isEqualTo(403);
        }
        var fixed = api.send("DELETE", PATH + "/embedded", "");
        assertThat(code(fixed)).isEqualTo("CONNECTION_FIXED");
    }
}
