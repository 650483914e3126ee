package dev.millrace.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PageMemoryTest {
    @Test
    void oneFileHasNoMoreThanThePool() {
        try (var file = new PageMemory.Pool(100).open()) {
            file.take(60, "column a");
            file.take(40, "column b");
            assertThatThrownBy(() -> file.take(1, "column c"))
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNSUPPORTED))
                    .hasMessageContaining("column c does not fit into memory");
            file.give(40);
            file.take(1, "column c");
        }
    }

    @Test
    void spareMemoryLeavesHalfOfAllFree() {
        var pool = new PageMemory.Pool(100);
        try (var first = pool.open();
                var second = pool.open();
                var third = pool.open()) {
            assertThat(first.takeSpare(51)).isFalse();
            assertThat(first.takeSpare(50)).isTrue();
            second.take(30, "");
            assertThat(third.takeSpare(21)).isFalse();
            assertThat(third.takeSpare(20)).isTrue();
        }
    }

    @Test
    void othersWaitUntilThereIsSomeOrTheyAreFirst() throws Exception {
        var pool = new PageMemory.Pool(100);
        var first = pool.open();
        var second = pool.open();
        var third = pool.open();
        second.take(70, "");
        first.take(100, ""); // whatever the others hold
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = threads.submit(() -> third.take(40, ""));
            assertWaits(waiting);
            second.give(10);
            waiting.get();
            var more = threads.submit(() -> second.take(40, ""));
            assertWaits(more);
            first.close(); // now the second is first, and the pool is the third's alone
            more.get();
            third.take(60, "");
            second.close();
            third.close();
            third.close();
        }
        try (var last = pool.open()) {
            last.take(100, "");
        }
    }

    private static void assertWaits(Future<?> future) throws InterruptedException {
        Thread.sleep(Duration.ofMillis(50));
        assertThat(future.isDone()).isFalse();
    }

    /// Files that all want more than their share come to their end, and never hold more together
    /// than the first file and the pool may.
    @Test
    void allFilesComeToTheirEnd() throws Exception {
        var pool = new PageMemory.Pool(100);
        var held = new AtomicLong();
        var files = new ArrayList<Future<?>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < 40; i++) {
                var random = new Random(i);
                files.add(
                        threads.submit(() -> {
                            read(pool, random, held);
                            return null;
                        }));
            }
            for (var file : files) {
                file.get();
            }
        }
        assertThat(held).hasValue(0);
    }

    private static void read(PageMemory.Pool pool, Random random, AtomicLong held)
            throws InterruptedException {
        try (var file = pool.open()) {
            for (var group = 0; group < 20; group++) {
                var own = 0;
                for (var column = 0; column < 4; column++) {
                    var bytes = 1 + random.nextInt(25);
                    file.take(bytes, "");
                    own += bytes;
                    assertThat(held.addAndGet(bytes)).isLessThanOrEqualTo(200);
                    Thread.sleep(Duration.ofNanos(1_000));
                }
                held.addAndGet(-own);
                file.give(own);
            }
        }
    }
}
