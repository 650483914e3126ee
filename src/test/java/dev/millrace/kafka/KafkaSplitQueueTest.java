package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.millrace.Engines;
import dev.millrace.core.Announcement;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobId;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SplitId;
import dev.millrace.core.SplitQueue.Delivery;
import dev.millrace.core.SplitQueue.Receiver;
import dev.millrace.core.WorkerName;
import dev.millrace.embedded.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Each test has a topic and a group of its own in one real broker.
class KafkaSplitQueueTest {
    private static final Duration ROUND = Duration.ofMillis(50);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final JobId job = new JobId(UUID.randomUUID());
    private final List<Receiver> receivers = new ArrayList<>();
    private final KafkaSettings settings = settings(4);
    private final KafkaSplitQueue queue = new KafkaSplitQueue(settings);

    private static KafkaSettings settings(int partitions) {
        var name = "t-" + UUID.randomUUID();
        return new KafkaSettings(
                Engines.kafka().bootstrapServers(), name, partitions, false, name, Map.of());
    }

    private Receiver receive(String worker) {
        return receive(WorkerName.given(worker));
    }

    private Receiver receive(WorkerName worker) {
        var receiver = queue.receive(worker);
        receivers.add(receiver);
        return receiver;
    }

    @AfterEach
    void close() {
        receivers.forEach(Receiver::close);
        queue.close();
    }

    @Test
    void whatIsAnnouncedIsReceivedOnce() {
        var announced = announce(20);
        var received = until(receive("w"), 20);
        assertThat(announcements(received)).containsExactlyInAnyOrderElementsOf(announced);
        assertThat(receivers.getFirst().poll(ROUND, 10)).isEmpty();
    }

    @Test
    void anAnnouncementReachesAWaitingWorkerWithinMilliseconds() {
        var receiver = receive("w");
        announce(1);
        until(receiver, 1);
        var nanos = new long[40];
        for (int i = 0; i < nanos.length; i++) {
            long start = System.nanoTime();
            announce(1);
            until(receiver, 1).forEach(receiver::done);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        System.out.printf(
                "announce to poll: median %.1f ms, worst %.1f ms%n",
                nanos[nanos.length / 2] / 1e6, nanos[nanos.length - 1] / 1e6);
        assertThat(Duration.ofNanos(nanos[nanos.length / 2])).isLessThan(Duration.ofMillis(100));
    }

    @Test
    void aPollNeverBringsMoreThanTheWorkerTakes() {
        announce(30);
        var receiver = receive("w");
        Set<Announcement> seen = new HashSet<>();
        within(() -> {
            var some = receiver.poll(ROUND, 3);
            assertThat(some).hasSizeLessThanOrEqualTo(3);
            some.forEach(d -> seen.add(d.announcement()));
            assertThat(receiver.poll(Duration.ZERO, 0)).isEmpty();
            return seen.size() == 30;
        });
    }

    @Test
    void aWorkerThatTakesNothingStaysAMember() {
        var busy = receive("busy");
        var first = announce(4);
        assertThat(until(busy, 4)).hasSize(4);
        long end = System.nanoTime() + Duration.ofMillis(Clients.SESSION_MILLIS + 2000).toNanos();
        announce(4);
        while (System.nanoTime() < end) {
            assertThat(busy.poll(Duration.ofMillis(500), 0)).isEmpty();
        }
        assertThat(announcements(until(busy, 4))).doesNotContainAnyElementsOf(first);
    }

    @Test
    void aWorkerThatJoinedBeforeThereWasATopicHearsOfIt() {
        var early = joinWithoutTopic();

        var announced = announce(4);

        assertThat(announcements(until(early, 4))).containsExactlyInAnyOrderElementsOf(announced);
    }

    /// Kafka gives a worker that comes back what it had, which was nothing, and its client takes
    /// the topic that is there by then for one that was shared out.
    @Test
    void aWorkerThatJoinedBeforeThereWasATopicAndStartsAgainBehindItGetsItsShare() {
        joinWithoutTopic().close();

        var announced = announce(4);

        assertThat(announcements(until(receive("early"), 4)))
                .containsExactlyInAnyOrderElementsOf(announced);
    }

    /// As one does that was started while Kafka did not answer yet.
    private Receiver joinWithoutTopic() {
        var early = KafkaReceiver.open(settings, WorkerName.given("early"));
        receivers.add(early);
        try (var admin = Admin.create(Clients.admin(settings))) {
            within(() -> {
                early.poll(ROUND, 1);
                return isStable(admin);
            });
        }
        return early;
    }

    private boolean isStable(Admin admin) {
        try {
            var group = settings.group();
            var groups = admin.describeConsumerGroups(List.of(group)).all().get();
            var described = groups.get(group);
            return described != null && described.groupState() == GroupState.STABLE;
        } catch (ExecutionException e) {
            return false; // nobody has joined yet
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void twoWorkersShareTheAnnouncements() {
        var one = receive("one");
        var two = receive("two");
        var by = List.of(new HashSet<Announcement>(), new HashSet<Announcement>());
        within(() -> {
            by.forEach(Set::clear);
            var announced = announce(8);
            var seen = new HashSet<Announcement>();
            within(() -> {
                take(one, by.getFirst());
                take(two, by.getLast());
                seen.addAll(by.getFirst());
                seen.addAll(by.getLast());
                return seen.containsAll(announced);
            });
            return !by.getFirst().isEmpty() && !by.getLast().isEmpty();
        });
    }

    private static void take(Receiver receiver, Set<Announcement> into) {
        for (var d : receiver.poll(ROUND, 10)) {
            into.add(d.announcement());
            receiver.done(d);
        }
    }

    @Test
    void whatAClosedWorkerLeftUndoneGoesToAnother() {
        announce(8);
        var first = receive("first");
        var taken = until(first, 8);
        var undone = undoneTail(taken);
        taken.stream().filter(d -> !undone.contains(d)).forEach(first::done);
        first.close();

        var second = receive("second");
        assertThat(announcements(until(second, undone.size())))
                .containsExactlyInAnyOrderElementsOf(announcements(undone));
        assertThat(second.poll(Duration.ofMillis(500), 10)).isEmpty();
    }

    /// The last delivery of each partition.
    private static List<Delivery> undoneTail(List<Delivery> taken) {
        return taken.stream()
                .filter(d ->
                        taken.stream()
                                .noneMatch(other ->
                                        other.partition() == d.partition()
                                                && other.offset() > d.offset()))
                .toList();
    }

    /// Two partitions, so that the done ones, those with even numbers, fill one of them.
    @Test
    void whatAKilledWorkerHeldGoesToAnotherAndWhatItHadDoneDoesNot() throws Exception {
        var two = settings(2);
        try (var twoPartitions = new KafkaSplitQueue(two)) {
            var announced = announcementsOf(8);
            twoPartitions.announce(announced);
            killWhenHolding(two, 8);
            try (var heir = twoPartitions.receive(WorkerName.given("heir"))) {
                assertThat(announcements(until(heir, 4)))
                        .containsExactlyElementsOf(
                                announced.stream()
                                        .filter(a -> a.split().number() % 2 == 1)
                                        .toList());
                assertThat(heir.poll(Duration.ofMillis(500), 10)).isEmpty();
            }
        }
    }

    private static void killWhenHolding(KafkaSettings settings, int deliveries) throws IOException {
        var worker =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                WorkerProcess.class.getName(),
                                settings.bootstrapServers(),
                                settings.topic(),
                                String.valueOf(settings.partitions()),
                                String.valueOf(deliveries))
                        .redirectErrorStream(true)
                        .start();
        try (var said = worker.inputReader()) {
            assertThat(said.lines().anyMatch("holding"::equals)).isTrue();
        } finally {
            worker.destroyForcibly();
        }
    }

    @Test
    void onlyTheContiguousPrefixIsForgotten() {
        var one = new KafkaSplitQueue(settings(1));
        try (var receiver = one.receive(WorkerName.given("w"))) {
            one.announce(announcementsOf(3));
            var taken = until(receiver, 3);
            receiver.done(taken.get(1));
            receiver.done(taken.get(2));
        }
        try (var receiver = one.receive(WorkerName.given("w"))) {
            var again = until(receiver, 3);
            assertThat(again).extracting(d -> d.announcement().split().number()).contains(0);
            receiver.done(again.get(0));
        }
        try (var receiver = one.receive(WorkerName.given("w"))) {
            assertThat(until(receiver, 2))
                    .extracting(d -> d.announcement().split().number())
                    .containsExactly(1, 2);
        }
        one.close();
    }

    @Test
    void aWorkerThatRestartsUnderItsNameIsBackAtOnce() {
        var first = receive("w");
        announce(1);
        until(first, 1).forEach(first::done);
        first.close();

        announce(1);
        long start = System.nanoTime();
        assertThat(until(receive("w"), 1)).hasSize(1);
        var back = Duration.ofNanos(System.nanoTime() - start);
        System.out.printf("restart to first delivery: %d ms%n", back.toMillis());
        assertThat(back).isLessThan(Duration.ofMillis(Clients.SESSION_MILLIS / 2));
    }

    @Test
    void aWorkerThatDoesNotComeBackIsNotWaitedFor() {
        var gone = receive(WorkerName.madeUp());
        announce(1);
        until(gone, 1).forEach(gone::done);
        gone.close();

        announce(4);
        long start = System.nanoTime();
        assertThat(until(receive("other"), 4)).hasSize(4);
        var waited = Duration.ofNanos(System.nanoTime() - start);
        assertThat(waited).isLessThan(Duration.ofMillis(Clients.SESSION_MILLIS / 2));
    }

    @Test
    void aSecondWorkerOfTheSameNamePutsTheFirstOneOut() {
        var first = receive("w");
        announce(1);
        until(first, 1);
        var second = receive("w");
        until(second, 1);
        assertThatThrownBy(() -> within(() -> first.poll(ROUND, 1) == null))
                .asInstanceOf(type(MillraceException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_RUNNING))
                .satisfies(e -> assertThat(e.what()).contains("named w"));
        announce(1);
        assertThat(until(second, 1)).hasSize(1);
    }

    @Test
    void aMessageThatIsNoAnnouncementIsSkipped() throws Exception {
        announce(1);
        var receiver = receive("w");
        until(receiver, 1);
        try (var producer = new KafkaProducer<String, byte[]>(Clients.producer(settings))) {
            for (int p = 0; p < settings.partitions(); p++) {
                send(producer, new ProducerRecord<>(settings.topic(), p, "k", new byte[] {1, 2}));
            }
        }
        var announced = announce(4);
        assertThat(announcements(until(receiver, 4)))
                .containsExactlyInAnyOrderElementsOf(announced);
    }

    private static void send(
            KafkaProducer<String, byte[]> producer, ProducerRecord<String, byte[]> message)
            throws ExecutionException, InterruptedException {
        producer.send(message).get();
    }

    @Test
    void aNameThatKafkaCannotTakeIsRefused() {
        assertThatThrownBy(() -> receive("host:1/x"))
                .asInstanceOf(type(MillraceException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION));
    }

    @Test
    void twoQueuesThatMakeTheTopicAtOnceBothSucceed() {
        try (var other = new KafkaSplitQueue(settings)) {
            List.of(queue, other).parallelStream().forEach(KafkaSplitQueue::check);
        }
    }

    @Test
    void aTopicGetsThePartitionsThatAreAskedForAndLosesNone() {
        announce(4);

        for (var asked : List.of(9, 9, 2)) {
            try (var more = new KafkaSplitQueue(settings.withPartitions(asked))) {
                more.check();
            }
        }

        try (var producer = new KafkaProducer<String, byte[]>(Clients.producer(settings))) {
            assertThat(producer.partitionsFor(settings.topic())).hasSize(9);
        }
        var announced = announcementsOf(18);
        try (var more = new KafkaSplitQueue(settings.withPartitions(9))) {
            more.announce(announced);
        }
        assertThat(announcements(until(receive("w"), 22))).containsAll(announced);
    }

    @Test
    void aMissingBrokerIsSaidWithinTenSeconds() {
        var nowhere = new KafkaSettings("127.0.0.1:1", "t", 1, false, "g", Map.of());
        try (var lost = new KafkaSplitQueue(nowhere)) {
            assertUnavailable(() -> lost.announce(announcementsOf(3)));
            assertUnavailable(lost::check);
            try (var receiver = lost.receive(WorkerName.given("w"))) {
                assertThat(receiver.poll(ROUND, 1)).isEmpty();
            }
        }
    }

    @Test
    void aKilledBrokerThatComesBackBringsWhatWasAnnounced() {
        var receiver = receive("w");
        announce(4);
        until(receiver, 4).forEach(receiver::done);
        receiver.poll(ROUND, 0);
        announce(4);
        Engines.process(Engine.KAFKA).destroyForcibly();
        var later = announcementsOf(4);
        within(() -> isAnnounced(later));
        var seen = new HashSet<Announcement>();
        within(() -> {
            take(receiver, seen);
            return seen.containsAll(later);
        });
        assertThat(seen).hasSize(8);
    }

    private boolean isAnnounced(List<Announcement> announcements) {
        try {
            queue.announce(announcements);
            return true;
        } catch (MillraceException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.KAFKA_UNAVAILABLE);
            return false;
        }
    }

    private static void assertUnavailable(Runnable call) {
        long start = System.nanoTime();
        assertThatThrownBy(call::run)
                .asInstanceOf(type(MillraceException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.KAFKA_UNAVAILABLE));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    private List<Announcement> announce(int splits) {
        var announcements = announcementsOf(splits);
        queue.announce(announcements);
        return announcements;
    }

    private int attempt;

    /// Each time those of another attempt.
    private List<Announcement> announcementsOf(int splits) {
        attempt++;
        return IntStream.range(0, splits)
                .mapToObj(number -> new Announcement(new SplitId(job, 0, number), attempt))
                .toList();
    }

    private static List<Announcement> announcements(List<Delivery> deliveries) {
        return deliveries.stream().map(Delivery::announcement).toList();
    }

    private static List<Delivery> until(Receiver receiver, int deliveries) {
        var received = new ArrayList<Delivery>();
        within(() -> {
            received.addAll(receiver.poll(ROUND, deliveries - received.size()));
            return received.size() == deliveries;
        });
        return received;
    }

    private static void within(BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for %s", LIMIT).isLessThan(end);
        }
    }
}
