package dev.millrace.bench.fuzz;

import dev.millrace.core.Dialect;
import dev.millrace.core.Encoding;
import dev.millrace.core.Escape;
import dev.millrace.core.Format;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SplitSizes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Reads damaged and made-up sources for a while: each is read or refused with a code, within
/// seconds and the heap that there is, and however it is cut, the same records are found in it.
/// What is not so is kept as a file, and said.
public final class Fuzz {
    private static final Path KEPT = Path.of("target/fuzz");
    private static final int SECONDS_EACH = 30;
    private static final SplitSizes WHOLE = new SplitSizes(1 << 26, 1 << 26, 1 << 24);

    private Fuzz() {}

    /// A source and how it is read.
    private record Case(byte[] source, SourceOptions options, SplitSizes sizes, int most) {}

    static void main(String[] args) throws Exception {
        if (args.length == 0 || args[0].startsWith("-")) {
            System.err.println("Usage: ./millrace bench fuzz SECONDS [FOLDER|- [SEED]]");
            System.exit(2);
        }
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[0]));
        var sources =
                args.length < 2 || args[1].equals("-")
                        ? new FuzzSources()
                        : new FuzzSources(Path.of(args[1]));
        var first = args.length < 3 ? System.currentTimeMillis() : Long.parseLong(args[2]);
        var seen = new TreeMap<String, Long>();
        var faults = 0;
        var seed = first;
        for (; System.nanoTime() < end && faults < 20; seed++) {
            var made = of(sources, new SplittableRandom(seed));
            var fault = watched(made, seed, seen);
            if (fault != null) {
                faults++;
                keep(made, seed, fault);
            }
        }
        System.out.printf("%,d sources from seed %d on, %,d faults%n", seed - first, first, faults);
        seen.forEach((what, times) -> System.out.printf("%,12d  %s%n", times, what));
        System.exit(faults == 0 ? 0 : 1);
    }

    private static Case of(FuzzSources sources, SplittableRandom random) throws IOException {
        var source = sources.next(random);
        var first = 1 + random.nextInt(300);
        var sizes = new SplitSizes(first, first + random.nextInt(300), 1 + random.nextInt(40));
        var most = random.nextBoolean() ? 1 << 24 : 8 + random.nextInt(200);
        return new Case(source, options(random), sizes, most);
    }

    /// Mostly nothing is told.
    private static SourceOptions options(SplittableRandom random) {
        if (random.nextInt(3) > 0) {
            return new SourceOptions(null, null, null, null, null, null, null, null, null, null);
        }
        var escape = maybe(Escape.values(), random);
        return new SourceOptions(
                maybe(new Format[] {Format.CSV, Format.JSONL, Format.JSON}, random),
                maybe(new Encoding[] {Encoding.UTF_8, Encoding.UTF_16LE, Encoding.GB18030}, random),
                maybe(new String[] {",", ";", "||", "::", "\t"}, random),
                escape == Escape.SEQUENCES
                        ? (Character) Dialect.NO_QUOTE
                        : maybe(new Character[] {'"', '\'', Dialect.NO_QUOTE}, random),
                escape,
                maybe(new Character[] {'#', Dialect.NO_COMMENT}, random),
                maybe(new Boolean[] {true, false}, random),
                maybe(new Integer[] {0, 1, 2}, random),
                null,
                null);
    }

    private static <T> @Nullable T maybe(T[] values, SplittableRandom random) {
        return random.nextBoolean() ? null : values[random.nextInt(values.length)];
    }

    private static @Nullable String watched(Case made, long seed, Map<String, Long> seen)
            throws InterruptedException {
        try (var runner =
                Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory())) {
            var running = runner.submit(() -> fault(made, seed, seen));
            try {
                return running.get(SECONDS_EACH, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                keep(made, seed, "takes longer than %d s".formatted(SECONDS_EACH));
                System.exit(1); // nothing ends the thread
                return "";
            } catch (ExecutionException e) {
                return String.valueOf(e.getCause());
            }
        }
    }

    private static @Nullable String fault(Case made, long seed, Map<String, Long> seen) {
        var whole = Outcome.of(made.source, made.options, WHOLE, made.most, null);
        var blocks = new SplittableRandom(seed);
        var cut = Outcome.of(made.source, made.options, made.sizes, made.most, blocks);
        if (whole.fault() != null || cut.fault() != null) {
            return whole.fault() != null ? whole.fault() : "cut: " + cut.fault();
        }
        seen.merge(whole.refusal() == null ? "read" : whole.refusal(), 1L, Long::sum);
        return whole.agreesWith(cut) ? null : "whole %s, cut %s".formatted(whole, cut);
    }

    private static void keep(Case made, long seed, String fault) {
        try {
            Files.createDirectories(KEPT);
            var file = Files.write(KEPT.resolve(seed + ".bin"), made.source);
            System.out.printf(
                    "seed %d: %s%n  %s, %s, %s, at most %,d bytes a record%n",
                    seed, fault, file, made.options, made.sizes, made.most);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
