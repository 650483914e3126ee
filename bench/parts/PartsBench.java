package dev.millrace.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Measures the parts of a load, each on one core, in GB (10⁹ bytes) a second, and as a share of how
/// fast memory is read.
///
///     ./millrace bench parts [REGEX]
final class PartsBench {
    private static final String MEMORY = "readMemory";

    private PartsBench() {}

    static void main(String[] args) throws RunnerException {
        var wanted = new ArrayList<>(args.length == 0 ? List.of("Parts") : List.of(args));
        var options = new OptionsBuilder();
        wanted.forEach(options::include);
        if (args.length > 0) {
            options.include(MEMORY);
        }
        options.mode(Mode.Throughput)
                .timeUnit(TimeUnit.SECONDS)
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1))
                .jvmArgsAppend("-Xmx2g")
                .verbosity(VerboseMode.SILENT);
        var results = new Runner(options.build()).run();
        var memory =
                results.stream()
                        .filter(r -> label(r).contains(MEMORY))
                        .mapToDouble(PartsBench::bytesPerSecond)
                        .max()
                        .orElseThrow();
        System.out.printf("%-58s %10s %8s %10s%n", "part", "GB/s", "+-", "of memory");
        for (var result : results) {
            var speed = bytesPerSecond(result);
            System.out.printf(
                    Locale.ROOT,
                    "%-58s %10.3f %8.3f %9.1f%%%n",
                    label(result),
                    speed / 1e9,
                    error(result) / 1e9,
                    100 * speed / memory);
        }
    }

    private static double bytesPerSecond(RunResult result) {
        return result.getSecondaryResults().get("bytes").getScore();
    }

    private static double error(RunResult result) {
        return result.getSecondaryResults().get("bytes").getScoreError();
    }

    /// The method and what it was run with.
    private static String label(RunResult result) {
        var params = result.getParams();
        var name = params.getBenchmark();
        var with =
                params.getParamsKeys().stream()
                        .map(params::getParam)
                        .map(p -> p.length() > 30 ? p.substring(0, 30) : p)
                        .collect(Collectors.joining(", "));
        return name.substring(name.lastIndexOf('.') + 1) + (with.isEmpty() ? "" : ": " + with);
    }
}
