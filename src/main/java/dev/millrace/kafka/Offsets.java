package dev.millrace.kafka;

import java.util.OptionalLong;
import java.util.TreeSet;

/// How far one partition's deliveries are done. A group's offset says "all before this", so it goes
/// no further than the first delivery that is not done. Thread-safe.
final class Offsets {
    private final TreeSet<Long> open = new TreeSet<>();
    private long next = -1;
    private long committed = -1;

    /// A delivery was taken from the partition; they come in order, though not without gaps.
    synchronized void taken(long offset) {
        if (next < 0) {
            committed = offset;
        }
        open.add(offset);
        next = offset + 1;
    }

    /// A delivery needs no repeat; one that was never taken changes nothing.
    synchronized void done(long offset) {
        open.remove(offset);
    }

    /// The offset to commit, that of the first delivery that is not done, when that is news.
    synchronized OptionalLong toCommit() {
        long offset = open.isEmpty() ? next : open.first();
        return offset > committed ? OptionalLong.of(offset) : OptionalLong.empty();
    }

    synchronized void committed(long offset) {
        committed = Math.max(committed, offset);
    }
}
