package dev.millrace.jobs;

import dev.millrace.core.Catalog;
import dev.millrace.core.JobId;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.Limits;
import dev.millrace.core.Rejection;
import dev.millrace.core.RejectionFile;
import dev.millrace.core.SplitId;
import dev.millrace.core.Store;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The rejections of a job that are kept, split by split in the order of their rows: as many as a
/// job may have, and no more of them in memory than one split's.
final class KeptRejections {
    private static final int PAGE = 500;

    private KeptRejections() {}

    /// The entries of the ledger that have some, fetched page by page.
    static Stream<LedgerEntry> entries(Catalog catalog, JobId job) {
        return IntStream.iterate(0, offset -> offset + PAGE)
                .mapToObj(offset -> catalog.splits().ledgerWithRejections(job, offset, PAGE))
                .takeWhile(page -> !page.isEmpty())
                .flatMap(List::stream);
    }

    /// Hands over every split that has some.
    static void each(
            Catalog catalog, Store store, JobId job, BiConsumer<SplitId, List<Rejection>> action) {
        each(store, entries(catalog, job), action);
    }

    /// The same of some sources, by their ordinals.
    static void each(
            Catalog catalog,
            Store store,
            JobId job,
            IntPredicate sources,
            Consumer<List<Rejection>> action) {
        var wanted = entries(catalog, job).filter(entry -> sources.test(entry.split().source()));
        each(store, wanted, (_, kept) -> action.accept(kept));
    }

    private static void each(
            Store store, Stream<LedgerEntry> of, BiConsumer<SplitId, List<Rejection>> action) {
        var left = Limits.MAX_KEPT_REJECTIONS;
        var entries = of.iterator();
        while (left > 0 && entries.hasNext()) {
            var entry = entries.next();
            var kept = RejectionFile.read(store, entry);
            action.accept(entry.split(), kept.size() > left ? kept.subList(0, (int) left) : kept);
            left -= kept.size();
        }
    }
}
