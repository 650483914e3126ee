package dev.millrace.app;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What was started, to be closed last first. Closing twice is closing once; thread-safe.
final class Stack implements AutoCloseable {
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    Stack(AutoCloseable... first) {
        started.addAll(List.of(first));
    }

    /// Remembers what was started, and hands it back.
    synchronized <T extends AutoCloseable> T add(T part) {
        started.push(part);
        return part;
    }

    @Override
    public synchronized void close() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                log().warn("close=failed", e);
            }
        }
    }

    /// Not a field: a logger that is made before [ServerLog] has spoken writes elsewhere.
    private static Logger log() {
        return LoggerFactory.getLogger(Stack.class);
    }
}
