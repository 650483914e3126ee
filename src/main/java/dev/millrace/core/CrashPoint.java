package dev.millrace.core;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A named place at which a test can make the process halt, as `kill -9` would, to show that what
/// follows repairs it. Off unless `MILLRACE_CRASH_AT` names it; `AFTER_INSERT:3` halts at the third
/// time.
public enum CrashPoint {
    AFTER_STORE,
    AFTER_INSERT,
    AFTER_LEDGER,
    AFTER_SEAL_RENAME,
    AFTER_ATTACH,
    AFTER_PUBLISHED;

    private static final Logger LOG = LoggerFactory.getLogger(CrashPoint.class);
    private static final String[] WANTED =
            System.getenv()
                    .getOrDefault("MILLRACE_CRASH_AT", "")
                    .toUpperCase(Locale.ROOT)
                    .split(":", 2);
    private static final AtomicInteger REMAINING =
            new AtomicInteger(WANTED.length == 2 ? Integer.parseInt(WANTED[1]) : 1);

    /// Halts the process here when it was asked for.
    public void reach() {
        if (WANTED[0].equals(name()) && REMAINING.decrementAndGet() == 0) {
            LOG.warn("crash point={}", this);
            Runtime.getRuntime().halt(137);
        }
    }
}
