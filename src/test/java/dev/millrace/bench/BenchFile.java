package dev.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// A file that a benchmark loads. It is made once, in the temporary folder, and kept for the next
/// run.
///
/// @param rows how many, without the header
record BenchFile(String name, FileFormat format, Rows kind, long rows, Path path, long bytes) {
    /// Goes up when the rows of a kind change, so that a file of earlier ones is not taken.
    private static final int EDITION = 1;

    private static final long SEED = 42;

    /// What there is, and how many rows it has unless somebody says otherwise.
    enum Kind {
        ROUNDS(2_101_934),
        NARROW(20_000_000),
        WIDE(1_000_000);

        private final long usualRows;

        Kind(long usualRows) {
            this.usualRows = usualRows;
        }

        long usualRows() {
            return usualRows;
        }

        String title() {
            return name().toLowerCase(Locale.ROOT);
        }

        Rows rows() {
            return switch (this) {
                case ROUNDS -> new RoundRows();
                case NARROW -> new NarrowRows();
                case WIDE -> new WideRows();
            };
        }
    }

    /// Finds or makes it: UTF-8 CSV with a header.
    static BenchFile make(Kind kind, long rows) throws IOException {
        var name = kind.title();
        var folder = Path.of(System.getProperty("java.io.tmpdir"), "millrace-bench");
        Files.createDirectories(folder);
        var file = folder.resolve("%s-%d-edition-%d.csv".formatted(name, rows, EDITION));
        if (!Files.exists(file)) {
            var part = Files.createTempFile(folder, name, ".part");
            write(kind.rows(), rows, part);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return new BenchFile(name, FileFormat.CSV, kind.rows(), rows, file, Files.size(file));
    }

    /// The same rows in another format, as ClickHouse writes it.
    BenchFile in(FileFormat other, ClickHouse clickhouse) throws IOException, InterruptedException {
        if (other == format) {
            return this;
        }
        var named = path.getFileName().toString().replaceFirst("csv$", other.title());
        var file = path.resolveSibling(named);
        if (!Files.exists(file)) {
            var structure =
                    kind.columns().entrySet().stream()
                            .map(c -> c.getKey() + " " + c.getValue().replace("'", "\\'"))
                            .collect(Collectors.joining(", "));
            var part = Files.createTempFile(path.getParent(), name, ".part");
            var statement =
                    "SELECT * FROM file('%s', CSVWithNames, '%s') FORMAT %s"
                            .formatted(path, structure, other.clickhouse());
            Curl.answer(clickhouse.url(), statement, part);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return new BenchFile(
                name + " as " + other.title(), other, kind, rows, file, Files.size(file));
    }

    private static void write(Rows kind, long rows, Path file) throws IOException {
        var random = new SplittableRandom(SEED);
        try (var out = new CsvOutput(Files.newOutputStream(file))) {
            for (var column : kind.columns().keySet()) {
                out.field().raw(column);
            }
            out.endRecord();
            for (var row = 0L; row < rows; row++) {
                kind.write(row, random, out);
                out.endRecord();
            }
        }
    }
}
