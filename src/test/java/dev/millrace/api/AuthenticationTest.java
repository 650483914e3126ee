package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import dev.millrace.core.MillraceException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {
    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = new RunningApi().start();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static HttpResponse<String> withToken(String token) throws Exception {
        return api.send(api.anonymous("/api/v1/jobs").header("Authorization", "Bearer " + token));
    }

    private static void assertRefused(HttpResponse<String> response, String detail)
            throws Exception {
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        assertThat(RunningApi.json(response).get("code").asText()).isEqualTo("UNAUTHENTICATED");
        assertThat(RunningApi.json(response).get("detail").asText()).contains(detail);
    }

    @Test
    void aGoodTokenIsLetIn() throws Exception {
        assertThat(withToken(api.tokens.issue("ada", Duration.ofMinutes(1))).statusCode())
                .isEqualTo(200);
    }

    @Test
    void nothingButTheOpenRoutesAnswersWithoutAToken() throws Exception {
        assertRefused(api.send(api.anonymous("/api/v1/jobs")), "needs a token");
        for (var open : new String[] {"/health", "/ready", "/openapi.yaml", "/docs"}) {
            assertThat(api.send(api.anonymous(open)).statusCode()).as(open).isEqualTo(200);
        }
    }

    @Test
    void aTokenSignedWithAnotherSecretIsRefused() throws Exception {
        var forged = new Tokens("another secret of thirty-two bytes ..");
        assertRefused(withToken(forged.issue("ada", Duration.ofMinutes(1))), "secret");
    }

    @Test
    void aChangedTokenIsRefused() throws Exception {
        var parts = api.tokens.issue("ada", Duration.ofMinutes(1)).split("\\.", 3);
        var other = api.tokens.issue("eve", Duration.ofMinutes(1)).split("\\.", 3);
        assertRefused(withToken(parts[0] + "." + other[1] + "." + parts[2]), "secret");
    }

    @Test
    void anExpiredTokenIsRefused() throws Exception {
        var hourAgo = Instant.now().minus(Duration.ofHours(1));
        var old = new Tokens(RunningApi.SECRET, () -> hourAgo);
        assertThat(withToken(old.issue("ada", Duration.ofHours(2))).statusCode()).isEqualTo(200);
        assertRefused(withToken(old.issue("ada", Duration.ofMinutes(59))), "expired at");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HS384", "RS256"})
    void anotherAlgorithmIsRefused(String algorithm) throws Exception {
        var signed = api.tokens.issue("ada", Duration.ofMinutes(1)).split("\\.", 3);
        var header = base64("{\"alg\":\"" + algorithm + "\"}");
        assertRefused(withToken(header + "." + signed[1] + "." + signed[2]), "is not");
        assertRefused(withToken(header + "." + signed[1] + "."), "is not");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b.c", "....", "ey.ey.ey"})
    void whatIsNoTokenIsRefused(String text) throws Exception {
        assertThat(withToken(text).statusCode()).isEqualTo(401);
    }

    @Test
    void anotherSchemeThanBearerIsRefused() throws Exception {
        var request = api.anonymous("/api/v1/jobs").header("Authorization", "Basic YTpi");
        assertRefused(api.send(request), "bearer");
    }

    private static HttpResponse<String> ask(String method, String path, String token)
            throws Exception {
        var body = BodyPublishers.ofString("");
        return api.send(
                api.anonymous(path)
                        .header("Authorization", "Bearer " + token)
                        .method(method, method.equals("GET") ? BodyPublishers.noBody() : body));
    }

    private static String token(Scope... scopes) {
        return api.tokens.issue("ada", Set.of(scopes), Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/models, READ",
        "GET, /api/v1/jobs, READ",
        "GET, /api/v1/jobs/last/rejections, READ",
        "POST, /api/v1/sql, READ",
        "POST, /api/v1/jobs, LOAD",
        "PUT, /api/v1/jobs/last/source, LOAD",
        "POST, /api/v1/jobs/last/cancel, LOAD",
        "POST, /api/v1/models, ADMIN",
        "PUT, /api/v1/models/m, ADMIN",
        "DELETE, /api/v1/models/m, ADMIN",
    })
    void aTokenIsGoodForItsScopeAndThoseBelow(String method, String path, Scope needed)
            throws Exception {
        for (var scope : Scope.values()) {
            var answer = ask(method, path, token(scope));
            if (scope.compareTo(needed) >= 0) {
                assertThat(answer.statusCode()).as("%s", scope).isNotIn(401, 403);
            } else {
                assertThat(answer.statusCode()).as("%s", scope).isEqualTo(403);
                var problem = RunningApi.json(answer);
                assertThat(problem.get("code").asText()).isEqualTo("FORBIDDEN");
                assertThat(problem.get("detail").asText())
                        .isEqualTo(
                                "This needs the scope '%s'; the token has '%s'"
                                        .formatted(needed.label(), scope.label()));
                assertThat(problem.get("remedy").asText()).contains("--scope " + needed.label());
                assertThat(answer.headers().firstValue("WWW-Authenticate"))
                        .hasValue(
                                "Bearer error=\"insufficient_scope\", scope=\"%s\""
                                        .formatted(needed.label()));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'sub':'ada'}                              | 200 | the token has 'read'",
                "{'sub':'ada','scope':'load openid read'}   | 200 | the token has 'read load'",
                "{'sub':'ada','scope':'openid Admin'}       | 403 | the token has none",
                "{'sub':'ada','scope':''}                   | 403 | the token has none",
                "{'sub':'ada','scope':['admin']}            | 401 | a scope that is no text",
            })
    void aTokenMadeElsewhereIsGoodForWhatItsClaimSays(String claims, int reading, String said)
            throws Exception {
        var token = signed(claims.replace('\'', '"'));
        assertThat(ask("GET", "/api/v1/jobs", token).statusCode()).isEqualTo(reading);
        assertThat(ask("DELETE", "/api/v1/models/m", token).body()).contains(said);
    }

    private static String signed(String claims) throws Exception {
        var jws = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(claims));
        jws.sign(new MACSigner(RunningApi.SECRET));
        return jws.serialize();
    }

    @Test
    void aTokenWithoutAScopeIsNotMade() {
        assertThatThrownBy(() -> api.tokens.issue("ada", Set.of(), Duration.ofMinutes(1)))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("a scope");
    }

    @Test
    void aShortSecretIsRefused() {
        assertThatThrownBy(() -> new Tokens("too short"))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("9 bytes");
    }

    @Test
    void aSignInLinkWorksOnceAndItsCookieIsForUsAlone() throws Exception {
        var link = URI.create(api.api().signInLink("ada"));
        var signIn = api.anonymous(link.getPath() + "?" + link.getQuery());
        var first = api.send(signIn);
        assertThat(first.statusCode()).isEqualTo(303);
        assertThat(first.headers().firstValue("Location").orElseThrow()).endsWith("/");
        var cookie = first.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).contains("; HttpOnly; SameSite=Strict");
        assertRefused(api.send(signIn), "used before");

        var session = cookie.substring(0, cookie.indexOf(';'));
        assertThat(api.send(withCookie("/api/v1/jobs", session)).statusCode()).isEqualTo(200);
        assertThat(query(session, "Sec-Fetch-Site", "same-origin")).isEqualTo(200);
        assertThat(query(session, "Sec-Fetch-Site", "cross-site")).isEqualTo(403);
        assertThat(query(session, "Sec-Fetch-Site", "same-site")).isEqualTo(403);
        assertThat(query(session, "Origin", api.uri("").toString())).isEqualTo(200);
        assertThat(query(session, "Origin", "http://evil.example")).isEqualTo(403);
        assertThat(query(session, "Origin", "null")).isEqualTo(403);
        assertThat(query(session, "Accept", "*/*")).isEqualTo(403);
    }

    @Test
    void signingOutTakesTheCookieAway() throws Exception {
        var signOut = api.anonymous("/sign-out").POST(BodyPublishers.noBody());
        assertThat(api.send(signOut.copy()).statusCode()).isEqualTo(403);
        var done = api.send(signOut.header("Sec-Fetch-Site", "same-origin"));
        assertThat(done.statusCode()).isEqualTo(204);
        assertThat(done.headers().firstValue("Set-Cookie").orElseThrow()).contains("Max-Age=0");
    }

    private static HttpRequest.Builder withCookie(String path, String session) {
        return api.anonymous(path).header("Cookie", session);
    }

    private static int query(String session, String header, String value) throws Exception {
        return api.send(
                        withCookie("/api/v1/sql", session)
                                .header(header, value)
                                .POST(BodyPublishers.ofString("SELECT 1")))
                .statusCode();
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
