package dev.millrace.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/// Loads random files while processes are killed, round after round, and compares by content.
///
///     ./millrace bench chaos [ROUNDS=100] [SEED]
///
/// A line tells of each round; a round's own seed repeats its files, modes, undo and kills: `bench
/// chaos 1 SEED`.
/// When a round is different, the folder that its line names keeps the rows, and the logs beside.
final class Chaos {
    private static final ChaosPlan.Sizes SIZES = new ChaosPlan.Sizes(1_000_000, 5_000_000, 5);
    private static final List<String> FLAGS = List.of("-Xmx1g", "-XX:+UseG1GC");

    private Chaos() {}

    static void main(String[] args) throws Exception {
        var rounds = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        var seed =
                args.length > 1
                        ? Long.parseLong(args[1])
                        : new SplittableRandom().nextLong(1_000_000_000);
        var folder = Files.createTempDirectory("millrace-chaos-");
        System.out.printf("%d rounds from seed %d in %s%n", rounds, seed, folder);
        var different = run(rounds, seed, folder);
        if (different == 0) {
            delete(folder);
        }
        System.exit(different == 0 ? 0 : 1);
    }

    private static int run(int rounds, long seed, Path folder) throws Exception {
        var different = 0;
        var kills = 0;
        var rows = 0L;
        var begin = System.nanoTime();
        try (var fleet = new Fleet(folder, FLAGS)) {
            for (var i = 0; i < rounds; i++) {
                var own = folder.resolve("round-%d".formatted(i + 1));
                var result = new ChaosRound(fleet, ChaosPlan.of(seed + i, SIZES), own).run();
                System.out.printf("round %3d  %s%n", i + 1, result);
                different += result.isEqual() ? 0 : 1;
                kills += result.kills().size();
                rows += result.rows();
            }
        }
        System.out.printf(
                "%d rounds, %,d rows, %d kills, %.0f s: %s%n",
                rounds,
                rows,
                kills,
                (System.nanoTime() - begin) / 1e9,
                different == 0 ? "all equal" : different + " DIFFERENT, see " + folder);
        return different;
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
