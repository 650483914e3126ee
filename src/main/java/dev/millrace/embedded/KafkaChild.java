package dev.millrace.embedded;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// The process that is Kafka: formats the log folder when it is new, then runs the broker. Stops in
/// good order when its standard input ends. Kafka is on this process's class path alone, so it is
/// called by reflection.
public final class KafkaChild {
    private KafkaChild() {}

    /// @param args the broker's properties file, its log folder, the cluster's id
    public static void main(String[] args) throws ReflectiveOperationException {
        Thread.ofPlatform().daemon().name("parent").start(KafkaChild::leaveWithParent);
        if (!Files.exists(Path.of(args[1], "meta.properties"))) {
            format(args[0], args[2]);
        }
        Class.forName("kafka.Kafka")
                .getMethod("main", String[].class)
                .invoke(null, (Object) new String[] {args[0]});
    }

    private static void format(String properties, String clusterId)
            throws ReflectiveOperationException {
        String[] words = {
            "format", "--ignore-formatted", "--cluster-id", clusterId, "--config", properties
        };
        var code =
                Class.forName("kafka.tools.StorageTool")
                        .getMethod("execute", String[].class, PrintStream.class)
                        .invoke(null, words, System.out);
        if (!Integer.valueOf(0).equals(code)) {
            throw new IllegalStateException("formatting Kafka's log folder ended with " + code);
        }
    }

    private static void leaveWithParent() {
        try {
            while (System.in.read() >= 0) {
                // the parent says nothing; it is only there
            }
        } catch (IOException e) {
            System.err.println("standard input broke: " + e);
        }
        System.exit(0);
    }
}
