package dev.millrace.app;

import dev.millrace.app.Fleet.Victim;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Future;

/// Kills at random moments while something runs. Belongs to one thread.
final class ChaosKills {
    private static final List<Victim> VICTIMS = List.of(Victim.values());
    private static final int MIN_PAUSE_MILLIS = 20;

    private final Fleet fleet;
    private final SplittableRandom random;
    private final List<String> killed = new ArrayList<>();

    ChaosKills(Fleet fleet, long seed) {
        this.fleet = fleet;
        this.random = new SplittableRandom(seed);
    }

    /// Whom, and when.
    List<String> killed() {
        return killed;
    }

    /// Kills until there were enough or all that runs is done.
    ///
    /// @param what runs, in a word
    void run(String what, int most, int maxPauseMillis, List<? extends Future<?>> running)
            throws IOException, InterruptedException {
        var begin = System.nanoTime();
        for (var i = 0; i < most; i++) {
            Thread.sleep(random.nextInt(MIN_PAUSE_MILLIS, maxPauseMillis));
            var victim = VICTIMS.get(random.nextInt(VICTIMS.size()));
            if (running.stream().allMatch(Future::isDone)) {
                return;
            }
            if (fleet.kill(victim)) {
                killed.add(
                        "%s %.1f s into %s"
                                .formatted(
                                        victim.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                                        (System.nanoTime() - begin) / 1e9,
                                        what));
            }
        }
    }
}
