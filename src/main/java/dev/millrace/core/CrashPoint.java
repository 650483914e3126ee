package dev.millrace.core;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A step in front of which or behind which a test can make the process halt, as `kill -9` would,
/// to show that what follows repairs it. Off unless `MILLRACE_CRASH_AT` names one, such as
/// `BEFORE_PUBLISH_ATTACH`; `AFTER_INSERT:3` halts behind the third time. Thread-safe.
public enum CrashPoint {
    /// Keeping the answer to a request that is done.
    ANSWER,

    STORE,
    INSERT,
    LEDGER,

    FENCE_EPOCH,
    FENCE_RENAME,
    FENCE_RENAME_KEPT,
    FENCE_KILL,
    FENCE_WAIT,
    SEAL_RECORD,

    AUDIT_ASK,
    AUDIT_RECORD,

    PUBLISH_CLAIM,
    PUBLISH_ASK,
    PUBLISH_DELETE,
    PUBLISH_BRING_UP,
    PUBLISH_ATTACH,
    PUBLISH_VERIFY,
    PUBLISH_RECORD,

    REPLACE_ASK,
    REPLACE_BRING_UP,
    REPLACE_DROP,
    REPLACE_CREATE,
    REPLACE_ATTACH,
    REPLACE_VERIFY,
    REPLACE_NOTE,
    REPLACE_EXCHANGE,

    PARTITIONS_ASK,
    PARTITIONS_BRING_UP,
    PARTITIONS_DROP,
    PARTITIONS_CREATE,
    PARTITIONS_NOTE,
    PARTITIONS_KEEP,
    PARTITIONS_REPLACE,
    PARTITIONS_VERIFY,

    UNDO_ASK,
    UNDO_DELETE,
    UNDO_BRING_UP,
    UNDO_EXCHANGE,
    UNDO_PARTITIONS,
    UNDO_VERIFY,
    UNDO_DROP,
    UNDO_RECORD,

    FINISH,
    DISCARD,
    FORGET;

    private static final Logger LOG = LoggerFactory.getLogger(CrashPoint.class);
    private static final String[] WANTED =
            System.getenv()
                    .getOrDefault("MILLRACE_CRASH_AT", "")
                    .toUpperCase(Locale.ROOT)
                    .split(":", 2);
    private static final AtomicInteger REMAINING =
            new AtomicInteger(WANTED.length == 2 ? Integer.parseInt(WANTED[1]) : 1);

    /// Takes the step.
    public void run(Runnable step) {
        before();
        step.run();
        after();
    }

    /// Takes a step that gives something.
    public <T> T get(Supplier<T> step) {
        before();
        var result = step.get();
        after();
        return result;
    }

    /// The point in front of the step: halts the process here when it was asked for.
    public void before() {
        reach("BEFORE_");
    }

    /// The point behind the step, if it succeeds: the same.
    public void after() {
        reach("AFTER_");
    }

    private void reach(String side) {
        if (WANTED[0].equals(side + name()) && REMAINING.decrementAndGet() == 0) {
            LOG.warn("crash point={}{}", side, this);
            Runtime.getRuntime().halt(137);
        }
    }
}
