package dev.millrace.catalog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Runs things at the same time.
final class Race {
    private Race() {}

    /// What each of so many runs returned.
    static <T> List<T> of(int runners, Callable<T> run) throws Exception {
        return of(Collections.nCopies(runners, run));
    }

    /// What each returned, in order.
    @SafeVarargs
    static <T> List<T> of(Callable<T>... runs) throws Exception {
        var list = new ArrayList<Callable<T>>();
        for (var run : runs) {
            list.add(run);
        }
        return of(list);
    }

    /// What each returned, in order.
    static <T> List<T> of(List<Callable<T>> runs) throws Exception {
        var start = new CyclicBarrier(runs.size());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = new ArrayList<Future<T>>();
            for (var run : runs) {
                futures.add(
                        threads.submit(() -> {
                            start.await(10, TimeUnit.SECONDS);
                            return run.call();
                        }));
            }
            var results = new ArrayList<T>();
            for (var future : futures) {
                results.add(future.get(60, TimeUnit.SECONDS));
            }
            return results;
        }
    }
}
