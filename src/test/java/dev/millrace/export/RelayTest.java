package dev.millrace.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is handed on is worked on whole and in order, or who hands on hears why not.
@Timeout(60)
class RelayTest {
    private static final int MOST_UNDER_WAY = 3;

    /// Something that is filled again and again.
    private static final class Thing {
        private int number;
    }

    private static Relay<Thing> relay(Relay.Work<Thing> work) {
        return new Relay<>("relayed", MOST_UNDER_WAY, Thing::new, work);
    }

    private static void passWithoutEnd(Relay<Thing> relay, AtomicInteger passed) {
        for (var thing = relay.first(); ; thing = relay.pass(thing)) {
            passed.incrementAndGet();
        }
    }

    @Test
    void allIsDoneInOrderHoweverSlowTheWorkIs() {
        var random = new Random(1);
        var made = new AtomicInteger();
        List<Integer> arrived = new ArrayList<>();
        Relay.Work<Thing> work =
                thing -> {
                    if (random.nextInt(20) == 0) {
                        LockSupport.parkNanos(50_000);
                    }
                    arrived.add(thing.number);
                };
        try (var relay =
                new Relay<Thing>(
                        "relayed",
                        MOST_UNDER_WAY,
                        () -> {
                            made.incrementAndGet();
                            return new Thing();
                        },
                        work)) {
            var thing = relay.first();
            for (var i = 0; i < 5000; i++) {
                thing.number = i;
                thing = relay.pass(thing);
            }
            relay.finish();
            assertThat(arrived).isEqualTo(IntStream.range(0, 5000).boxed().toList());
            assertThat(made.get()).isBetween(2, MOST_UNDER_WAY);
        }
    }

    /// Of a receiver that is gone one hears soon, and nothing more is sent to it.
    @Test
    void workThatFailsIsToldAndNotDoneAgain() {
        var works = new AtomicInteger();
        var passed = new AtomicInteger();
        try (var relay =
                relay(_ -> {
                    if (works.incrementAndGet() == 3) {
                        throw new IOException("gone");
                    }
                })) {
            assertThatThrownBy(() -> passWithoutEnd(relay, passed))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("gone");
            assertThatThrownBy(relay::finish).hasMessageContaining("gone");
        }
        assertThat(works).hasValue(3);
        assertThat(passed.get()).isBetween(3, 3 + MOST_UNDER_WAY);
    }

    @Test
    void aFaultIsHeardAtTheEndAtLatest() {
        try (var relay =
                relay(_ -> {
                    throw new IllegalStateException("a fault");
                })) {
            relay.pass(relay.first());
            assertThatThrownBy(relay::finish)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a fault");
        }
    }

    /// Else who hands on would wait for ever.
    @Test
    void workThatDiesIsHeardToo() {
        try (var relay =
                relay(_ -> {
                    throw new NoClassDefFoundError("gone");
                })) {
            assertThatThrownBy(() -> passWithoutEnd(relay, new AtomicInteger()))
                    .isInstanceOf(NoClassDefFoundError.class);
        }
    }

    /// Whoever fails in the middle leaves nobody behind that still works, and starts nothing more.
    @Test
    void nothingIsDoneOnceItIsClosed() throws Exception {
        var works = new AtomicInteger();
        var begun = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var relay =
                relay(_ -> {
                    begun.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    works.incrementAndGet();
                });
        relay.pass(relay.pass(relay.first()));
        begun.await();
        var closing = Thread.ofPlatform().start(relay::close);
        closing.join(100);
        assertThat(closing.isAlive()).isTrue();
        release.countDown();
        closing.join();
        assertThat(works).hasValue(1);
    }

    @Test
    void whoIsInterruptedWhileWaitingHearsIt() throws Exception {
        var release = new CountDownLatch(1);
        var heard = new AtomicInteger();
        var relay =
                relay(_ -> {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                });
        var passing =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                passWithoutEnd(relay, new AtomicInteger());
                            } catch (UncheckedIOException e) {
                                heard.incrementAndGet();
                                release.countDown();
                                relay.close();
                            }
                        });
        passing.interrupt();
        passing.join();
        assertThat(heard).hasValue(1);
    }

    /// What the work uses may be given back as soon as the relay is closed, by a server that stops
    /// too.
    @Test
    void whoIsInterruptedWaitsForTheWorkAllTheSame() throws Exception {
        var begun = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var works = new AtomicInteger();
        var relay =
                relay(_ -> {
                    begun.countDown();
                    while (release.getCount() > 0) {
                        try {
                            release.await();
                        } catch (InterruptedException e) {
                            interrupted.countDown();
                        }
                    }
                    works.incrementAndGet();
                });
        var worksAtTheEnd = new AtomicInteger(-1);
        var isStillInterrupted = new AtomicBoolean();
        var closing =
                Thread.ofPlatform()
                        .start(() -> {
                            try (relay) {
                                relay.pass(relay.pass(relay.first()));
                                relay.finish();
                            } catch (UncheckedIOException e) {
                                worksAtTheEnd.set(works.get());
                                isStillInterrupted.set(Thread.currentThread().isInterrupted());
                            }
                        });
        begun.await();
        closing.interrupt();
        interrupted.await();
        closing.join(100);
        assertThat(closing.isAlive()).isTrue();
        release.countDown();
        closing.join();
        assertThat(worksAtTheEnd).hasValue(1);
        assertThat(isStillInterrupted).isTrue();
    }
}
