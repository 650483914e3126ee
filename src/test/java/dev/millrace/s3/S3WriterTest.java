package dev.millrace.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.HostRules;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ObjectName;
import dev.millrace.core.ObjectStore;
import java.net.URI;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
            try (var writer = store.create(name, true)) {
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
            try (var writer = store.create(name, true)) {
                writer.write(content(20_000_000));
            }
            assertThat(isThere(store, name)).isFalse();
            assertThat(server.unfinishedUploads(bucket)).isZero();
        }
    }

    @Test
    void anObjectThatIsThereIsReplacedOnlyWhenThatIsSaid() throws Exception {
        var name = new ObjectName(bucket, "there");
        server.put(bucket, "there", "before".getBytes(UTF_8));
        try (var store = open(server.endpoint())) {
            try (var writer = store.create(name, false)) {
                writer.write(content(10));
                assertThat(code(writer::complete)).isEqualTo(ErrorCode.OBJECT_EXISTS);
            }
            assertThat(store.look(name).bytes()).isEqualTo(6);
            try (var writer = store.create(name, true)) {
                writer.write(content(10));
                writer.complete();
            }
            assertThat(store.look(name).bytes()).isEqualTo(10);
        }
    }

    @Test
    void partsThatBreakOffAreSentAgain() throws Exception {
        var name = new ObjectName(bucket, "cut");
        var content = content(20_000_000);
        try (var proxy = new CuttingProxy(server.port(), 600, 2, () -> {});
                var store = open(proxy.endpoint())) {
            try (var writer = store.create(name, true)) {
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
                var writer = store.create(new ObjectName("no-such-bucket", "a"), true)) {
            assertThat(code(writer::complete)).isEqualTo(ErrorCode.BUCKET_MISSING);
        }
    }
}
