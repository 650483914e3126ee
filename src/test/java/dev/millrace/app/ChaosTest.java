package dev.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Some rounds of what `./millrace bench chaos` does at length, with small files.
class ChaosTest {
    private static final int ROUNDS = 3;
    private static final ChaosRound.Sizes SIZES = new ChaosRound.Sizes(100_000, 400_000, 4);

    @TempDir private Path folder;

    @Test
    void whoeverIsKilledTheTablesHoldTheFiles() throws Exception {
        var seed = new SplittableRandom().nextLong(1_000_000_000);
        try (var fleet = new Fleet(folder, Program.SMALL)) {
            for (var i = 0; i < ROUNDS; i++) {
                var own = folder.resolve("round-%d".formatted(i));
                var result = new ChaosRound(fleet, seed + i, SIZES, own).run();
                System.out.printf("chaos  %s%n", result);
                assertThat(result.differences()).as(result.toString()).isEmpty();
            }
        }
    }
}
