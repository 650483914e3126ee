package dev.millrace.jobs;

import java.time.Duration;

/// A wait that an interrupt ends early.
final class Pause {
    private Pause() {}

    static void of(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
