package dev.millrace.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who waits for whom.
class PlacesTest {
    private static final long HEAP = 1L << 30;

    @Test
    @Timeout(30)
    void aSmallUploadDoesNotWaitForLargeOnes() throws Exception {
        var places = new Places(HEAP);
        var large = new ArrayList<Places.Place>();
        for (var i = 0; i < 4; i++) {
            large.add(places.take(i == 0 ? -1 : Long.MAX_VALUE));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var another = CompletableFuture.supplyAsync(() -> take(places, -1), threads);

            places.take(10_000).close();
            places.take(Places.SMALL_SOURCE_BYTES).close();

            assertThat(another).isNotDone();
            large.getFirst().close();
            another.get(10, TimeUnit.SECONDS).close();
        }
    }

    @Test
    @Timeout(30)
    void smallUploadsWaitForEachOtherByWhatTheyTake()
            throws InterruptedException, ExecutionException, TimeoutException {
        var places = new Places(HEAP);
        var some = new ArrayList<Places.Place>();
        for (var i = 0; i < 16; i++) {
            some.add(places.take(10_000));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var another = CompletableFuture.supplyAsync(() -> take(places, 10_000), threads);
            places.take(Places.SMALL_SOURCE_BYTES + 1).close();
            assertThat(another).isNotDone();
            some.getFirst().close();
            another.get(10, TimeUnit.SECONDS).close();
        }
    }

    private static Places.Place take(Places places, long bytes) {
        try {
            return places.take(bytes);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
