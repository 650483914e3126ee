package dev.millrace.embedded;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Kafka: one broker that is its own controller, in a JVM of its own ([KafkaChild]).
final class KafkaProgram implements EngineProgram {

    private final EngineHome home;
    private final Path folder;
    private final int port;
    private final int controllerPort;

    KafkaProgram(EngineHome home, Path folder, int port, int controllerPort) {
        this.home = home;
        this.folder = folder;
        this.port = port;
        this.controllerPort = controllerPort;
    }

    @Override
    public Engine engine() {
        return Engine.KAFKA;
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public void prepare(EngineLog log) throws IOException {
        OwnerOnly.folder(folder);
        OwnerOnly.write(propertiesFile(), properties());
        if (!Files.exists(clusterIdFile())) {
            OwnerOnly.write(clusterIdFile(), newClusterId());
        }
    }

    /// What is not said here is Kafka's default. Announcements are small and soon done with, so
    /// logs are kept short; a broker that was killed is let back in after 2 s instead of 9.
    private String properties() {
        return """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
        inter.broker.listener.name=PLAINTEXT
        controller.listener.names=CONTROLLER
        log.dirs=%3$s
        auto.create.topics.enable=false
        min.insync.replicas=1
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=4
        transaction.state.log.replication.factor=1
        transaction.state.log.num.partitions=4
        transaction.state.log.min.isr=1
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.num.partitions=2
        share.coordinator.state.topic.min.isr=1
        broker.session.timeout.ms=2000
        broker.heartbeat.interval.ms=500
        group.initial.rebalance.delay.ms=0
        group.min.session.timeout.ms=1000
        num.network.threads=2
        num.io.threads=4
        log.segment.bytes=67108864
        log.retention.hours=24
        log.retention.bytes=268435456
        log.cleaner.dedupe.buffer.size=4194304
        """
                .formatted(port, controllerPort, logFolder());
    }

    private Path logFolder() {
        return folder.resolve("data");
    }

    private Path propertiesFile() {
        return folder.resolve("server.properties");
    }

    private Path clusterIdFile() {
        return folder.resolve("cluster.id");
    }

    /// 16 random bytes in URL-safe Base64 without padding, as Kafka writes them. It takes an id
    /// that begins with a dash for an option.
    private static String newClusterId() {
        while (true) {
            var random = UUID.randomUUID();
            var bytes =
                    ByteBuffer.allocate(16)
                            .putLong(random.getMostSignificantBits())
                            .putLong(random.getLeastSignificantBits())
                            .array();
            var id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            if (!id.startsWith("-")) {
                return id;
            }
        }
    }

    @Override
    public List<String> command() {
        var flags =
                new ArrayList<>(
                        List.of(
                                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                                "-Dorg.slf4j.simpleLogger.log.kafka.server=info",
                                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                                "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS"));
        var cache = home.kafkaLib().resolveSibling("kafka.aot");
        if (Files.exists(cache)) {
            flags.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=off"));
        }
        var words = new ArrayList<>(Command.java(192, flags, classPath()));
        words.add(KafkaChild.class.getName());
        words.add(propertiesFile().toString());
        words.add(logFolder().toString());
        words.add(clusterId());
        return words;
    }

    /// The broker's jars by name, then our own classes: the cache of its classes holds for a class
    /// path that begins as the one that it was made with.
    private String classPath() {
        try (var jars = Files.list(home.kafkaLib())) {
            return Stream.concat(jars.sorted(), Stream.of(home.classes()))
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String clusterId() {
        try {
            return Files.readString(clusterIdFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Asks for the cluster's metadata (Kafka protocol, api key 3, version 1, no topics): the
    /// broker is ready when it names itself.
    @Override
    public void requireReady() throws IOException {
        try (var socket = Loopback.connect(port, ANSWER_LIMIT_MILLIS)) {
            var out = new DataOutputStream(socket.getOutputStream());
            var in = new DataInputStream(socket.getInputStream());
            out.write(
                    ByteBuffer.allocate(18)
                            .putInt(14)
                            .putShort((short) 3)
                            .putShort((short) 1)
                            .putInt(1)
                            .putShort((short) -1)
                            .putInt(0)
                            .array());
            int length = in.readInt();
            int correlation = in.readInt();
            int brokers = in.readInt();
            if (length < 12 || correlation != 1 || brokers < 1) {
                throw new IOException("Kafka has no broker yet");
            }
        }
    }
}
