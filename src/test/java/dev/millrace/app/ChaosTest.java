package dev.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Some rounds of what `./millrace bench chaos` does at length, with small files.
class ChaosTest {
    /// What the plan of each round has to be.
    private static final List<Predicate<ChaosPlan>> ROUNDS =
            List.of(
                    _ -> true,
                    plan -> plan.oneTable() && plan.replaces(),
                    plan -> plan.oneTable() && plan.undone().isPresent());

    private static final ChaosPlan.Sizes SIZES = new ChaosPlan.Sizes(100_000, 400_000, 4);

    @TempDir private Path folder;

    @Test
    void whoeverIsKilledTheTablesHoldTheFiles() throws Exception {
        var seed = new SplittableRandom().nextLong(1_000_000_000);
        try (var fleet = new Fleet(folder, Program.SMALL)) {
            for (var wanted : ROUNDS) {
                var plan = ChaosPlan.of(seed++, SIZES);
                while (!wanted.test(plan)) {
                    plan = ChaosPlan.of(seed++, SIZES);
                }
                var own = folder.resolve("round-%d".formatted(plan.seed()));
                var result = new ChaosRound(fleet, plan, own).run();
                System.out.printf("chaos  %s%n", result);
                assertThat(result.differences()).as(result.toString()).isEmpty();
            }
        }
    }
}
