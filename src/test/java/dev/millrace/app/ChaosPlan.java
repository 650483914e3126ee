package dev.millrace.app;

import dev.millrace.core.LoadMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// What a seed decides of a round: the files, how they meet what is there, what is undone, and whom
/// the kills hit and when. What happens then depends on the machine as well.
///
/// @param before a small file that every table holds before anybody is killed
/// @param loads the two that run at a time
/// @param kills how many at most while they run
/// @param undone which of the two is undone then, counted from 0
/// @param undoKills how many at most meanwhile
/// @param killSeed of whom and when
record ChaosPlan(
        long seed,
        boolean oneTable,
        Optional<RandomFile.Plan> before,
        List<Load> loads,
        int kills,
        OptionalInt undone,
        int undoKills,
        long killSeed) {
    private static final int[] BAD_PER_MILLION = {0, 0, 100, 2_000};
    private static final List<LoadMode> MODES =
            List.of(
                    LoadMode.APPEND,
                    LoadMode.APPEND,
                    LoadMode.REPLACE,
                    LoadMode.APPEND,
                    LoadMode.REPLACE,
                    LoadMode.REPLACE_PARTITIONS);

    /// @param minRows of a file; the small one has a tenth
    /// @param maxRows of a file
    /// @param maxKills while the two loads run
    record Sizes(int minRows, int maxRows, int maxKills) {}

    /// One of the two loads.
    record Load(RandomFile.Plan file, LoadMode mode) {}

    static ChaosPlan of(long seed, Sizes sizes) {
        var random = new SplittableRandom(seed);
        var oneTable = random.nextInt(3) > 0;
        var loads = List.of(load(random, sizes), load(random, sizes));
        var small = new RandomFile.Plan(random.nextLong(), sizes.minRows() / 10, 0);
        var before = replaces(loads) && random.nextInt(3) > 0;
        var undoes = random.nextBoolean();
        return new ChaosPlan(
                seed,
                oneTable,
                before ? Optional.of(small) : Optional.empty(),
                loads,
                random.nextInt(1, sizes.maxKills() + 1),
                undoes ? OptionalInt.of(random.nextInt(loads.size())) : OptionalInt.empty(),
                random.nextInt(3),
                random.nextLong());
    }

    private static Load load(SplittableRandom random, Sizes sizes) {
        return new Load(file(random, sizes), MODES.get(random.nextInt(MODES.size())));
    }

    /// As many files of either magnitude between the bounds; two of three fall into all regions.
    private static RandomFile.Plan file(SplittableRandom random, Sizes sizes) {
        var factor = Math.pow((double) sizes.maxRows() / sizes.minRows(), random.nextDouble());
        return new RandomFile.Plan(
                random.nextLong(),
                (int) (sizes.minRows() * factor),
                BAD_PER_MILLION[random.nextInt(BAD_PER_MILLION.length)],
                random.nextInt(3) > 0 ? RandomFile.REGIONS : some(random));
    }

    private static List<Integer> some(SplittableRandom random) {
        var regions = new ArrayList<>(RandomFile.REGIONS);
        for (var gone = random.nextInt(1, regions.size()); gone > 0; gone--) {
            regions.remove(random.nextInt(regions.size()));
        }
        return List.copyOf(regions);
    }

    /// Whether a load takes the place of what is there.
    boolean replaces() {
        return replaces(loads);
    }

    private static boolean replaces(List<Load> loads) {
        return loads.stream().anyMatch(l -> l.mode() != LoadMode.APPEND);
    }

    @Override
    public String toString() {
        return "%s%s, %s"
                .formatted(
                        loads.stream()
                                .map(l -> PatientLoad.text(l.mode()))
                                .collect(Collectors.joining(" and ")),
                        before.map(b -> " on %,d rows".formatted(b.rows())).orElse(""),
                        oneTable ? "one table" : "two tables");
    }
}
