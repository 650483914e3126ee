package dev.millrace.metrics;

import dev.millrace.core.JobState;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.LoadMetrics;
import dev.millrace.core.RejectionCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the flows count. Every series is made once, so that counting looks nothing up by name.
/// Thread-safe.
final class LoadSeries implements LoadMetrics {
    /// From a split in memory to a table of billions: 5 ms to 5 min.
    private static final Duration[] BUCKETS =
            Arrays.stream(
                            new long[] {
                                5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000,
                                60_000, 120_000, 300_000
                            })
                    .mapToObj(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private static final EnumSet<JobState> FINAL =
            EnumSet.complementOf(EnumSet.of(JobState.PENDING, JobState.RUNNING));

    private final AtomicInteger uploads = new AtomicInteger();
    private final AtomicInteger splitsRunning = new AtomicInteger();
    private final Counter receivedBytes;
    private final Counter splitsCut;
    private final Counter rowsRead;
    private final Counter rowsWritten;
    private final Counter rowsRejected;
    private final Counter readBytes;
    private final Counter splitsFailed;
    private final Map<RejectionCode, Counter> rejections;
    private final Map<SplitEnd, Counter> splitEnds;
    private final Map<JobState, Counter> jobsEnded;
    private final Map<Stage, Timer> stages;

    LoadSeries(MeterRegistry registry) {
        gauge(registry, "millrace.uploads", "Sources that arrive now", uploads);
        receivedBytes = counter(registry, "millrace.received.bytes", "Bytes of sources, as sent");
        splitsCut = counter(registry, "millrace.splits.cut", "Splits cut out of sources");
        gauge(registry, "millrace.splits.running", "Splits in this worker's hands", splitsRunning);
        rowsRead = counter(registry, "millrace.rows.read", "Rows read from splits");
        rowsWritten = counter(registry, "millrace.rows.written", "Rows written aside");
        rowsRejected = counter(registry, "millrace.rows.rejected", "Rows rejected");
        readBytes = counter(registry, "millrace.read.bytes", "Bytes of splits, in UTF-8");
        splitsFailed = counter(registry, "millrace.splits.failed", "Splits that failed their job");
        rejections =
                each(
                        EnumSet.allOf(RejectionCode.class),
                        code ->
                                counter(
                                        registry,
                                        "millrace.rejections",
                                        "Problems of rejected rows; a row can have several",
                                        "code",
                                        code.name()));
        splitEnds =
                each(
                        EnumSet.allOf(SplitEnd.class),
                        end ->
                                counter(
                                        registry,
                                        "millrace.split.starts",
                                        "Starts of splits that have ended",
                                        "outcome",
                                        lowerCase(end)));
        jobsEnded =
                each(
                        FINAL,
                        state ->
                                counter(
                                        registry,
                                        "millrace.jobs.ended",
                                        "Jobs that have ended",
                                        "state",
                                        state.name()));
        stages = each(EnumSet.allOf(Stage.class), stage -> timer(registry, stage));
    }

    private static void gauge(
            MeterRegistry registry, String name, String description, AtomicInteger value) {
        Gauge.builder(name, value, AtomicInteger::get).description(description).register(registry);
    }

    private static Counter counter(
            MeterRegistry registry, String name, String description, String... labels) {
        return Counter.builder(name).description(description).tags(labels).register(registry);
    }

    private static Timer timer(MeterRegistry registry, Stage stage) {
        return Timer.builder("millrace.stage.duration")
                .tag("stage", lowerCase(stage))
                .description("How long a stage took that ended well")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private static <K extends Enum<K>, V> Map<K, V> each(EnumSet<K> keys, Function<K, V> make) {
        return new EnumMap<>(keys.stream().collect(Collectors.toMap(Function.identity(), make)));
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static <K, V> V of(Map<K, V> series, K key) {
        return Objects.requireNonNull(series.get(key), "one for each");
    }

    /// Exact up to 2^53, as every number in Prometheus is.
    private static void add(Counter counter, long amount) {
        counter.increment((double) amount);
    }

    @Override
    public void uploadBegun() {
        uploads.incrementAndGet();
    }

    @Override
    public void uploadEnded() {
        uploads.decrementAndGet();
    }

    @Override
    public void received(long bytes) {
        add(receivedBytes, bytes);
    }

    @Override
    public void splitCut() {
        splitsCut.increment();
    }

    @Override
    public void splitTaken() {
        splitsRunning.incrementAndGet();
    }

    @Override
    public void splitEnded(SplitEnd end) {
        of(splitEnds, end).increment();
    }

    @Override
    public void splitLeft() {
        splitsRunning.decrementAndGet();
    }

    @Override
    public void recorded(LedgerEntry entry) {
        add(rowsRead, entry.read());
        add(rowsWritten, entry.written().rows());
        add(rowsRejected, entry.rejected());
        add(readBytes, entry.bytesRead());
        for (var count : entry.counts()) {
            add(of(rejections, count.error()), count.count());
        }
    }

    @Override
    public void splitGivenUp() {
        splitsFailed.increment();
    }

    @Override
    public void jobEnded(JobState state) {
        of(jobsEnded, state).increment();
    }

    @Override
    public void took(Stage stage, long nanos) {
        of(stages, stage).record(nanos, TimeUnit.NANOSECONDS);
    }
}
