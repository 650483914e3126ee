package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No route reaches a host that `connections.hosts` does not allow, whatever it is called, and none
/// goes where a server that is allowed sends it. Here 127.0.0.1 is allowed, and the rest of
/// loopback, on which something listens, stands for the inner network.
class ForbiddenHostsTest {
    private static final AtomicInteger ASKED = new AtomicInteger();

    private static ExploredServer server;
    private static HttpServer inner;
    private static HttpServer sending;

    @BeforeAll
    static void start() throws Exception {
        server = new ExploredServer();
        inner = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0), 0);
        inner.createContext(
                "/",
                exchange -> {
                    ASKED.incrementAndGet();
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        inner.start();
        sending = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        sending.createContext(
                "/",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    exchange.getResponseHeaders()
                            .add("Location", "http://127.0.0.2:%d/".formatted(port(inner)));
                    exchange.sendResponseHeaders(307, -1);
                    exchange.close();
                });
        sending.start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        inner.stop(0);
        sending.stop(0);
    }

    private static int port(HttpServer of) {
        return of.getAddress().getPort();
    }

    private interface Ask {
        HttpResponse<String> of(String connection) throws Exception;
    }

    private static List<Ask> routes() {
        var at = "/api/v1/connections/";
        return List.of(
                name -> server.api.sendJson("POST", at + name + "/test", ""),
                name -> server.api.get(at + name + "/databases"),
                name -> server.api.get(at + name + "/tables"),
                name -> server.api.get(at + name + "/columns?table=t"),
                name -> server.api.send("POST", at + name + "/columns", "SELECT 1"),
                name ->
                        server.api.sendJson(
                                "POST", at + name + "/preview", "{\"query\": \"SELECT 1\"}"),
                name ->
                        server.api.sendJson(
                                "POST", at + name + "/join", "{\"tables\": [{\"table\": \"t\"}]}"),
                name -> server.api.send("POST", "/api/v1/sql?connection=" + name, "SELECT 1"),
                name ->
                        server.api.sendJson(
                                "POST",
                                "/api/v1/exports",
                                "{\"connection\": \"%s\", \"query\": \"SELECT 1\", \"format\": \"csv\"}"
                                        .formatted(name)),
                name -> old("/tables", Json.object().put("connection", name)),
                name ->
                        old(
                                "/preview",
                                Json.object().put("connection", name).put("query", "SELECT 1")));
    }

    private static HttpResponse<String> old(String path, ObjectNode body) throws Exception {
        return server.api.sendJson("POST", path, body.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.2",
                "127.1.2.3",
                "2130706434",
                "0x7f000002",
                "[::ffff:127.0.0.2]",
                "[::ffff:7f00:2]",
                "0.0.0.0",
                "169.254.169.254",
                "[fd00:ec2::254]",
                "10.0.0.1",
                "[::1]"
            })
    void noRouteReachesWhatIsForbidden(String host) throws Exception {
        var name = "hidden-" + Integer.toHexString(host.hashCode());
        server.connect(name, "http://%s:%d".formatted(host, port(inner)), "u", "p");
        for (var route : routes()) {
            var answer = route.of(name);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
            assertThat(RunningApi.json(answer).path("code").asText())
                    .as(answer.body())
                    .isIn("HOST_FORBIDDEN", "HOST_UNKNOWN");
        }
        for (var path : new String[] {"/tables", "/columns", "/join-query", "/preview"}) {
            var body = Json.object().put("host", host).put("port", port(inner)).put("table", "t");
            if (path.equals("/tables")) {
                body.remove("table");
            } else if (path.equals("/join-query")) {
                body.remove("table");
                body.putArray("tables").add("t");
            }
            assertThat(old(path, body).body()).containsAnyOf("HOST_FORBIDDEN", "HOST_UNKNOWN");
        }
        assertThat(ASKED).hasValue(0);
    }

    @Test
    void noRouteGoesWhereAServerSendsIt() throws Exception {
        server.connect("sending", "http://127.0.0.1:" + port(sending), "u", "p");
        for (var route : routes()) {
            var answer = route.of("sending");
            assertThat(RunningApi.json(answer).path("code").asText())
                    .as(answer.body())
                    .isEqualTo("NOT_CLICKHOUSE");
        }
        assertThat(ASKED).hasValue(0);
    }
}
