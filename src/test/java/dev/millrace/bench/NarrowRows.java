package dev.millrace.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;

/// Readings of sensors: three short columns, so that what a row costs counts more than its bytes.
final class NarrowRows implements Rows {
    private static final int SENSORS = 10_000;

    /// 2024-01-01 00:00:00.
    private static final long BEGIN = 1_704_067_200L;

    @Override
    public SequencedMap<String, String> columns() {
        var columns = new LinkedHashMap<String, String>();
        columns.put("sensor", "UInt32");
        columns.put("read_at", "DateTime");
        columns.put("celsius", "Float64");
        return columns;
    }

    @Override
    public List<String> orderBy() {
        return List.of("sensor", "read_at");
    }

    @Override
    public void write(long row, SplittableRandom random, CsvOutput out) {
        out.field().number(random.nextInt(SENSORS));
        out.field().time(BEGIN + row / 10);
        out.field().hundredths(random.nextInt(4_000));
    }
}
