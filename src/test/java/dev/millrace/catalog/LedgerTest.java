package dev.millrace.catalog;

import static dev.millrace.catalog.CatalogDatabase.entry;
import static dev.millrace.catalog.PostgresModelsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.LedgerTotals;
import dev.millrace.core.Phase;
import dev.millrace.core.RejectionCode;
import dev.millrace.core.RejectionCount;
import dev.millrace.core.SplitId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

final class LedgerTest {
    private final PostgresCatalog catalog = CatalogDatabase.emptied().catalog();

    private static RejectionCount count(RejectionCode error, String column, long count) {
        return new RejectionCount(error, column, count);
    }

    @Test
    void aSplitIsRecordedOnceHoweverOftenItIsRepeated() {
        var job = CatalogDatabase.loading(catalog, 2);
        var entry = entry(job, 1, count(RejectionCode.NOT_AN_INTEGER, "id", 2));

        assertThat(catalog.splits().record(entry)).isTrue();
        assertThat(catalog.splits().record(entry)).isTrue();

        assertThat(catalog.splits().ledger(job)).containsExactly(entry);
        assertThat(catalog.jobs().get(job).ledger())
                .isEqualTo(new LedgerTotals(1, 10, 100, new Digest(8, 1, -1), 2, 100, 1));
        assertThat(catalog.splits().rejectionCounts(job)).isEqualTo(entry.counts());
    }

    @Test
    void anotherWorkerMayRepeatASplitInAnotherOrder() {
        var job = CatalogDatabase.loading(catalog, 1);
        var a = count(RejectionCode.NULL_VALUE, "id", 1);
        var b = count(RejectionCode.OUT_OF_RANGE, "id", 1);
        var first = entry(job, 0, a, b);
        var again = withWorker(entry(job, 0, b, a), "another");

        assertThat(catalog.splits().record(first)).isTrue();
        assertThat(catalog.splits().record(again)).isTrue();

        assertThat(catalog.splits().ledger(job)).containsExactly(first);
    }

    @Test
    void aRepeatedSplitMayHaveKeptFewerOfItsRejections() {
        var job = CatalogDatabase.loading(catalog, 1);
        var first = entry(job, 0, count(RejectionCode.NULL_VALUE, "id", 2));
        var again = withKept(first, 0);

        assertThat(catalog.splits().record(first)).isTrue();
        assertThat(catalog.splits().record(again)).isTrue();

        assertThat(catalog.splits().ledger(job)).containsExactly(first);
        assertThat(catalog.jobs().get(job).ledger().keptRejections()).isEqualTo(1);
    }

    @Test
    void theLedgerIsReadInPages() {
        var job = CatalogDatabase.loading(catalog, 7);
        var entries = new ArrayList<LedgerEntry>();
        for (var i = 0; i < 7; i++) {
            var entry = entry(job, i, count(RejectionCode.NULL_VALUE, "id", 2));
            entries.add(i % 3 == 0 ? entry : withKept(entry, 0));
        }
        entries.reversed().forEach(e -> catalog.splits().record(e));

        var splits = catalog.splits();
        assertThat(splits.ledger(job, 0, 3)).isEqualTo(entries.subList(0, 3));
        assertThat(splits.ledger(job, 6, 3)).isEqualTo(entries.subList(6, 7));
        assertThat(splits.ledger(job, 7, 3)).isEmpty();
        assertThat(splits.ledgerWithRejections(job, 0, 2))
                .containsExactly(entries.get(0), entries.get(3));
        assertThat(splits.ledgerWithRejections(job, 2, 2)).containsExactly(entries.get(6));

        catalog.jobs().newAttempt(CatalogDatabase.lease(catalog, job, "a"));
        assertThat(splits.ledger(job, 0, 3)).isEmpty();
        assertThat(splits.ledgerWithRejections(job, 0, 3)).isEmpty();
    }

    private static LedgerEntry withKept(LedgerEntry e, long kept) {
        return new LedgerEntry(
                e.split(),
                e.attempt(),
                e.worker(),
                e.read(),
                e.bytesRead(),
                e.written(),
                e.rejected(),
                e.counts(),
                kept);
    }

    private static LedgerEntry withWorker(LedgerEntry e, String worker) {
        return new LedgerEntry(
                e.split(),
                e.attempt(),
                worker,
                e.read(),
                e.bytesRead(),
                e.written(),
                e.rejected(),
                e.counts(),
                e.keptRejections());
    }

    @Test
    void otherCountsForTheSameSplitAreAnInternalError() {
        var job = CatalogDatabase.loading(catalog, 1);
        catalog.splits().record(entry(job, 0, count(RejectionCode.NULL_VALUE, "id", 2)));

        for (var other :
                List.of(
                        entry(
                                job,
                                0,
                                1,
                                new Digest(8, 0, 1),
                                count(RejectionCode.NULL_VALUE, "id", 2)),
                        entry(
                                job,
                                0,
                                1,
                                new Digest(9, 0, 0),
                                count(RejectionCode.NULL_VALUE, "id", 2)),
                        entry(job, 0, count(RejectionCode.NULL_VALUE, "name", 2)))) {
            assertRefused(ErrorCode.INTERNAL_ERROR, () -> catalog.splits().record(other));
        }

        assertThat(catalog.jobs().get(job).ledger().splits()).isEqualTo(1);
    }

    @Test
    void anUnknownSplitCannotBeRecorded() {
        var job = CatalogDatabase.loading(catalog, 1);

        assertRefused(ErrorCode.INTERNAL_ERROR, () -> catalog.splits().record(entry(job, 1)));
        assertThat(catalog.splits().record(entry(new JobId(UUID.randomUUID()), 1))).isFalse();
    }

    @Test
    void aPassedAttemptRecordsNothing() {
        var job = CatalogDatabase.loading(catalog, 2);
        var rejected = count(RejectionCode.NOT_A_DATE, "day", 2);
        catalog.splits().record(entry(job, 0, rejected));
        var attempt = catalog.jobs().newAttempt(CatalogDatabase.lease(catalog, job, "a"));

        assertThat(attempt).isEqualTo(2);
        assertThat(catalog.splits().record(entry(job, 0, rejected))).isFalse();
        assertThat(catalog.splits().record(entry(job, 1, rejected))).isFalse();
        assertThat(catalog.jobs().get(job).ledger()).isEqualTo(LedgerTotals.NONE);
        assertThat(catalog.splits().ledger(job)).isEmpty();
        assertThat(catalog.splits().rejectionCounts(job)).isEmpty();

        var second = entry(job, 0, 2, new Digest(8, 5, 6), rejected);
        assertThat(catalog.splits().record(second)).isTrue();
        assertThat(catalog.splits().ledger(job)).containsExactly(second);
        assertThat(catalog.splits().rejectionCounts(job)).containsExactly(rejected);
    }

    @Test
    void aSealedJobRecordsNothing() {
        var job = CatalogDatabase.loading(catalog, 1);
        var lease = CatalogDatabase.lease(catalog, job, "a");
        catalog.jobs().advance(lease, Phase.LOADING, Phase.SEALED);

        assertThat(catalog.splits().record(entry(job, 0))).isFalse();
        assertThat(catalog.splits().ledger(job)).isEmpty();
    }

    @Test
    void aCancelledJobRecordsNothing() {
        var job = CatalogDatabase.loading(catalog, 2);
        catalog.splits().record(entry(job, 0));
        catalog.jobs().cancel(job);

        assertThat(catalog.splits().record(entry(job, 0))).isFalse();
        assertThat(catalog.splits().record(entry(job, 1))).isFalse();
        assertThat(catalog.jobs().get(job).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void totalsAreTheSumOfTheEntriesModuloTwoToTheSixtyFour() throws Exception {
        var splits = 60;
        var job = CatalogDatabase.loading(catalog, splits);
        var random = new Random(7);
        var expected = Digest.EMPTY;
        var records = new ArrayList<Callable<Boolean>>();
        for (var i = 0; i < splits; i++) {
            var digest = new Digest(random.nextInt(1000), extreme(random), extreme(random));
            var entry =
                    entry(
                            job,
                            i,
                            1,
                            digest,
                            count(RejectionCode.NULL_VALUE, "column " + i % 3, i + 1));
            expected = expected.plus(digest);
            // each twice, at the same time
            records.add(() -> catalog.splits().record(entry));
            records.add(() -> catalog.splits().record(entry));
        }

        assertThat(Race.of(records)).containsOnly(true);

        var totals = catalog.jobs().get(job).ledger();
        assertThat(totals.written()).isEqualTo(expected);
        assertThat(totals.splits()).isEqualTo(splits);
        assertThat(totals.read()).isEqualTo(expected.rows() + 2L * splits);
        assertThat(totals.rejected()).isEqualTo(2L * splits);
        assertThat(totals.bytesRead()).isEqualTo(100L * splits);
        assertThat(totals.sourceBytes()).isEqualTo(100L * splits);
        assertThat(totals.keptRejections()).isEqualTo(splits);
        assertThat(catalog.splits().rejectionCounts(job))
                .containsExactly(
                        count(RejectionCode.NULL_VALUE, "column 2", 630),
                        count(RejectionCode.NULL_VALUE, "column 1", 610),
                        count(RejectionCode.NULL_VALUE, "column 0", 590));
        assertThat(catalog.jobs().get(job).isLoaded()).isTrue();
        assertThat(catalog.splits().ledger(job))
                .extracting(e -> e.split().number())
                .isSorted()
                .hasSize(splits);
    }

    /// Numbers whose sums leave 64 bits on both sides.
    private static long extreme(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Long.MAX_VALUE - random.nextInt(5);
            case 1 -> Long.MIN_VALUE + random.nextInt(5);
            case 2 -> -1;
            default -> random.nextLong();
        };
    }

    @Test
    void aColumnMayHaveANameThatPostgresqlCannotHold() {
        var job = CatalogDatabase.loading(catalog, 1);
        var entry = entry(job, 0, count(RejectionCode.EXTRA_COLUMN, "a\0b", 2));

        assertThat(catalog.splits().record(entry)).isTrue();
        assertThat(catalog.splits().record(entry)).isTrue();

        assertThat(catalog.splits().rejectionCounts(job))
                .containsExactly(count(RejectionCode.EXTRA_COLUMN, "a\uFFFDb", 2));
        assertThat(catalog.splits().ledger(job).getFirst().split())
                .isEqualTo(new SplitId(job, 0, 0));
    }
}
