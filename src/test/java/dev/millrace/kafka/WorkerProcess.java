package dev.millrace.kafka;

import dev.millrace.core.SplitQueue.Delivery;
import dev.millrace.core.WorkerName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;

/// A worker in a process of its own, to be killed: takes some deliveries, says done to those whose
/// split has an even number, says so, and goes on holding the others.
final class WorkerProcess {
    private WorkerProcess() {}

    /// @param args bootstrap servers, topic, partitions, the deliveries to take
    public static void main(String[] args) {
        var settings =
                new KafkaSettings(
                        args[0], args[1], Integer.parseInt(args[2]), false, args[1], Map.of());
        int wanted = Integer.parseInt(args[3]);
        var receiver = new KafkaSplitQueue(settings).receive(WorkerName.given("killed"));
        var held = new ArrayList<Delivery>();
        while (held.size() < wanted) {
            held.addAll(receiver.poll(Duration.ofMillis(100), wanted - held.size()));
        }
        held.stream()
                .filter(d -> d.announcement().split().number() % 2 == 0)
                .forEach(receiver::done);
        receiver.poll(Duration.ofSeconds(1), 0);
        System.out.println("holding");
        while (true) {
            receiver.poll(Duration.ofSeconds(1), 0);
        }
    }
}
