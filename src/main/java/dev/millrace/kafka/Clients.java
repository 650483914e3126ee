package dev.millrace.kafka;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.WorkerName;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// How the Kafka clients are set up, and how their failures are said. The time limits add up so
/// that whoever waits for a broker that is not there knows within ten seconds.
final class Clients {
    /// After so many milliseconds without a heartbeat a worker's partitions go to the others.
    static final int SESSION_MILLIS = 8_000;

    /// The most messages of one fetch, and so of a receiver's buffer.
    static final int FETCH_MESSAGES = 64;

    private static final int REQUEST_MILLIS = 3_000;
    private static final int METADATA_MILLIS = 4_000;
    private static final int DELIVERY_MILLIS = 5_000;

    private Clients() {}

    static Map<String, Object> admin(KafkaSettings settings) {
        var p = common(settings);
        p.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, METADATA_MILLIS);
        return p;
    }

    static Map<String, Object> producer(KafkaSettings settings) {
        var p = common(settings);
        p.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        p.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        p.put(ProducerConfig.ACKS_CONFIG, "all");
        p.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        p.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        p.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, METADATA_MILLIS);
        p.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MILLIS);
        return p;
    }

    /// The classic group protocol, because with it the session's length is the client's to choose.
    static Map<String, Object> consumer(KafkaSettings settings, WorkerName worker) {
        var p = common(settings);
        p.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        p.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        p.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        p.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
        if (worker.returns()) {
            p.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, worker.text());
        }
        p.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName());
        p.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
        p.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_000);
        p.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 60_000);
        p.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, METADATA_MILLIS);
        p.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        p.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        p.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        p.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        p.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 250);
        p.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, FETCH_MESSAGES);
        return p;
    }

    private static Map<String, Object> common(KafkaSettings settings) {
        Map<String, Object> p = new HashMap<>(settings.client());
        p.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        p.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
        return p;
    }

    static MillraceException unavailable(
            KafkaSettings settings, String what, @Nullable Throwable cause) {
        var reason = cause == null ? "" : ": " + reason(cause);
        return new MillraceException(
                ErrorCode.KAFKA_UNAVAILABLE,
                "Could not %s, topic %s of Kafka at %s%s"
                        .formatted(what, settings.topic(), settings.bootstrapServers(), reason),
                "Check that Kafka runs at that address and lets Millrace in.",
                cause);
    }

    private static String reason(Throwable e) {
        var message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
