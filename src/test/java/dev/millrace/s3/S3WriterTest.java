package dev.millrace.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.HostRules;
import dev.millrace.core.MillraceException;
import dev.millrace.core.NewObject;
import dev.millrace.core.ObjectName;
import dev.millrace.core.ObjectStore;
import java.net.URI;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Writing to a real S3: whole, or not at all.
class S3WriterTest {
    private static S3Server server;
    private static String bucket;

    @BeforeAll
    static void start() {
        server = S3Server.shared();
        bucket = server.newBucket("writer");
    }

    private static ObjectStore open(URI endpoint) {
        return new S3Objects(
                S3Server.reach(endpoint, S3Server.ACCESS_KEY_ID),
                S3Server.secret(),
                HostRules.parse("127.0.0.1"));
    }

    private static byte[] content(int bytes) {
        var content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return content;
    }

    private static ErrorCode code(Runnable use) {
        var e = catchThrowableOfType(MillraceException.class, use::run);
        return Objects.requireNonNull(e, "it did not fail").code();
    }

    private static NewObject object(ObjectName name, boolean replace) {
        return new NewObject(name, replace, UUID.randomUUID(), _ -> {});
    }

    private static boolean isThere(ObjectStore store, ObjectName name) {
        return store.list(name.bucket(), name.key(), null, null).objects().stream()
                .anyMatch(object -> object.name().equals(name));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, S3Writer.FIRST_PART_BYTES, S3Writer.FIRST_PART_BYTES + 1, 20_000_000})
    void whatIsWrittenIsReadAndSeenOnlyWhenItIsWhole(int bytes) throws Exception {
        var name = new ObjectName(bucket, "whole-" + bytes);
        var content = content(bytes);
        try (var store = open(server.endpoint())) {
            try (var writer = store.create(object(name, true))) {
                for (var at = 0; at < bytes; at += 1_000_003) {
                    writer.write(content, at, Math.min(1_000_003, bytes - at));
                }
                assertThat(isThere(store, name)).isFalse();
                assertThat(writer.complete().bytes()).isEqualTo(bytes);
            }
            var object = store.look(name);
            assertThat(object.bytes()).isEqualTo(bytes);
            try (var in = store.open(object, 0)) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
        }
    }

    @Test
    void whatIsNotCompletedLeavesNothing() throws Exception {
        var name = new ObjectName(bucket, "broken");
        try (var store = open(server.endpoint())) {
            try (var writer = store.create(object(name, true))) {
                writer.write(content(20_000_000));
            }
            assertThat(isThere(store, name)).isFalse();
            assertThat(server.unfinishedUploads(bucket)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 20_000_000})
    void anObjectThatIsThereIsReplacedOnlyWhenThatIsSaid(int bytes) throws Exception {
        var name = new ObjectName(bucket, "there-" + bytes);
        server.put(bucket, name.key(), "before".getBytes(UTF_8));
        try (var store = open(server.endpoint())) {
            try (var writer = store.create(object(name, false))) {
                writer.write(content(bytes));
                assertThat(code(writer::complete)).isEqualTo(ErrorCode.OBJECT_EXISTS);
            }
            assertThat(store.look(name).bytes()).isEqualTo(6);
            assertThat(server.unfinishedUploads(bucket)).isZero();
            try (var writer = store.create(object(name, true))) {
                writer.write(content(bytes));
                writer.complete();
            }
            assertThat(store.look(name).bytes()).isEqualTo(bytes);
        }
    }

    /// Of an object at once and one in parts, whether it may replace another or not.
    @ParameterizedTest
    @CsvSource({"10,true", "10,false", "20000000,true", "20000000,false"})
    void anObjectIsItsWritersThoughTheAnswerToItsCompletionIsLost(int bytes, boolean replace)
            throws Exception {
        var name = new ObjectName(bucket, "lost-%d-%s".formatted(bytes, replace));
        var content = content(bytes);
        var completion = bytes > 10 ? "^POST \\S*uploadId=" : "^PUT ";
        try (var proxy = new LosingProxy(server.port(), completion, 1);
                var store = open(proxy.endpoint())) {
            var wanted = object(name, replace);
            try (var writer = store.create(wanted)) {
                writer.write(content);
                var written = writer.complete();
                assertThat(written).isEqualTo(store.look(name));
            }
            assertThat(proxy.left()).isZero();
            assertThat(store.find(name, wanted.mark())).isNotNull();
            assertThat(store.find(name, UUID.randomUUID())).isNull();
            try (var in = store.open(store.look(name), 0)) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
        }
    }

    @Test
    void partsThatAreAbandonedBecomeNoObject() throws Exception {
        var name = new ObjectName(bucket, "abandoned");
        var uploads = new ArrayList<String>();
        try (var store = open(server.endpoint());
                var writer =
                        store.create(new NewObject(name, true, UUID.randomUUID(), uploads::add))) {
            writer.write(content(20_000_000));
            assertThat(uploads).hasSize(1);
            store.abandon(name, uploads.getFirst());
            store.abandon(name, uploads.getFirst());
            assertThat(server.unfinishedUploads(bucket)).isZero();
            assertThat(code(writer::complete)).isEqualTo(ErrorCode.S3_REFUSED);
            assertThat(isThere(store, name)).isFalse();
        }
    }

    @Test
    void partsThatBreakOffAreSentAgain() throws Exception {
        var name = new ObjectName(bucket, "cut");
        var content = content(20_000_000);
        try (var proxy = new CuttingProxy(server.port(), 600, 2, () -> {});
                var store = open(proxy.endpoint())) {
            try (var writer = store.create(object(name, true))) {
                writer.write(content);
                writer.complete();
            }
            var object = store.look(name);
            try (var in = store.open(object, 0)) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
            assertThat(proxy.connections).hasValueGreaterThan(1);
        }
    }

    @Test
    void aBucketThatIsNotThereIsNamed() {
        try (var store = open(server.endpoint());
                var writer = store.create(object(new ObjectName("no-such-bucket", "a"), true))) {
            assertThat(code(writer::complete)).isEqualTo(ErrorCode.BUCKET_MISSING);
        }
    }
}
