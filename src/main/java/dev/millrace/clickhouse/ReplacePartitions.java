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
import java.util.function.UnaryOperator;
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
        if (CrashPoint.PARTITIONS_ASK.get(this::held) != Held.ALL) {
            replace(left());
        }
        rows.require(CrashPoint.PARTITIONS_VERIFY, written, "after its partitions were replaced");
    }

    /// The partitions that are still to be replaced, in order.
    private Set<String> left() {
        var wanted = source.byPartition();
        var left = new TreeSet<>(wanted.keySet());
        rows.byPartition()
                .forEach((partition, digest) -> {
                    if (!digest.equals(wanted.get(partition))) {
                        throw rows.uncertain(
                                "holds %s of job %s in its partition '%s', not %s"
                                        .formatted(digest, job, partition, wanted.get(partition)));
                    }
                    left.remove(partition);
                });
        return left;
    }

    private void replace(Set<String> left) {
        CrashPoint.PARTITIONS_BRING_UP.run(() -> source.bringUpTo(target));
        if (isKept()) {
            CrashPoint.PARTITIONS_BRING_UP.run(() -> kept.bringUpTo(target));
        } else {
            if (!rows.digest().equals(Digest.EMPTY)) {
                throw rows.uncertain(
                        "has some of its partitions replaced, and what was there is not kept");
            }
            CrashPoint.PARTITIONS_DROP.run(kept::drop);
            var table = CrashPoint.PARTITIONS_CREATE.get(() -> kept.create(target));
            CrashPoint.PARTITIONS_NOTE.run(() -> journal.note(NOTE + table.uuid()));
        }
        keep(left);
        replace(CrashPoint.PARTITIONS_REPLACE, target.name(), left, source.name());
    }

    /// An earlier attempt may have kept what somebody has taken out since.
    private void keep(Set<String> partitions) {
        var there = target.partitions();
        var stale = kept.partitions();
        stale.retainAll(partitions);
        stale.removeAll(there);
        alter(CrashPoint.PARTITIONS_KEEP, kept.name(), stale, "DROP PARTITION ID %s"::formatted);
        there.retainAll(partitions);
        replace(CrashPoint.PARTITIONS_KEEP, kept.name(), there, target.name());
    }

    /// Puts partitions of one table in the place of those of another, which must have rows in them.
    private void replace(CrashPoint at, String table, Set<String> partitions, String from) {
        alter(at, table, partitions, p -> "REPLACE PARTITION ID %s FROM %s".formatted(p, from));
    }

    private void alter(
            CrashPoint at, String table, Set<String> partitions, UnaryOperator<String> action) {
        var all = List.copyOf(partitions);
        for (var from = 0; from < all.size(); from += AT_ONCE) {
            var some = all.subList(from, Math.min(from + AT_ONCE, all.size()));
            rows.execute(
                    at,
                    some.stream()
                            .map(Sql::literal)
                            .map(action)
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

    @Override
    public Replaced replaced() {
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
            if (there != null && !isBack) {
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
