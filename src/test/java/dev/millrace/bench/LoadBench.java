package dev.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Compares Millrace's whole path with ClickHouse's own imports of the same file, on one machine,
/// in one run, on a Millrace of its own.
@Command(
        name = "./millrace bench load",
        description = "Compare loads with ClickHouse's own imports of the same file.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class LoadBench implements Callable<Integer> {
    @Option(
            names = "--file",
            paramLabel = "KIND",
            description = "rounds, narrow, wide, or all (the default).")
    private String file = "all";

    @Mixin private BenchFlags flags = new BenchFlags();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How many rounds count, behind one that warms up; 5 otherwise.")
    private int rounds = 5;

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "So many rows, instead of the file's own number.")
    private long rows;

    @Option(
            names = "--small",
            description = "Instead, measure loads of one row and of a megabyte, and starts.")
    private boolean isSmall;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Where result.json and result.html go; target/bench/load otherwise.")
    private Path out = Path.of("target", "bench", "load");

    @Spec private CommandSpec spec = CommandSpec.create();

    static void main(String[] args) {
        System.exit(
                new CommandLine(new LoadBench())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var result = isSmall ? small() : compare(kinds());
        Files.createDirectories(out);
        result.writeJson(out.resolve("result.json"));
        var page = out.resolve("result.html");
        Files.writeString(page, ResultPage.of(result));
        System.out.printf("%nWritten: %s, and result.json beside it.%n", page);
        return 0;
    }

    private List<BenchFile.Kind> kinds() {
        var chosen =
                Stream.of(BenchFile.Kind.values())
                        .filter(kind -> file.equals("all") || file.equals(kind.title()))
                        .toList();
        if (chosen.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "There is no file '%s'".formatted(file));
        }
        return chosen;
    }

    /// Each file has a Millrace of its own, so that each has a first load after a start.
    private BenchResult compare(List<BenchFile.Kind> kinds)
            throws IOException, InterruptedException {
        var results = new ArrayList<FileResult>();
        var machine = Optional.<Machine>empty();
        for (var kind : kinds) {
            var rowsOf = BenchFile.make(kind, rows > 0 ? rows : kind.usualRows());
            try (var millrace = OwnMillrace.start(flags.heap())) {
                var source = rowsOf.in(flags.format(), millrace.clickhouse());
                if (machine.isEmpty()) {
                    machine = Optional.of(Machine.of(millrace));
                    System.out.print(
                            ResultText.of(machine.get(), BenchResult.comparing(machine.get())));
                }
                System.out.print(ResultText.of(source));
                results.add(new Comparison(millrace, source).run(rounds));
                System.out.print(ResultText.of(results.getLast()));
            }
        }
        return BenchResult.compared(machine.orElseThrow(), rounds, results);
    }

    private BenchResult small() throws IOException, InterruptedException {
        try (var millrace = OwnMillrace.start(flags.heap())) {
            var machine = Machine.of(millrace);
            System.out.print(ResultText.of(machine, BenchResult.timing(machine)));
            var small = SmallLoads.measure(millrace);
            System.out.print(ResultText.of(small));
            return BenchResult.small(machine, small);
        }
    }
}
