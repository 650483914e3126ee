package dev.millrace.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What a table holds: how many rows, and the sum over the hashes of their bytes. Two tables of the
/// same rows in another order are equal.
record TableContent(long rows, String checksum) {
    static TableContent of(ClickHouse clickhouse, Rows kind, String table)
            throws IOException, InterruptedException {
        var all = String.join(", ", kind.columns().keySet());
        var sums = clickhouse.run("SELECT count(), %s FROM %s".formatted(sum(all), table));
        return new TableContent(
                Long.parseLong(sums.substring(0, sums.indexOf('\t'))),
                sums.substring(sums.indexOf('\t') + 1));
    }

    /// The same sum of each column, which says where two tables differ.
    static List<String> byColumn(ClickHouse clickhouse, Rows kind, String table)
            throws IOException, InterruptedException {
        var each =
                kind.columns().keySet().stream()
                        .map(TableContent::sum)
                        .collect(Collectors.joining(", "));
        return List.of(clickhouse.run("SELECT %s FROM %s".formatted(each, table)).split("\t", -1));
    }

    /// The bytes say every value exactly, NULL and the bits of a float too.
    private static String sum(String columns) {
        return "sum(cityHash64(formatRow('RowBinary', %s)))".formatted(columns);
    }

    /// The columns whose sums are not the same.
    static List<String> differences(Rows kind, List<String> sums, List<String> others) {
        var names = List.copyOf(kind.columns().keySet());
        var different = new ArrayList<String>();
        for (var i = 0; i < names.size(); i++) {
            if (!sums.get(i).equals(others.get(i))) {
                different.add(names.get(i));
            }
        }
        return different;
    }
}
