package dev.millrace.kafka;

import dev.millrace.core.Announcement;
import dev.millrace.core.SplitId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// Writes announcements into the topic. One producer serves for as long as it works; a failure
/// closes it, so that nothing it still held arrives later, and the next announcement makes another.
/// Thread-safe.
final class Announcer implements AutoCloseable {
    private final KafkaSettings settings;
    private final Topic topic;
    private @Nullable KafkaProducer<String, byte[]> producer;
    private boolean closed;

    Announcer(KafkaSettings settings, Topic topic) {
        this.settings = settings;
        this.topic = topic;
    }

    /// Returns once all in-sync replicas hold all of them.
    void announce(List<Announcement> announcements) {
        if (announcements.isEmpty()) {
            return;
        }
        topic.ensure();
        try {
            send(producer(), announcements);
        } catch (ExecutionException e) {
            throw failed(announcements, e.getCause());
        } catch (KafkaException | IllegalStateException e) {
            throw failed(announcements, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(announcements, e);
        }
    }

    private static void send(
            KafkaProducer<String, byte[]> producer, String topic, List<Announcement> announcements)
            throws ExecutionException, InterruptedException {
        int partitions = producer.partitionsFor(topic).size();
        var sent = new ArrayList<Future<RecordMetadata>>(announcements.size());
        for (var a : announcements) {
            var future =
                    producer.send(
                            new ProducerRecord<>(
                                    topic,
                                    partition(a.split(), partitions),
                                    a.split().toString(),
                                    Message.write(a)));
            // Each send may block for its whole limit: stop at the first that failed.
            if (future.state() == Future.State.FAILED) {
                future.get();
            }
            sent.add(future);
        }
        for (var future : sent) {
            future.get();
        }
    }

    private void send(KafkaProducer<String, byte[]> producer, List<Announcement> announcements)
            throws ExecutionException, InterruptedException {
        send(producer, settings.topic(), announcements);
    }

    /// A job's splits go around the partitions, so that even a few of them find all workers; a hash
    /// of each split would not. The step is about half of the way around: whether a worker has
    /// every second partition or one half of them, each next split meets another worker.
    static int partition(SplitId split, int partitions) {
        int step = partitions / 2 + 1;
        while (greatestCommonDivisor(step, partitions) != 1) {
            step++;
        }
        long start = split.job().uuid().hashCode() + (long) split.source();
        return Math.floorMod(start + (long) split.number() * step, partitions);
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    private synchronized KafkaProducer<String, byte[]> producer() {
        if (closed) {
            throw new IllegalStateException("the queue is closed");
        }
        if (producer == null) {
            producer = new KafkaProducer<>(Clients.producer(settings));
        }
        return producer;
    }

    private RuntimeException failed(List<Announcement> announcements, @Nullable Throwable cause) {
        topic.forget();
        close(Duration.ZERO);
        return Clients.unavailable(
                settings,
                "announce %d splits from %s on"
                        .formatted(announcements.size(), announcements.getFirst().split()),
                cause);
    }

    private synchronized void close(Duration limit) {
        if (producer != null) {
            producer.close(limit);
            producer = null;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        close(KafkaSplitQueue.CLOSE_LIMIT);
    }
}
