package dev.millrace.kafka;

import dev.millrace.core.Announcement;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SplitQueue;
import dev.millrace.core.WorkerName;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A [SplitQueue] that is one Kafka topic, its workers one consumer group. Making it costs no
/// connection; every call on it is answered or refused within about ten seconds. Thread-safe.
///
/// Kafka counts a worker as there until it was silent for eight seconds, also after it closed, if
/// it comes back under its name: so one that restarts within that time finds its partitions as it
/// left them. The others take over what a lost one had once that time is over, and at once what one
/// had that closed and does not come back.
public final class KafkaSplitQueue implements SplitQueue {
    /// How long any close may take.
    static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(KafkaSplitQueue.class);
    private static final Pattern WORKER = Pattern.compile("[A-Za-z0-9._-]{1,249}");

    private final KafkaSettings settings;
    private final Topic topic;
    private final Announcer announcer;

    public KafkaSplitQueue(KafkaSettings settings) {
        this.settings = settings;
        this.topic = new Topic(settings);
        this.announcer = new Announcer(settings, topic);
    }

    @Override
    public void announce(List<Announcement> announcements) {
        announcer.announce(announcements);
    }

    /// Returns also when Kafka does not answer; [Receiver#poll] then waits for it.
    ///
    /// @param worker named by letters, digits, `.`, `_` and `-`, at most 249, and its own: when two
    ///   workers have the same name, the newer one puts the older one out, whose [Receiver#poll]
    ///   then throws ALREADY_RUNNING
    /// @throws MillraceException INVALID_CONFIGURATION for a name that is none, KAFKA_UNAVAILABLE
    ///   when no broker's name can be resolved
    @Override
    public Receiver receive(WorkerName worker) {
        if (!WORKER.matcher(worker.text()).matches()) {
            throw new MillraceException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "'%s' cannot name a worker".formatted(worker),
                    "Use letters, digits, '.', '_' and '-', at most 249 of them.",
                    null);
        }
        try {
            topic.ensure();
        } catch (MillraceException e) {
            LOG.warn("worker={} waits for kafka reason={}", worker, e.what());
        }
        return KafkaReceiver.open(settings, worker);
    }

    @Override
    public void check() {
        topic.check();
    }

    /// Receivers have a close of their own.
    @Override
    public void close() {
        announcer.close();
        topic.close();
    }
}
