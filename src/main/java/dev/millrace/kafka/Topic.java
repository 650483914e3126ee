package dev.millrace.kafka;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The topic of the announcements: whether it is there, and its making. Every call is limited by
/// the admin client's own time limit. Thread-safe.
final class Topic implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Topic.class);

    private final KafkaSettings settings;
    private @Nullable Admin admin;
    private volatile boolean known;

    Topic(KafkaSettings settings) {
        this.settings = settings;
    }

    /// Makes the topic when it is missing; costs nothing once it was seen.
    void ensure() {
        if (!known) {
            check();
        }
    }

    /// After a failure the topic may be gone, as when somebody emptied Kafka's disk.
    void forget() {
        known = false;
    }

    /// Asks Kafka for the topic, makes it when it is missing and gives it the partitions that it
    /// lacks.
    void check() {
        try {
            int there = partitions();
            if (there == 0) {
                create();
            } else if (there < settings.partitions() && settings.grows()) {
                grow(there);
            }
            known = true;
        } catch (KafkaException | ExecutionException e) {
            known = false;
            throw Clients.unavailable(settings, "look up the queue", cause(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Clients.unavailable(settings, "look up the queue", e);
        }
    }

    /// @return 0 when there is no such topic
    private int partitions() throws ExecutionException, InterruptedException {
        try {
            var found = admin().describeTopics(List.of(settings.topic())).allTopicNames().get();
            return found.values().stream().mapToInt(topic -> topic.partitions().size()).sum();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return 0;
            }
            throw e;
        }
    }

    private void grow(int there) throws ExecutionException, InterruptedException {
        var wanted = settings.partitions();
        try {
            var growth = Map.of(settings.topic(), NewPartitions.increaseTo(wanted));
            admin().createPartitions(growth).all().get();
            LOG.info("topic={} partitions={} before={}", settings.topic(), wanted, there);
        } catch (ExecutionException e) {
            // Another process may have given it as many meanwhile.
            if (!(e.getCause() instanceof InvalidPartitionsException)) {
                throw e;
            }
        }
    }

    private void create() throws ExecutionException, InterruptedException {
        var topic =
                new NewTopic(
                        settings.topic(), Optional.of(settings.partitions()), Optional.empty());
        try {
            admin().createTopics(List.of(topic)).all().get();
            LOG.info("created topic={} partitions={}", settings.topic(), settings.partitions());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    /// Made when it is first needed: its making fails as long as no broker's name can be resolved.
    private synchronized Admin admin() {
        if (admin == null) {
            admin = Admin.create(Clients.admin(settings));
        }
        return admin;
    }

    private static Throwable cause(Exception e) {
        return e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(KafkaSplitQueue.CLOSE_LIMIT);
        }
    }
}
