package dev.millrace.clickhouse;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.millrace.Engines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// In front of the shared ClickHouse as ClickHouse Cloud is for who comes with a token: checks its
/// signature and its time, and asks as the user `reader` then.
final class BearerProxy implements AutoCloseable {
    static final String SECRET = "a secret of thirty-two bytes and more";

    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final String scheme;
    final List<String> authorizations = new CopyOnWriteArrayList<>();

    /// @param tls what it shows of itself, or null for plain HTTP
    BearerProxy(@Nullable SSLContext tls) {
        try {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            if (tls == null) {
                server = HttpServer.create(address, 0);
                scheme = "http";
            } else {
                var secure = HttpsServer.create(address, 0);
                secure.setHttpsConfigurator(new HttpsConfigurator(tls));
                server = secure;
                scheme = "https";
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::pass);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI url(String host) {
        return URI.create("%s://%s:%d".formatted(scheme, host, port()));
    }

    static String token(String secret, Duration goodFor) {
        try {
            var jwt =
                    new SignedJWT(
                            new JWSHeader(JWSAlgorithm.HS256),
                            new JWTClaimsSet.Builder()
                                    .subject("ada")
                                    .expirationTime(Date.from(Instant.now().plus(goodFor)))
                                    .build());
            jwt.sign(new MACSigner(secret));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isGood(String authorization) {
        try {
            if (!authorization.startsWith("Bearer ")) {
                return false;
            }
            var jwt = SignedJWT.parse(authorization.substring("Bearer ".length()));
            return jwt.verify(new MACVerifier(SECRET))
                    && jwt.getJWTClaimsSet().getExpirationTime().toInstant().isAfter(Instant.now());
        } catch (ParseException | JOSEException e) {
            return false;
        }
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            var authorization =
                    String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            authorizations.add(authorization);
            var body = exchange.getRequestBody().readAllBytes();
            if (!isGood(authorization)) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Bearer");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            var reader = Engines.clickhouse().reader();
            var login = reader.user() + ":" + reader.password();
            var request =
                    HttpRequest.newBuilder(
                                    URI.create(
                                            Engines.clickhouse().url()
                                                    + "/?"
                                                    + exchange.getRequestURI().getRawQuery()))
                            .header(
                                    "Authorization",
                                    "Basic "
                                            + Base64.getEncoder()
                                                    .encodeToString(
                                                            login.getBytes(StandardCharsets.UTF_8)))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build();
            var answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            answer.headers()
                    .map()
                    .forEach((name, values) -> {
                        if (name.toLowerCase(Locale.ROOT).startsWith("x-clickhouse")) {
                            exchange.getResponseHeaders().add(name, values.getFirst());
                        }
                    });
            exchange.sendResponseHeaders(
                    answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
