package dev.millrace.app;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// Keeps what shows a difference between a table and its files, row by row: `files.txt` and
/// `table.txt` have the rows, sorted, and `diff.txt` those that only one of them has, the table's
/// indented.
record ChaosEvidence(Path folder, String table) {
    /// @param left what the table has to hold of each job
    /// @param files the jobs' files
    void keep(List<TableStory.Left> left, Map<String, RandomFile> files)
            throws IOException, InterruptedException {
        Files.writeString(folder.resolve("files.txt"), "");
        for (var one : left) {
            var file = Objects.requireNonNull(files.get(one.of().job()));
            var rows = folder.resolve("rows.txt");
            try (var out = new BufferedOutputStream(Files.newOutputStream(rows), 1 << 20)) {
                RandomFile.write(file.plan(), file.path(), out);
            }
            var regions =
                    RandomFile.REGIONS.stream()
                            .filter(r -> one.regions().get(r).rows() > 0)
                            .map(String::valueOf)
                            .collect(Collectors.joining());
            // No row is of region 9, so that there always is a pattern.
            shell("awk -F '\\t' '$3 ~ /^[9%s]$/' rows.txt >>files.txt".formatted(regions));
        }
        Warehouse.sql(
                "SELECT %s FROM %s FORMAT TSVRaw".formatted(RandomFile.LINE, table),
                folder.resolve("table.txt"));
        shell(
                """
                export LC_ALL=C
                rm rows.txt
                sort -o files.txt files.txt
                sort -o table.txt table.txt
                comm -3 files.txt table.txt >diff.txt
                """);
    }

    private void shell(String script) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", script).directory(folder.toFile()).start().waitFor();
    }
}
