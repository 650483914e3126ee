package dev.millrace.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.millrace.clickhouse.OwnCertificate;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.HostRules;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ObjectName;
import dev.millrace.core.ObjectStore;
import dev.millrace.core.S3Reach;
import dev.millrace.core.Secret;
import dev.millrace.core.StoredObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Reading from a real S3, and what is said when it refuses.
class S3ObjectsTest {
    private static final HostRules LOCAL = HostRules.parse("127.0.0.1, localhost");
    private static S3Server server;
    private static String bucket;

    @BeforeAll
    static void start() {
        server = S3Server.shared();
        bucket = server.newBucket("objects");
        server.put(bucket, "a/plain.csv", "hello".getBytes(UTF_8));
    }

    private static ObjectStore open() {
        return new S3Objects(server.reach(), S3Server.secret(), LOCAL);
    }

    private static ObjectStore open(URI endpoint) {
        return new S3Objects(
                S3Server.reach(endpoint, S3Server.ACCESS_KEY_ID), S3Server.secret(), LOCAL);
    }

    private static ObjectName name(String key) {
        return new ObjectName(bucket, key);
    }

    /// What a use of a store fails with.
    private static MillraceException failure(ObjectStore store, Function<ObjectStore, Object> use) {
        try (store) {
            var e = catchThrowableOfType(MillraceException.class, () -> use.apply(store));
            Objects.requireNonNull(e, "it did not fail");
            assertThat(e.what() + e.remedy()).doesNotContain(S3Server.SECRET);
            return e;
        }
    }

    private static ErrorCode code(ObjectStore store, Function<ObjectStore, Object> use) {
        return failure(store, use).code();
    }

    @Test
    void anObjectIsReadFromAnyByteOn() throws IOException {
        try (var store = open()) {
            var object = store.look(name("a/plain.csv"));
            assertThat(object.bytes()).isEqualTo(5);
            for (var from = 0; from <= 5; from++) {
                try (var in = store.open(object, from)) {
                    assertThat(new String(in.readAllBytes(), UTF_8))
                            .isEqualTo("hello".substring(from));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ä ö/ü+&=%41?x#y.csv", "with space", "100%", "a'b\"c", "日本.csv"})
    void aKeyIsTakenAsItStands(String key) throws IOException {
        server.put(bucket, key, key.getBytes(UTF_8));
        try (var store = open()) {
            var object = store.look(name(key));
            try (var in = store.open(object, 0)) {
                assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo(key);
            }
            assertThat(store.list(bucket, key, null, null).objects())
                    .extracting(StoredObject::name)
                    .containsExactly(name(key));
        }
    }

    @Test
    void anEmptyObjectHasNoBytes() throws IOException {
        server.put(bucket, "empty", new byte[0]);
        try (var store = open()) {
            var object = store.look(name("empty"));
            assertThat(object.bytes()).isZero();
            try (var in = store.open(object, 0)) {
                assertThat(in.read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void anotherObjectInItsPlaceIsNotReadOn() {
        server.put(bucket, "changing", "first".getBytes(UTF_8));
        try (var store = open()) {
            var object = store.look(name("changing"));
            server.put(bucket, "changing", "other".getBytes(UTF_8));
            assertThat(code(open(), s -> s.open(object, 2))).isEqualTo(ErrorCode.OBJECT_CHANGED);
            server.delete(bucket, "changing");
            assertThat(code(open(), s -> s.open(object, 2))).isEqualTo(ErrorCode.OBJECT_MISSING);
        }
    }

    @Test
    void listsComeInPagesAndByParts() {
        var many = server.newBucket("pages");
        for (var n = 0; n < 1_005; n++) {
            server.put(many, "x/%04d".formatted(n), new byte[] {1});
        }
        server.put(many, "y/z/1", new byte[] {1});
        try (var store = open()) {
            var keys = new ArrayList<String>();
            var pages = 0;
            for (var page = store.list(many, "x/", null, null); ; pages++) {
                page.objects().forEach(object -> keys.add(object.name().key()));
                if (page.next() == null) {
                    break;
                }
                page = store.list(many, "x/", null, page.next());
            }
            assertThat(pages).isEqualTo(1);
            assertThat(keys).hasSize(1_005).isSorted().doesNotHaveDuplicates();
            var top = store.list(many, "", "/", null);
            assertThat(top.prefixes()).containsExactly("x/", "y/");
            assertThat(top.objects()).isEmpty();
        }
    }

    @Test
    void aVisitSaysWhatIsThere() {
        try (var store = open()) {
            assertThat(store.check(null).buckets()).isPositive();
            assertThat(store.check(new ObjectName(bucket, "a/")).read())
                    .isEqualTo(name("a/plain.csv"));
            assertThat(store.check(new ObjectName(bucket, "nothing")).read()).isNull();
        }
    }

    @Test
    void whatIsNotThereHasACodeOfItsOwn() {
        assertThat(code(open(), s -> s.look(name("nothing")))).isEqualTo(ErrorCode.OBJECT_MISSING);
        var nowhere = new ObjectName("no-such-bucket", "a");
        assertThat(code(open(), s -> s.look(nowhere))).isEqualTo(ErrorCode.BUCKET_MISSING);
        assertThat(code(open(), s -> s.check(nowhere))).isEqualTo(ErrorCode.BUCKET_MISSING);
        assertThat(code(open(), s -> s.list("no-such-bucket", "", null, null)))
                .isEqualTo(ErrorCode.BUCKET_MISSING);
    }

    @Test
    void aWrongSecretAndAnUnknownKeyAreToldApart() {
        var wrong = S3Reach.secret("wrong", null);
        assertThat(code(new S3Objects(server.reach(), wrong, LOCAL), s -> s.check(null)))
                .isEqualTo(ErrorCode.LOGIN_REFUSED);
        var unknown = S3Server.reach(server.endpoint(), "nobody");
        var e = failure(new S3Objects(unknown, wrong, LOCAL), s -> s.look(name("a/plain.csv")));
        assertThat(e.code()).isEqualTo(ErrorCode.ACCESS_KEY_UNKNOWN);
        assertThat(e.what()).contains("'nobody'");
    }

    @ParameterizedTest
    @CsvSource({
        "403, RequestTimeTooSkewed, CLOCK_SKEWED",
        "403, AccessDenied, RIGHT_MISSING",
        "400, ExpiredToken, TOKEN_REFUSED",
        "400, InvalidToken, TOKEN_REFUSED",
        "503, SlowDown, S3_UNAVAILABLE",
        "500, InternalError, S3_UNAVAILABLE",
        "400, InvalidRequest, S3_REFUSED",
        "301, PermanentRedirect, REGION_WRONG",
        "307, TemporaryRedirect, REGION_WRONG",
    })
    void whatS3RefusesHasACodeOfItsOwn(int status, String said, ErrorCode expected) {
        try (var s3 = AnsweringS3.refusing(status, said, "no")) {
            assertThat(code(open(s3.endpoint()), s -> s.look(name("a")))).isEqualTo(expected);
            assertThat(s3.requests).hasValue(1);
        }
    }

    @Test
    void theRightThatIsMissingIsNamed() {
        try (var s3 = AnsweringS3.refusing(403, "AccessDenied", "Access Denied")) {
            assertThat(failure(open(s3.endpoint()), s -> s.look(name("a"))).what())
                    .contains("s3:GetObject", S3Server.ACCESS_KEY_ID, name("a").toString());
            assertThat(failure(open(s3.endpoint()), s -> s.check(name(""))).what())
                    .contains("s3:ListBucket");
            try (var store = open(s3.endpoint())) {
                assertThat(store.check(null).buckets()).isNull();
            }
        }
    }

    @Test
    void theRightRegionIsTold() {
        try (var s3 =
                AnsweringS3.refusing(
                        400,
                        "AuthorizationHeaderMalformed",
                        "The authorization header is malformed; the region 'us-east-1' is wrong;"
                                + " expecting 'eu-west-1'")) {
            assertThat(failure(open(s3.endpoint()), s -> s.look(name("a"))).what())
                    .contains("'us-east-1'", "'eu-west-1'");
        }
        try (var s3 =
                new AnsweringS3(
                        301,
                        Map.of("x-amz-bucket-region", "ap-south-1"),
                        "<Error><Code>PermanentRedirect</Code></Error>")) {
            assertThat(failure(open(s3.endpoint()), s -> s.look(name("a"))).remedy())
                    .contains("--region ap-south-1");
        }
    }

    @Test
    void aRedirectIsNotFollowed() {
        try (var elsewhere = new AnsweringS3(200, Map.of(), "hello");
                var s3 =
                        new AnsweringS3(
                                302, Map.of("Location", elsewhere.endpoint().toString()), "")) {
            assertThat(code(open(s3.endpoint()), s -> s.look(name("a"))))
                    .isEqualTo(ErrorCode.NOT_S3);
            assertThat(elsewhere.requests).hasValue(0);
        }
    }

    @Test
    void somethingElseIsNoS3() throws IOException {
        var page = "<html><body>welcome</body></html>";
        try (var web = new AnsweringS3(200, Map.of("Content-Type", "text/html"), page)) {
            assertThat(code(open(web.endpoint()), s -> s.check(null))).isEqualTo(ErrorCode.NOT_S3);
            assertThat(code(open(web.endpoint()), s -> s.look(name("a"))))
                    .isEqualTo(ErrorCode.NOT_S3);
        }
        try (var web = new AnsweringS3(404, Map.of("Content-Type", "text/html"), page)) {
            assertThat(code(open(web.endpoint()), s -> s.check(null))).isEqualTo(ErrorCode.NOT_S3);
        }
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        var nobody = URI.create("http://127.0.0.1:" + closed);
        assertThat(code(open(nobody), s -> s.check(null))).isEqualTo(ErrorCode.PORT_CLOSED);
        var object = new StoredObject(name("a"), 5, "\"x\"");
        assertThat(code(open(nobody), s -> s.open(object, 0))).isEqualTo(ErrorCode.S3_UNAVAILABLE);
        var unknown = URI.create("http://nobody.invalid:9000");
        assertThat(code(open(unknown), s -> s.check(null))).isEqualTo(ErrorCode.HOST_UNKNOWN);
        var plain = URI.create("https://127.0.0.1:" + server.port());
        assertThat(code(open(plain), s -> s.check(null))).isEqualTo(ErrorCode.TLS_FAILED);
    }

    @Test
    void onlyHostsThatAreAllowedAreReached() {
        var none = HostRules.parse("public");
        var store = new S3Objects(server.reach(), S3Server.secret(), none);
        assertThat(code(store, s -> s.check(null))).isEqualTo(ErrorCode.HOST_FORBIDDEN);
        var object = new StoredObject(name("a/plain.csv"), 5, "\"x\"");
        var again = new S3Objects(server.reach(), S3Server.secret(), none);
        assertThat(code(again, s -> s.open(object, 0))).isEqualTo(ErrorCode.HOST_FORBIDDEN);
    }

    @Test
    void aCertificateIsTrustedWhenItsAuthorityIsGiven(@TempDir Path folder) throws Exception {
        var own = OwnCertificate.of(folder, "dns:localhost");
        var https =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(own.tls()));
        https.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        var body =
                                "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>"
                                        .getBytes(UTF_8);
                        exchange.getResponseHeaders().add("Content-Type", "application/xml");
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                    }
                });
        https.start();
        try {
            var endpoint = URI.create("https://localhost:" + https.getAddress().getPort());
            assertThat(code(open(endpoint), s -> s.check(null))).isEqualTo(ErrorCode.TLS_FAILED);
            var trusting =
                    new S3Reach(
                            endpoint,
                            "us-east-1",
                            true,
                            "id",
                            false,
                            own.pem(),
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(5));
            try (var store = new S3Objects(trusting, new Secret("x"), LOCAL)) {
                assertThat(store.check(null).buckets()).isZero();
            }
        } finally {
            https.stop(0);
        }
    }

    @Test
    void onlyWhatTheConnectionSaysIsUsed() {
        var others =
                Map.of(
                        "aws.endpointUrlS3", "http://127.0.0.1:1",
                        "aws.endpointUrl", "http://127.0.0.1:1",
                        "aws.accessKeyId", "another",
                        "aws.secretAccessKey", "another",
                        "aws.region", "eu-west-1",
                        "http.proxyHost", "127.0.0.1",
                        "http.proxyPort", "1");
        others.forEach(System::setProperty);
        try (var store = open()) {
            assertThat(store.look(name("a/plain.csv")).bytes()).isEqualTo(5);
        } finally {
            others.keySet().forEach(System::clearProperty);
        }
    }

    @Test
    void theEndpointOfAwsIsThatOfTheRegion() {
        var reach =
                new S3Reach(
                        null,
                        "eu-west-1",
                        false,
                        "id",
                        false,
                        null,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1));
        assertThat(S3Clients.endpoint(reach))
                .isEqualTo(URI.create("https://s3.eu-west-1.amazonaws.com"));
        assertThat(List.of(reach.toString(), S3Server.secret().toString()))
                .noneMatch(text -> text.contains(S3Server.SECRET));
    }
}
