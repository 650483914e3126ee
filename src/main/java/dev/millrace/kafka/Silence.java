package dev.millrace.kafka;

import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices when Kafka has not been there for a while, and when it is back, and says each once: the
/// consumer itself just keeps trying. The while is twice a session's length, because for one
/// session a lost worker may keep a new one waiting. For the thread that polls.
final class Silence {
    private static final Logger LOG = LoggerFactory.getLogger(Silence.class);
    private static final double LIMIT_SECONDS = 2 * Clients.SESSION_MILLIS / 1000.0;

    private final String worker;
    private final Metric sinceHeartbeat;
    private final long openedNanos = System.nanoTime();
    private boolean silent;

    Silence(String worker, Map<MetricName, ? extends Metric> metrics) {
        this.worker = worker;
        this.sinceHeartbeat =
                metrics.values().stream()
                        .filter(m -> m.metricName().name().equals("last-heartbeat-seconds-ago"))
                        .findAny()
                        .orElseThrow();
    }

    void watch() {
        double seconds = seconds();
        if (!silent && seconds > LIMIT_SECONDS) {
            silent = true;
            LOG.warn("worker={} hears nothing from kafka, keeps trying", worker);
        } else if (silent && seconds < LIMIT_SECONDS) {
            silent = false;
            LOG.info("worker={} hears from kafka again", worker);
        }
    }

    /// Before the first heartbeat Kafka's measure is -1.
    private double seconds() {
        var value = sinceHeartbeat.metricValue();
        return value instanceof Number n && n.doubleValue() >= 0
                ? n.doubleValue()
                : (System.nanoTime() - openedNanos) / 1e9;
    }
}
