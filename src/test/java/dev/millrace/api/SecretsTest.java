package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.Engines;
import dev.millrace.s3.S3Server;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Secrets go in and come out nowhere: not in an answer, not in the log, however it ends. Millrace
/// logs all that it can here.
class SecretsTest {
    private static final String PASSWORD = "pass-OF-the-test-31415";
    private static final String TOKEN = "eyJhbGciOi.token-OF-the-test-31415.c2ln";
    private static final String KEY = "secretkey/OF/the/test/31415";
    private static final String SESSION = "session-OF-the-test-31415";

    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final List<String> answers = new ArrayList<>();
    private final ExploredServer server = new ExploredServer();
    private final Kept kept = new Kept();
    private final Logger ours = (Logger) LoggerFactory.getLogger("dev.millrace");
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level before = root.getLevel();

    private final class Kept extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            said.add(event.getLoggerName() + " " + event.getFormattedMessage());
            for (var e = event.getThrowableProxy(); e != null; e = e.getCause()) {
                said.add(text(e));
            }
        }

        private static String text(IThrowableProxy e) {
            return e.getClassName() + ": " + e.getMessage();
        }
    }

    @BeforeEach
    void listen() {
        kept.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
        kept.start();
        root.addAppender(kept);
        root.setLevel(Level.INFO); // as servers have it
        ours.setLevel(Level.TRACE);
    }

    @AfterEach
    void stop() {
        server.close();
        root.detachAppender(kept);
        root.setLevel(before);
        ours.setLevel(null);
    }

    private HttpResponse<String> ask(String method, String path, String body) throws Exception {
        var answer = server.api.sendJson(method, path, body);
        answers.add(path + " " + answer.statusCode() + answer.headers().map() + answer.body());
        return answer;
    }

    private static ObjectNode form(String name, String url) {
        return Json.object().put("name", name).put("url", url);
    }

    @Test
    void noAnswerAndNoLineOfTheLogHasASecret() throws Exception {
        var url = Engines.clickhouse().url();
        var reader = Engines.clickhouse().reader();
        ask(
                "POST",
                "/api/v1/connections",
                form("good", url)
                        .put("database", "millrace")
                        .put("user", reader.user())
                        .put("password", reader.password())
                        .toString());
        var wrong = form("wrong", url).put("user", reader.user()).put("password", PASSWORD);
        ask("POST", "/api/v1/connections", wrong.toString());
        ask("POST", "/api/v1/connections", wrong.toString());
        ask("POST", "/api/v1/connections", form("token", url).put("accessToken", TOKEN).toString());
        ask(
                "POST",
                "/api/v1/connections",
                form("both", url)
                        .put("user", "u")
                        .put("password", PASSWORD)
                        .put("accessToken", TOKEN)
                        .toString());
        ask(
                "POST",
                "/api/v1/connections",
                form("in-url", url.replace("http://", "http://u:" + PASSWORD + "@"))
                        .put("user", "u")
                        .toString());
        ask(
                "POST",
                "/api/v1/connections",
                form("query", url + "?password=" + PASSWORD).put("user", "u").toString());
        ask(
                "POST",
                "/api/v1/connections",
                form("unknown key", url).put("user", "u").put("passwort", PASSWORD).toString());
        ask(
                "POST",
                "/api/v1/connections",
                form("no text", url)
                        .put("user", "u")
                        .set("password", Json.object().put("is", PASSWORD))
                        .toString());
        ask("POST", "/api/v1/connections", "{\"name\": \"broken\", \"password\": \"" + PASSWORD);
        ask(
                "POST",
                "/api/v1/connections",
                form("closed", "http://127.0.0.1:1")
                        .put("user", "u")
                        .put("password", PASSWORD)
                        .toString());
        ask(
                "POST",
                "/api/v1/connections",
                form("tls", url.replace("http:", "https:"))
                        .put("user", "u")
                        .put("password", PASSWORD)
                        .toString());
        ask(
                "POST",
                "/api/v1/connections",
                form("postgres", "http://127.0.0.1:" + Engines.postgres().port())
                        .put("user", "u")
                        .put("password", PASSWORD)
                        .toString());
        ask(
                "POST",
                "/api/v1/connections",
                Json.object()
                        .put("name", "lake")
                        .put("kind", "s3")
                        .put("endpoint", S3Server.shared().endpoint().toString())
                        .put("region", "us-east-1")
                        .put("accessKeyId", S3Server.ACCESS_KEY_ID)
                        .put("secretAccessKey", KEY)
                        .put("sessionToken", SESSION)
                        .toString());
        for (var name :
                List.of("good", "wrong", "token", "closed", "tls", "postgres", "lake", "none")) {
            use(name);
        }
        ask(
                "PUT",
                "/api/v1/connections/wrong",
                form("wrong", "http://127.0.0.1:2").put("user", "u").toString());
        ask("PUT", "/api/v1/connections/wrong", wrong.put("password", PASSWORD + "2").toString());
        oldRoutes(URI.create(url));
        ask("GET", "/api/v1/connections", "");
        ask("GET", "/api/v1/exports", "");
        for (var name : List.of("good", "wrong", "token", "lake")) {
            ask("DELETE", "/api/v1/connections/" + name, "");
        }

        assertThat(answers)
                .anyMatch(each -> each.contains("LOGIN_REFUSED"))
                .anyMatch(each -> each.contains("TOKEN_REFUSED"))
                .anyMatch(each -> each.contains("INVALID_CONNECTION"));
        assertThat(said).isNotEmpty();
        for (var secret : secrets(reader.user(), reader.password())) {
            assertThat(answers).noneMatch(each -> each.contains(secret));
            assertThat(said).noneMatch(each -> each.contains(secret));
        }
    }

    private void use(String name) throws Exception {
        var at = "/api/v1/connections/" + name;
        ask("GET", at, "");
        ask("POST", at + "/test", "");
        ask("GET", at + "/databases", "");
        ask("GET", at + "/tables", "");
        ask("GET", at + "/columns?table=none", "");
        ask("POST", at + "/columns", "SELECT 1");
        ask("POST", at + "/preview", "{\"query\": \"SELECT 1\"}");
        ask("POST", at + "/preview", "{\"query\": \"SELECT throwIf(1)\"}");
        ask("POST", at + "/join", "{\"tables\": [{\"table\": \"none\"}]}");
        ask("POST", "/api/v1/sql?connection=" + name, "SELECT 1");
        ask("POST", "/api/v1/sql?connection=" + name, "SELECT throwIf(1)");
        var export =
                ask(
                        "POST",
                        "/api/v1/exports",
                        Json.object()
                                .put("connection", name)
                                .put("format", "csv")
                                .put("query", "SELECT 1 AS a")
                                .toString());
        if (export.statusCode() == 201) {
            var view = RunningApi.json(export);
            ask("GET", view.path("links").path("file").asText(), "");
            ask("GET", view.path("links").path("self").asText(), "");
        }
    }

    private void oldRoutes(URI url) throws Exception {
        for (var path :
                List.of(
                        "/tables",
                        "/columns",
                        "/join-query",
                        "/preview",
                        "/clickhouse/export",
                        "/start-ingestion")) {
            for (var port : List.of(url.getPort(), 1)) {
                var body =
                        Json.object()
                                .put("host", "127.0.0.1")
                                .put("port", port)
                                .put("user", "u")
                                .put("password", PASSWORD);
                if (path.startsWith("/clickhouse") || path.startsWith("/start")) {
                    body.put("query", "SELECT 1 AS a");
                }
                ask("POST", path, body.toString());
                ask("POST", path, body.put("pasword", PASSWORD).toString());
                body.remove(List.of("user", "password", "pasword"));
                ask("POST", path, body.put("jwt_token", TOKEN).toString());
                ask("POST", path, body.put("host", "u:" + PASSWORD + "@h").toString());
            }
        }
    }

    private static List<String> secrets(String user, String password) {
        return List.of(
                PASSWORD,
                TOKEN,
                KEY,
                SESSION,
                password,
                base64("u:" + PASSWORD),
                base64(user + ":" + PASSWORD),
                base64(user + ":" + password));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
