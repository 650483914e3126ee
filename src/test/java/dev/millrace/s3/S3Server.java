package dev.millrace.s3;

import dev.millrace.core.S3Reach;
import dev.millrace.core.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// A real S3 for tests, S3Proxy in a process of its own: it keeps objects in files, and checks
/// signatures, ranges and conditions. It starts when it is first asked for, once for the whole run.
/// Tests share it, so each uses a bucket of its own.
public final class S3Server {
    public static final String ACCESS_KEY_ID = "millrace-test-id";
    public static final String SECRET = "a-secret-access-key-that-nobody-may-see";

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private static @Nullable S3Server shared;

    private final Process process;
    private final int port;
    private final S3Client client;

    private S3Server(Process process, int port) {
        this.process = process;
        this.port = port;
        this.client =
                S3Client.builder()
                        .endpointOverride(endpoint())
                        .region(Region.US_EAST_1)
                        .forcePathStyle(true)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(ACCESS_KEY_ID, SECRET)))
                        .build();
    }

    public static synchronized S3Server shared() {
        if (shared == null) {
            try {
                shared = start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return shared;
    }

    private static S3Server start() throws IOException {
        var lib = Path.of("target/s3proxy/lib");
        if (!Files.isDirectory(lib)) {
            throw new AssertionError(
                    "There is no S3Proxy; src/test/s3proxy/install.sh target/s3proxy installs it");
        }
        var folder = Files.createTempDirectory("millrace-test-s3-");
        var port = freePort();
        var settings = folder.resolve("s3proxy.conf");
        Files.createDirectory(folder.resolve("objects"));
        Files.write(
                settings,
                List.of(
                        "s3proxy.endpoint=http://127.0.0.1:" + port,
                        "s3proxy.authorization=aws-v2-or-v4",
                        "s3proxy.identity=" + ACCESS_KEY_ID,
                        "s3proxy.credential=" + SECRET,
                        "jclouds.provider=filesystem-nio2",
                        "jclouds.identity=none",
                        "jclouds.credential=none",
                        "jclouds.filesystem.basedir=" + folder.resolve("objects")));
        // at its usual level it writes each chunk of an object into the log
        Files.writeString(
                folder.resolve("logback.xml"),
                "<configuration><root level=\"off\"/></configuration>");
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-Xmx128m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                folder + ":" + lib.toAbsolutePath() + "/*",
                                "org.gaul.s3proxy.Main",
                                "--properties",
                                settings.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("output").toFile())
                        .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process, folder)));
        await(process, port, folder);
        return new S3Server(process, port);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void await(Process process, int port, Path folder) throws IOException {
        var end = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new AssertionError(
                            "S3Proxy did not start: " + Files.readString(folder.resolve("output")),
                            e);
                }
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    private static void end(Process process, Path folder) {
        process.destroyForcibly();
        try (var files = Files.walk(folder)) {
            process.waitFor(10, TimeUnit.SECONDS);
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public int port() {
        return port;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// Makes a bucket that nobody else uses.
    public String newBucket(String prefix) {
        var name = prefix + "-" + Long.toString(System.nanoTime(), 36);
        client.createBucket(request -> request.bucket(name));
        return name;
    }

    public void put(String bucket, String key, byte[] content) {
        client.putObject(
                request -> request.bucket(bucket).key(key), RequestBody.fromBytes(content));
    }

    /// An object's content.
    public byte[] get(String bucket, String key) {
        return client.getObjectAsBytes(request -> request.bucket(bucket).key(key)).asByteArray();
    }

    /// The keys of a bucket's objects.
    public List<String> keys(String bucket) {
        return client.listObjectsV2(request -> request.bucket(bucket)).contents().stream()
                .map(object -> object.key())
                .toList();
    }

    public void delete(String bucket, String key) {
        client.deleteObject(request -> request.bucket(bucket).key(key));
    }

    /// How many objects of a bucket were begun in parts, and neither completed nor given up.
    public int unfinishedUploads(String bucket) {
        return client.listMultipartUploads(request -> request.bucket(bucket)).uploads().size();
    }

    /// How it is reached.
    public S3Reach reach() {
        return reach(endpoint(), ACCESS_KEY_ID);
    }

    /// How something that stands before it is reached.
    public static S3Reach reach(URI endpoint, String accessKeyId) {
        return new S3Reach(
                endpoint,
                "us-east-1",
                true,
                accessKeyId,
                false,
                null,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5));
    }

    public static Secret secret() {
        return S3Reach.secret(SECRET, null);
    }
}
