package dev.millrace.kafka;

import java.util.Map;

/// Where the announcements are kept.
///
/// @param bootstrapServers `host:port` of some brokers, separated by commas
/// @param topic the one topic of all announcements; created when it is missing
/// @param partitions of the topic when it is created, at least 1: so many workers can share the
///   work
/// @param grows whether a topic that has fewer partitions gets more
/// @param group the consumer group that the workers form
/// @param client further settings of every Kafka client, such as those of TLS and SASL; they cannot
///   replace the ones that the queue's promises rest on
public record KafkaSettings(
        String bootstrapServers,
        String topic,
        int partitions,
        boolean grows,
        String group,
        Map<String, String> client) {
    public static final String DEFAULT_TOPIC = "millrace-splits";
    public static final int DEFAULT_PARTITIONS = 12;
    public static final String DEFAULT_GROUP = "millrace-workers";

    public KafkaSettings {
        client = Map.copyOf(client);
    }

    /// The default topic and group of some brokers.
    public static KafkaSettings of(String bootstrapServers) {
        return new KafkaSettings(
                bootstrapServers,
                DEFAULT_TOPIC,
                DEFAULT_PARTITIONS,
                false,
                DEFAULT_GROUP,
                Map.of());
    }

    /// The same with another topic, which has its own group of workers.
    public KafkaSettings withTopic(String name) {
        return name.equals(topic)
                ? this
                : new KafkaSettings(
                        bootstrapServers, name, partitions, grows, name + "-workers", client);
    }

    /// The same with so many partitions at least, whether the topic is there or not.
    public KafkaSettings withPartitions(int least) {
        return new KafkaSettings(bootstrapServers, topic, least, true, group, client);
    }
}
