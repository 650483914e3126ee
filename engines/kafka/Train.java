import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Runs a broker once, so that the JVM writes down what its next starts need (JEP 514): they take
/// half as long then. Only the broker's jars are on the class path, in the order of their names;
/// the product puts its own behind them, and can be built again without making this void.
///
/// The collector and the compiler must be those that `KafkaProgram` asks for.
///
/// Usage: java Train.java LIB CACHE
final class Train {
    private static final long LIMIT_SECONDS = 60;
    private static final String CLUSTER = "TWlsbHJhY2UgdHJhaW5pbg";

    private final Path folder;
    private final String classPath;

    private Train(Path lib, Path folder) throws IOException {
        this.folder = folder;
        try (var jars = Files.list(lib)) {
            classPath =
                    jars.map(Path::toString)
                            .sorted()
                            .collect(Collectors.joining(File.pathSeparator));
        }
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("millrace-kafka");
        try {
            new Train(Path.of(args[0]).toAbsolutePath(), folder).run(args[1]);
        } finally {
            try (var files = Files.walk(folder)) {
                files.map(Path::toFile).sorted((a, b) -> b.compareTo(a)).forEach(File::delete);
            }
        }
    }

    private void run(String cache) throws IOException, InterruptedException {
        var properties = Files.writeString(folder.resolve("properties"), properties()).toString();
        end(java(List.of(), "kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", properties));
        var broker = java(List.of("-XX:AOTCacheOutput=" + cache), "kafka.Kafka", properties);
        awaitStart(broker);
        broker.destroy(); // it writes the cache as it ends
        end(broker);
    }

    private void awaitStart(Process broker) throws IOException, InterruptedException {
        var limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!Files.readString(log()).contains("Kafka Server started")) {
            if (broker.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() > limit) {
                broker.destroyForcibly();
                throw new IOException("the broker did not start:\n" + Files.readString(log()));
            }
        }
    }

    private Process java(List<String> flags, String... program) throws IOException {
        var words = new ArrayList<String>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        words.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        words.add("-Dorg.slf4j.simpleLogger.log.kafka.server=info");
        words.addAll(flags);
        words.addAll(List.of("-cp", classPath));
        words.addAll(List.of(program));
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
    }

    private Path log() {
        return folder.resolve("log");
    }

    private static void end(Process process) throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private String properties() throws IOException {
        try (var broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var controller = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return """
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@127.0.0.1:%2$d
            listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
            controller.listener.names=CONTROLLER
            log.dirs=%3$s
            log.cleaner.dedupe.buffer.size=4194304
            """
                    .formatted(
                            broker.getLocalPort(),
                            controller.getLocalPort(),
                            folder.resolve("data"));
        }
    }
}
