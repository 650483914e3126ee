package dev.millrace.clickhouse;

import dev.millrace.core.CrashPoint;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Held;
import dev.millrace.core.JobId;
import dev.millrace.core.Journal;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Publishable;
import dev.millrace.core.Replaced;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/// Rows that take the place of all that are in the same partitions, one partition after the other.
/// What is in them is kept first, by hard links, for undo.
///
/// Replacing one partition is atomic, so that the table itself says how far an earlier attempt has
/// come: a partition that has the load's rows is done; one that has none is kept anew, which loses
/// nothing, and replaced. Every statement names a table of this epoch, and so fails when it comes
/// late. All but noting which table keeps: a table that a late CREATE made is empty, and would say
/// that there was nothing.
final class ReplacePartitions implements Publishing {
    private static final String NOTE = "kept ";

    /// The partitions of one statement: ten times as fast as one by one, and still a short one.
    private static final int AT_ONCE = 100;

    private final Digest written;
    private final Journal journal;
    private final JobId job;
    private final StagingTable source;
    private final TargetTable target;
    private final KeptTable kept;
    private final PublishedRows rows;

    ReplacePartitions(ClickHouseConnection connection, Publishable load, Journal journal) {
        this.written = load.written();
        this.journal = journal;
        this.job = load.job();
        this.source = new StagingTable(connection, load.staging());
        this.target = new TargetTable(connection, load.model());
        this.kept = new KeptTable(connection, load.staging());
        this.rows = new PublishedRows(connection, load);
    }

    @Override
    public Held held() {
        var digest = rows.digest();
        return digest.equals(written)
                ? Held.ALL
                : digest.equals(Digest.EMPTY) ? Held.NOTHING : Held.PART;
    }

    @Override
    public void publish() {
        var wanted = source.byPartition();
        var mine = CrashPoint.PARTITIONS_ASK.get(rows::byPartition);
        requireWhole(mine, wanted);
        var left = new TreeSet<>(wanted.keySet());
        left.removeAll(mine.keySet());
        if (!mine.isEmpty() && isKept()) {
            var again = doubled(mine.keySet());
            replace(CrashPoint.PARTITIONS_REPLACE, target.name(), again, source.name());
        }
        if (!left.isEmpty()) {
            CrashPoint.PARTITIONS_BRING_UP.run(() -> source.bringUpTo(target));
            prepare(mine.isEmpty());
            keep(left);
            replace(CrashPoint.PARTITIONS_REPLACE, target.name(), left, source.name());
        }
        rows.require(CrashPoint.PARTITIONS_VERIFY, written, "after its partitions were replaced");
    }

    private void requireWhole(Map<String, Digest> mine, Map<String, Digest> wanted) {
        mine.forEach((partition, digest) -> {
            if (!digest.equals(wanted.get(partition))) {
                throw rows.uncertain(
                        "holds %s of job %s in its partition '%s', not %s"
                                .formatted(digest, job, partition, wanted.get(partition)));
            }
        });
    }

    /// The partitions of some that have what they had before, besides the load's rows: ClickHouse
    /// adds the new rows before it takes the old ones away, and may have been killed between.
    private Set<String> doubled(Set<String> partitions) {
        var others = rows.othersByPartition(partitions);
        others.entrySet().retainAll(kept.byPartition().entrySet());
        return new TreeSet<>(others.keySet());
    }

    /// Makes the table that keeps, unless an earlier attempt has.
    private void prepare(boolean isFirst) {
        if (isKept()) {
            CrashPoint.PARTITIONS_BRING_UP.run(() -> kept.bringUpTo(target));
            return;
        }
        if (!isFirst) {
            throw rows.uncertain(
                    "has some of its partitions replaced, and what was there is not kept");
        }
        CrashPoint.PARTITIONS_DROP.run(kept::drop);
        var table = CrashPoint.PARTITIONS_CREATE.get(() -> kept.create(target));
        CrashPoint.PARTITIONS_NOTE.run(() -> journal.note(NOTE + table.uuid()));
    }

    /// Keeps what is in partitions. What an earlier attempt has kept of one that is empty by now
    /// stays: better too much comes back than too little.
    private void keep(Set<String> partitions) {
        var there = target.partitions();
        there.retainAll(partitions);
        replace(CrashPoint.PARTITIONS_KEEP, kept.name(), there, target.name());
    }

    /// Puts partitions of one table in the place of those of another, which must have rows in them.
    private void replace(CrashPoint at, String table, Set<String> partitions, String from) {
        var all = List.copyOf(partitions);
        for (var first = 0; first < all.size(); first += AT_ONCE) {
            var some = all.subList(first, Math.min(first + AT_ONCE, all.size()));
            rows.execute(
                    at,
                    some.stream()
                            .map(p ->
                                    "REPLACE PARTITION ID %s FROM %s"
                                            .formatted(Sql.literal(p), from))
                            .collect(
                                    Collectors.joining(
                                            ", ", "ALTER TABLE %s ".formatted(table), "")));
        }
    }

    private boolean isKept() {
        return journal.last().map(ReplacePartitions::uuid).filter(kept::is).isPresent();
    }

    private static UUID uuid(String note) {
        if (!note.startsWith(NOTE)) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR, "'%s' does not note what is kept".formatted(note));
        }
        return UUID.fromString(note.substring(NOTE.length()));
    }

    Replaced replaced() {
        return new Replaced.Of(isKept() ? kept.jobs() : Set.of());
    }

    @Override
    public void undo() {
        if (isKept()) {
            var mine = CrashPoint.UNDO_ASK.get(rows::byPartition);
            restore(mine.keySet(), kept.byPartition());
        } else if (!CrashPoint.UNDO_ASK.get(rows::digest).equals(Digest.EMPTY)) {
            throw rows.notKept();
        }
        rows.require(CrashPoint.UNDO_VERIFY, Digest.EMPTY, "after its partitions were restored");
        CrashPoint.UNDO_DROP.run(kept::drop);
    }

    /// Brings back what is kept. An earlier attempt may have done a part of it: a partition that
    /// has what is kept is done.
    ///
    /// @param mine the partitions that have rows of this load
    private void restore(Set<String> mine, Map<String, Digest> was) {
        var affected = new TreeSet<>(was.keySet());
        affected.addAll(mine);
        var others = rows.othersByPartition(affected);
        var left = new TreeSet<String>();
        for (var partition : affected) {
            var there = others.get(partition);
            var isBack = !mine.contains(partition) && Objects.equals(there, was.get(partition));
            if (there != null && !there.equals(was.get(partition))) {
                throw rows.undoRefused(
                        "the partition '%s' of %s has got rows of others since"
                                .formatted(partition, target.name()));
            }
            if (!isBack && was.containsKey(partition)) {
                left.add(partition);
            }
        }
        CrashPoint.UNDO_BRING_UP.run(() -> kept.bringUpTo(target));
        replace(CrashPoint.UNDO_PARTITIONS, target.name(), left, kept.name());
        if (!was.keySet().containsAll(mine)) {
            CrashPoint.UNDO_DELETE.run(() -> rows.delete(PublishedRows.unlessGone(kept.name())));
        }
    }
}
