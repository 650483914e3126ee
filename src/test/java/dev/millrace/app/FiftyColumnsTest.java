package dev.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.Samples;
import dev.millrace.core.ColumnType;
import dev.millrace.core.ColumnTypes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file with 50 columns of every type, some of its values bad in every column: every count, every
/// rejection and every value is what it has to be.
///
/// `./millrace test -Dtest=FiftyColumnsTest -Dmillrace.rows=1000000` takes a million rows.
class FiftyColumnsTest {
    private static final int COLUMNS = 50;
    private static final int ROWS = Integer.getInteger("millrace.rows", 20_000);
    private static final long SEED = 50;

    @TempDir private Path folder;

    private final List<ColumnType> types = types();

    /// Sums over the good rows of what [#checksum] gives, a column each.
    private final long[] checksums = new long[COLUMNS];

    /// `row:code:column` of every bad value.
    private final List<String> problems = new ArrayList<>();

    private final Map<String, Long> counts = new TreeMap<>();
    private long badRows;

    /// The scalars first, then what can stand around them, in an order of its own.
    private static List<ColumnType> types() {
        var all = new ArrayList<>(Samples.types());
        var scalars = all.stream().filter(t -> isScalar(ColumnTypes.parse(t))).toList();
        all.removeAll(scalars);
        Collections.shuffle(all, new Random(SEED));
        var chosen = new ArrayList<>(scalars);
        chosen.addAll(all.subList(0, COLUMNS - scalars.size()));
        return chosen.stream().map(ColumnTypes::parse).toList();
    }

    private static boolean isScalar(ColumnType type) {
        return type instanceof ColumnType.Scalar;
    }

    @Test
    void everyValueIsInTheTableOrRejectedByName() throws Exception {
        var file = folder.resolve("fifty.csv");
        write(file);
        try (var site = new Site(folder)) {
            var api = site.serve(Map.of()).api();
            site.work("worker", Map.of("MILLRACE_WORKER_THREADS", "2"));
            var table = api.createModel("fifty", schema());

            var id = api.createJob("fifty", "");
            assertThat(api.upload(id, file)).isEqualTo(202);
            var job = api.awaitFinal(id);

            assertThat(job.get("state").asText()).isEqualTo("PARTIAL_SUCCESS");
            assertThat(job.at("/rows/read").asLong()).isEqualTo(ROWS);
            assertThat(job.at("/rows/rejected").asLong()).isEqualTo(badRows);
            assertThat(job.at("/rows/written").asLong()).isEqualTo(ROWS - badRows);
            assertThat(rejections(api, id)).containsExactlyElementsOf(problems);
            assertThat(summary(api, id)).isEqualTo(counts);
            assertThat(checksums(api, table)).containsExactly(checksums);
        }
    }

    private String schema() {
        return IntStream.range(0, COLUMNS)
                .mapToObj(i ->
                        "\"%s\": \"%s\""
                                .formatted(name(i), types.get(i).name().replace("\\", "\\\\")))
                .collect(Collectors.joining(", ", "{\"columns\": {", "}, \"orderBy\": []}"));
    }

    private static String name(int column) {
        return "c%02d".formatted(column);
    }

    private void write(Path file) throws IOException {
        var random = new Random(SEED);
        try (var out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            out.write(
                    IntStream.range(0, COLUMNS)
                            .mapToObj(FiftyColumnsTest::name)
                            .collect(Collectors.joining(",", "", "\n"))
                            .getBytes(UTF_8));
            for (var row = 1; row <= ROWS; row++) {
                writeRow(row, random, out);
            }
        }
    }

    private void writeRow(int row, Random random, OutputStream out) throws IOException {
        var bad = new boolean[COLUMNS];
        var isBad = random.nextInt(200) == 0 || row <= COLUMNS;
        for (var i = 0; i < COLUMNS; i++) {
            // The first rows make sure that every column has its bad value.
            bad[i] = row <= COLUMNS ? i == row - 1 : isBad && random.nextInt(20) == 0;
        }
        isBad = IntStream.range(0, COLUMNS).anyMatch(i -> bad[i]);
        badRows += isBad ? 1 : 0;
        for (var i = 0; i < COLUMNS; i++) {
            if (i > 0) {
                out.write(',');
            }
            if (bad[i]) {
                var value = Samples.bad(types.get(i), random);
                out.write(Samples.field(value.text()));
                problems.add("%d:%s:%s".formatted(row, value.error(), name(i)));
                counts.merge(value.error() + ":" + name(i), 1L, Long::sum);
            } else {
                var value = Samples.good(types.get(i), random);
                out.write(Samples.field(value.text()));
                if (!isBad) {
                    checksums[i] += checksum(row, value.stored());
                }
            }
        }
        out.write('\n');
    }

    private static long checksum(int row, String stored) {
        var crc = new CRC32();
        crc.update((row + ":" + stored).getBytes(UTF_8));
        return crc.getValue();
    }

    /// The same of what the table holds.
    private long[] checksums(ApiClient api, String table) throws Exception {
        var sums =
                IntStream.range(0, COLUMNS)
                        .mapToObj(i ->
                                "sum(CRC32(concat(toString(bitAnd(_millrace_row, %d)), ':', %s)))"
                                        .formatted(
                                                (1L << 40) - 1,
                                                Samples.probe(types.get(i), name(i))))
                        .collect(Collectors.joining(", "));
        var line = api.sql("SELECT %s FROM %s".formatted(sums, table)).getFirst();
        return Arrays.stream(line.split("\t")).mapToLong(Long::parseLong).toArray();
    }

    private static List<String> rejections(ApiClient api, String job) throws Exception {
        return api.rejections(job).stream()
                .map(r ->
                        "%s:%s:%s"
                                .formatted(
                                        r.get("row").asText(),
                                        r.get("error").asText(),
                                        r.get("column").asText()))
                .toList();
    }

    private static Map<String, Long> summary(ApiClient api, String job) throws Exception {
        var counts = new TreeMap<String, Long>();
        for (JsonNode one :
                api.get("/api/v1/jobs/%s/rejections/summary".formatted(job)).get("items")) {
            counts.put(
                    one.get("error").asText() + ":" + one.get("column").asText(),
                    one.get("count").asLong());
        }
        return counts;
    }
}
