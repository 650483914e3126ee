package dev.millrace.app;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Keeps what shows a difference between a table and its files, row by row: `files.txt` and
/// `table.txt` have the rows, sorted, and `diff.txt` those that only one of them has, the table's
/// indented.
record ChaosEvidence(Path folder, String table) {
    void keep(List<RandomFile> files) throws IOException, InterruptedException {
        var wanted = folder.resolve("files.txt");
        try (var out = new BufferedOutputStream(Files.newOutputStream(wanted), 1 << 20)) {
            for (var file : files) {
                RandomFile.write(file.plan(), file.path(), out);
            }
        }
        Warehouse.sql(
                "SELECT %s FROM %s FORMAT TSVRaw".formatted(RandomFile.LINE, table),
                folder.resolve("table.txt"));
        var compare =
                """
                export LC_ALL=C
                sort -o files.txt files.txt
                sort -o table.txt table.txt
                comm -3 files.txt table.txt >diff.txt
                """;
        new ProcessBuilder("sh", "-c", compare).directory(folder.toFile()).start().waitFor();
    }
}
