package dev.millrace.catalog;

import java.util.LinkedHashMap;

/// The numbers of the sessions of PostgreSQL that this process used last: more than it has at a
/// time, and few enough that a number does not stay which another process has got since.
/// Thread-safe.
final class Sessions {
    private static final int MOST = 128;

    private final LinkedHashMap<Integer, Boolean> used = new LinkedHashMap<>();

    synchronized void add(int session) {
        used.putLast(session, true);
        if (used.size() > MOST) {
            used.pollFirstEntry();
        }
    }

    synchronized boolean contains(int session) {
        return used.containsKey(session);
    }
}
