package dev.millrace.jobs;

import dev.millrace.core.Catalog;
import dev.millrace.core.Job;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.Rejection;
import dev.millrace.core.RejectionCode;
import dev.millrace.core.RejectionCount;
import dev.millrace.core.RejectionFile;
import dev.millrace.core.SplitId;
import dev.millrace.core.Store;
import dev.millrace.jobs.RejectionCause.Example;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds the first problems of every cause among a job's kept rejections. Only objects of splits
/// that have a problem of a cause in want are read, each only as far as needed, and a bounded
/// number of them: what is found with few is found at once, whatever else is kept. For one thread.
final class RejectionExamples {
    /// How many problems of a cause are shown.
    private static final int EXAMPLES = 3;

    private static final int MAX_OBJECTS = 64;

    private record Key(RejectionCode error, String column) {
        static Key of(RejectionCount count) {
            return new Key(count.error(), count.column());
        }
    }

    /// What was found of one cause.
    private record Found(RejectionCount count, List<Example> examples) {
        boolean isWhole() {
            return examples.size() >= Math.min(count.count(), EXAMPLES);
        }
    }

    private final List<Found> causes = new ArrayList<>();

    /// Those that have not got all of their examples yet.
    private final Map<Key, Found> wanted = new HashMap<>();

    private RejectionExamples(List<RejectionCount> counts) {
        for (var count : counts) {
            var cause = new Found(count, new ArrayList<>(EXAMPLES));
            causes.add(cause);
            wanted.put(Key.of(count), cause);
        }
    }

    /// The causes of a job's rejections, most frequent first.
    static List<RejectionCause> of(Catalog catalog, Store store, Job job) {
        var counts = catalog.splits().rejectionCounts(job.id());
        var examples = new RejectionExamples(counts);
        if (!counts.isEmpty()) {
            examples.look(catalog, store, job);
        }
        return examples.causes.stream()
                .map(cause -> new RejectionCause(cause.count(), cause.examples()))
                .toList();
    }

    private void look(Catalog catalog, Store store, Job job) {
        var there = Set.copyOf(store.list(SplitId.rejectionsPrefix(job.id())));
        KeptRejections.entries(catalog, job.id())
                .takeWhile(_ -> !wanted.isEmpty())
                .filter(entry -> hasWanted(entry) && there.contains(entry.rejectionsName()))
                .limit(MAX_OBJECTS)
                .forEach(
                        entry -> RejectionFile.read(store.get(entry.rejectionsName()), this::take));
    }

    private boolean hasWanted(LedgerEntry entry) {
        return entry.counts().stream().anyMatch(count -> wanted.containsKey(Key.of(count)));
    }

    /// @return whether there is more to be found
    private boolean take(Rejection rejection) {
        var key = new Key(rejection.error(), rejection.column());
        var cause = wanted.get(key);
        if (cause != null) {
            cause.examples()
                    .add(
                            new Example(
                                    rejection.source(),
                                    rejection.row(),
                                    rejection.eventId(),
                                    rejection.observed(),
                                    rejection.message()));
            if (cause.isWhole()) {
                wanted.remove(key);
            }
        }
        return !wanted.isEmpty();
    }
}
