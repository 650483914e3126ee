package dev.millrace.kafka;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SplitQueue.Delivery;
import dev.millrace.core.SplitQueue.Receiver;
import dev.millrace.core.WorkerName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One worker's membership in the group.
///
/// What Kafka sent and the worker could not take yet waits here, at most one fetch; meanwhile the
/// partitions are paused, so that asking Kafka, which the membership needs, brings no more. What is
/// done is committed by the thread that polls, on its next round, and before partitions go to
/// another worker. When they are lost without notice nothing is committed: the next worker finds
/// done what is done.
final class KafkaReceiver implements Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaReceiver.class);

    /// A wait is cut into rounds of so many milliseconds, each of which commits what is done.
    private static final int ROUND_MILLIS = 200;

    private static final Duration COMMIT_LIMIT = Duration.ofSeconds(2);

    private final KafkaSettings settings;
    private final WorkerName worker;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Silence silence;
    private final Shareless shareless = new Shareless();
    private final ArrayDeque<Delivery> waiting = new ArrayDeque<>(Clients.FETCH_MESSAGES);
    private final Map<Integer, Offsets> offsets = new ConcurrentHashMap<>();
    private boolean paused;
    private boolean committing;
    private boolean closed;

    private KafkaReceiver(
            KafkaSettings settings, WorkerName worker, KafkaConsumer<String, byte[]> consumer) {
        this.settings = settings;
        this.worker = worker;
        this.consumer = consumer;
        this.silence = new Silence(worker.text(), consumer.metrics());
    }

    static KafkaReceiver open(KafkaSettings settings, WorkerName worker) {
        try {
            var consumer = new KafkaConsumer<String, byte[]>(Clients.consumer(settings, worker));
            var receiver = new KafkaReceiver(settings, worker, consumer);
            consumer.subscribe(List.of(settings.topic()), receiver.new Membership());
            return receiver;
        } catch (KafkaException e) {
            throw Clients.unavailable(settings, "join the workers", e);
        }
    }

    @Override
    public List<Delivery> poll(Duration limit, int most) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            long left;
            do {
                left = Math.max(0, end - System.nanoTime());
                round(Duration.ofNanos(Math.min(left, ROUND_MILLIS * 1_000_000L)), most);
                if (most > 0 && !waiting.isEmpty()) {
                    return take(most);
                }
            } while (left > 0);
            return List.of();
        } catch (FencedInstanceIdException e) {
            throw putOut(e);
        } catch (KafkaException e) {
            throw Clients.unavailable(settings, "receive splits", e);
        }
    }

    /// Asks Kafka once: for messages when there is use for them, and for the membership's sake.
    private void round(Duration limit, int most) {
        boolean wanted = most > 0 && waiting.isEmpty();
        pause(!wanted);
        boolean served = most > 0 && !wanted;
        for (var message : consumer.poll(served ? Duration.ZERO : limit)) {
            receive(message);
        }
        silence.watch();
        commit();
        if (shareless.asks(isMember() && consumer.assignment().isEmpty())) {
            consumer.enforceRebalance("it has no partitions");
        }
    }

    private boolean isMember() {
        return consumer.groupMetadata().generationId() >= 0;
    }

    private void pause(boolean pause) {
        if (pause && !paused) {
            consumer.pause(consumer.assignment());
        } else if (!pause && paused) {
            consumer.resume(consumer.assignment());
        }
        paused = pause;
    }

    private void receive(ConsumerRecord<String, byte[]> message) {
        var progress = offsets.computeIfAbsent(message.partition(), p -> new Offsets());
        progress.taken(message.offset());
        Message.read(message.value())
                .map(a -> new Delivery(a, message.partition(), message.offset()))
                .ifPresentOrElse(waiting::add, () -> skip(message, progress));
    }

    private void skip(ConsumerRecord<String, byte[]> message, Offsets progress) {
        LOG.warn(
                "skipped a message that is no announcement topic={} partition={} offset={}",
                message.topic(),
                message.partition(),
                message.offset());
        progress.done(message.offset());
    }

    private List<Delivery> take(int most) {
        var taken = new ArrayList<Delivery>(Math.min(most, waiting.size()));
        while (taken.size() < most && !waiting.isEmpty()) {
            taken.add(waiting.remove());
        }
        return taken;
    }

    /// One that belongs to a partition which meanwhile went to another worker is done in vain.
    @Override
    public void done(Delivery delivery) {
        var progress = offsets.get(delivery.partition());
        if (progress != null) {
            progress.done(delivery.offset());
        }
    }

    private void commit() {
        var news = news(offsets.keySet());
        if (committing || news.isEmpty()) {
            return;
        }
        committing = true;
        consumer.commitAsync(
                news,
                (asked, failure) -> {
                    committing = false;
                    if (failure == null) {
                        committed(news);
                    } else {
                        LOG.debug("commit worker={} again after {}", worker, failure.toString());
                    }
                });
    }

    /// Before others take over: what is not committed here they repeat, which costs but harms not.
    private void commitNow(Collection<Integer> partitions) {
        var news = news(partitions);
        if (news.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(news, COMMIT_LIMIT);
            committed(news);
        } catch (KafkaException e) {
            LOG.warn("not committed worker={} offsets={} reason={}", worker, news, e.toString());
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> news(Collection<Integer> partitions) {
        var news = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (int p : partitions) {
            var progress = offsets.get(p);
            if (progress != null) {
                progress.toCommit()
                        .ifPresent(offset ->
                                news.put(
                                        new TopicPartition(settings.topic(), p),
                                        new OffsetAndMetadata(offset)));
            }
        }
        return news;
    }

    private void committed(Map<TopicPartition, OffsetAndMetadata> news) {
        news.forEach((partition, offset) -> {
            var progress = offsets.get(partition.partition());
            if (progress != null) {
                progress.committed(offset.offset());
            }
        });
    }

    private void forget(Set<Integer> partitions) {
        offsets.keySet().removeAll(partitions);
        waiting.removeIf(d -> partitions.contains(d.partition()));
    }

    private MillraceException putOut(FencedInstanceIdException e) {
        return new MillraceException(
                ErrorCode.ALREADY_RUNNING,
                "Another worker named %s has joined the group %s and put this one out"
                        .formatted(worker, settings.group()),
                "Give every worker a name of its own.",
                e);
    }

    /// Commits what is done, in five seconds at most. An interrupted thread closes too.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean interrupted = Thread.interrupted();
        try {
            commitNow(List.copyOf(offsets.keySet()));
            consumer.close(CloseOptions.timeout(KafkaSplitQueue.CLOSE_LIMIT));
        } catch (KafkaException e) {
            LOG.warn("not closed well worker={} reason={}", worker, e.toString());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Called by Kafka's consumer inside of its poll.
    private final class Membership implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            if (paused) {
                consumer.pause(assigned);
            }
            LOG.info("worker={} takes partitions={}", worker, numbers(assigned));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            var numbers = numbers(revoked);
            commitNow(numbers);
            forget(numbers);
            LOG.info("worker={} gives partitions={}", worker, numbers);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            forget(numbers(lost));
            LOG.warn("worker={} lost partitions={}", worker, numbers(lost));
        }

        private Set<Integer> numbers(Collection<TopicPartition> partitions) {
            return Set.copyOf(partitions.stream().map(TopicPartition::partition).toList());
        }
    }
}
