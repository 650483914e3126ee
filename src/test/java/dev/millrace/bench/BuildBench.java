package dev.millrace.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Compares two builds of Millrace, or one with other flags, load by load in turn. The two loads of
/// a pair meet the machine as it is in the same seconds: so a difference of a few percent shows,
/// which runs one after the other hide.
@Command(
        name = "./millrace bench builds",
        description = "Compare loads by this build with those by another, in turn.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BuildBench implements Callable<Integer> {
    private static final int WARM_UP = 3;

    @Parameters(
            paramLabel = "FOLDER",
            description =
                    "Another clone of the project; with --flags it may be this one, which is '.'.")
    private Path other = Path.of(".");

    @Option(
            names = "--file",
            paramLabel = "KIND",
            description = "rounds (the default), narrow or wide.")
    private BenchFile.Kind file = BenchFile.Kind.ROUNDS;

    @Mixin private BenchFlags alike = new BenchFlags();

    @Option(
            names = "--pairs",
            paramLabel = "N",
            description = "How many pairs of loads count, behind three that warm up; 10 otherwise.")
    private int pairs = 10;

    @Option(
            names = "--flags",
            paramLabel = "FLAGS",
            description = "More flags for the other's JVM.")
    private String flags = "";

    static void main(String[] args) {
        System.exit(
                new CommandLine(new BuildBench())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(args));
    }

    /// What one load by each build took.
    private record Pair(Measurement here, Measurement there) {
        double ratio(ToDoubleFunction<Measurement> measure) {
            return measure.applyAsDouble(here) / measure.applyAsDouble(there);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var csv = BenchFile.make(file, file.usualRows());
        try (var here = OwnMillrace.start(alike.heap());
                var there = OwnMillrace.start(alike.heap(), other, flags)) {
            var source = csv.in(alike.format(), here.clickhouse());
            System.out.printf(
                    Locale.ROOT,
                    "%s: %,d rows, %,d MB%n",
                    source.name(),
                    source.rows(),
                    source.bytes() / 1_000_000);
            var loadsHere = new Comparison(here, source);
            var loadsThere = new Comparison(there, source);
            var counted = new ArrayList<Pair>();
            for (var i = -WARM_UP; i < pairs; i++) {
                var pair = pair(loadsHere, loadsThere, i);
                if (i >= 0) {
                    print("pair " + (i + 1), pair);
                    counted.add(pair);
                }
            }
            if (!loadsHere.content().equals(loadsThere.content())) {
                throw new IOException("The comparison is void: the tables differ");
            }
            print(counted);
        }
        return 0;
    }

    /// Each is the first in every other pair.
    private static Pair pair(Comparison here, Comparison there, int number)
            throws IOException, InterruptedException {
        if (number % 2 == 0) {
            var first = here.measure(Way.MILLRACE, number);
            return new Pair(first, there.measure(Way.MILLRACE, number));
        }
        var first = there.measure(Way.MILLRACE, number);
        return new Pair(here.measure(Way.MILLRACE, number), first);
    }

    private static double ofMillrace(Measurement load) {
        return load.cpuSeconds().getOrDefault(Processes.MILLRACE, Double.NaN);
    }

    private static void print(String name, Pair pair) {
        System.out.printf(
                Locale.ROOT,
                "  %-8s  this %6.2f s, CPU %6.2f s   other %6.2f s, CPU %6.2f s%n",
                name,
                pair.here().seconds(),
                ofMillrace(pair.here()),
                pair.there().seconds(),
                ofMillrace(pair.there()));
    }

    private static void print(List<Pair> counted) {
        System.out.printf(
                "%n  %-28s %9s %9s   this/other, median of the pairs (middle half)%n",
                "MEDIAN SECONDS", "this", "other");
        print("a load", counted, Measurement::seconds);
        print("CPU of Millrace", counted, BuildBench::ofMillrace);
        print("CPU of all processes", counted, Measurement::allCpuSeconds);
    }

    private static void print(
            String name, List<Pair> counted, ToDoubleFunction<Measurement> measure) {
        var ratios = counted.stream().mapToDouble(pair -> pair.ratio(measure)).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "  %-28s %9.2f %9.2f   %.3f (%.3f … %.3f)%n",
                name,
                median(counted.stream().map(Pair::here).mapToDouble(measure).toArray()),
                median(counted.stream().map(Pair::there).mapToDouble(measure).toArray()),
                median(ratios),
                ratios[ratios.length / 4],
                ratios[ratios.length - 1 - ratios.length / 4]);
    }

    private static double median(double[] values) {
        return Spread.of(IntStream.range(0, values.length).mapToObj(i -> values[i]).toList())
                .median();
    }
}
