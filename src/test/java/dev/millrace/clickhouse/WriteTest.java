package dev.millrace.clickhouse;

import static dev.millrace.clickhouse.Fixture.SINK;
import static dev.millrace.clickhouse.Fixture.answer;
import static dev.millrace.clickhouse.Fixture.ids;
import static dev.millrace.clickhouse.Fixture.model;
import static dev.millrace.clickhouse.Fixture.number;
import static dev.millrace.clickhouse.Fixture.open;
import static dev.millrace.clickhouse.Fixture.openStaging;
import static dev.millrace.clickhouse.Fixture.publish;
import static dev.millrace.clickhouse.Fixture.published;
import static dev.millrace.clickhouse.Fixture.quoted;
import static dev.millrace.clickhouse.Fixture.split;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.Batch;
import dev.millrace.core.ColumnData;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Source;
import dev.millrace.core.Staging;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WriteTest {
    record Edges(String type, List<Object> values, List<String> printed) {
        @Override
        public String toString() {
            return type;
        }
    }

    static Stream<Edges> edges() {
        var wholes =
                IntStream.of(8, 16, 32, 64, 128, 256)
                        .boxed()
                        .flatMap(bits -> {
                            var one = BigInteger.ONE;
                            var half = one.shiftLeft(bits - 1);
                            return Stream.of(
                                    whole("Int" + bits, half.negate(), half.subtract(one)),
                                    whole(
                                            "UInt" + bits,
                                            BigInteger.ZERO,
                                            one.shiftLeft(bits).subtract(one)));
                        });
        var others =
                Stream.of(
                        new Edges("Bool", List.of(0, 1), List.of("false", "true")),
                        new Edges("Date", List.of(0, 65535), List.of("1970-01-01", "2149-06-06")),
                        new Edges(
                                "Date32",
                                List.of(-25567, -1, 120529),
                                List.of("1900-01-01", "1969-12-31", "2299-12-31")),
                        new Edges(
                                "DateTime",
                                List.of(0, 4294967295L),
                                List.of("1970-01-01 00:00:00", "2106-02-07 06:28:15")),
                        new Edges(
                                "DateTime64(3,'UTC')",
                                List.of(-62167219200000L, -1, 253402300799999L),
                                List.of(
                                        "0000-01-01 00:00:00.000",
                                        "1969-12-31 23:59:59.999",
                                        "9999-12-31 23:59:59.999")),
                        new Edges(
                                "DateTime64(9,'UTC')",
                                List.of(-9223372036000000000L, Long.MAX_VALUE),
                                List.of(
                                        "1677-09-21 00:12:44.000000000",
                                        "2262-04-11 23:47:16.854775807")),
                        new Edges(
                                "Float32",
                                List.of(Float.MAX_VALUE, -Float.MIN_VALUE, -0.0f),
                                List.of("3.4028235e38", "-1e-45", "-0")),
                        new Edges(
                                "Float64",
                                List.of(Double.MAX_VALUE, Double.MIN_VALUE, 0.1),
                                List.of("1.7976931348623157e308", "5e-324", "0.1")),
                        new Edges(
                                "String",
                                List.of("", "a\tb", "\u0000", "ü€𝄞", "x".repeat(300)),
                                List.of("", "a\\tb", "\\0", "ü€𝄞", "x".repeat(300))));
        return Stream.concat(wholes, others);
    }

    private static Edges whole(String type, BigInteger least, BigInteger most) {
        return new Edges(type, List.of(least, most), List.of(least.toString(), most.toString()));
    }

    @ParameterizedTest
    @MethodSource("edges")
    void theEdgesOfEveryTypeAreReadBackAsTheyWereWritten(Edges edges) {
        var staging = open(model("v " + edges.type(), "n Nullable(%s)".formatted(edges.type())));
        var rows = new BatchRows(staging.model().definition().columns());
        var expected = new StringBuilder();
        for (var i = 0; i < edges.values().size(); i++) {
            rows.add(2L * i, edges.values().get(i), edges.values().get(i));
            rows.add(2L * i + 1, edges.values().get(i), null);
            var printed = edges.printed().get(i);
            expected.append("%1$s\t%1$s\n%1$s\t\\N\n".formatted(printed));
        }
        SINK.write(staging, split(staging, 0), rows.batch());
        publish(staging, rows.batch().digest());
        assertThat(answer("SELECT * FROM %s ORDER BY _millrace_row".formatted(table(staging))))
                .isEqualTo(expected.toString());
    }

    @Test
    void aSplitIsWrittenOnceHoweverOftenItIsRepeated() {
        var staging = open(model("id UInt64"));
        var first = ids(staging.model(), 1, 1000);
        var second = ids(staging.model(), 1001, 500);
        for (var i = 0; i < 3; i++) {
            SINK.write(staging, split(staging, 0), first);
            SINK.write(staging, split(staging, 1), second);
        }
        assertThat(SINK.staged(staging)).isEqualTo(first.digest().plus(second.digest()));
    }

    @Test
    void aSplitIsWrittenOnceWhenTwoWorkersWriteItAtTheSameTime() throws Exception {
        var staging = open(model("id UInt64"));
        var expected = Digest.EMPTY;
        try (var workers = Executors.newFixedThreadPool(2)) {
            for (var i = 0; i < 10; i++) {
                var batch = ids(staging.model(), 1 + i * 20_000, 20_000);
                var split = split(staging, i);
                Callable<Void> write =
                        () -> {
                            SINK.write(staging, split, batch);
                            return null;
                        };
                for (var done : workers.invokeAll(List.of(write, write))) {
                    done.get();
                }
                expected = expected.plus(batch.digest());
            }
        }
        assertThat(SINK.staged(staging)).isEqualTo(expected);
    }

    @Test
    void anotherAttemptsSplitsAreNotTakenForRepeats() {
        var staging = open(model("id UInt64"));
        var batch = ids(staging.model(), 1, 10);
        SINK.write(staging, split(staging, 0), batch);
        var second = new Staging(staging.job(), 1, 2, 0, staging.model());
        openStaging(second);
        SINK.write(second, split(second, 0), batch);
        assertThat(SINK.staged(second)).isEqualTo(batch.digest());
    }

    @Test
    void aBatchWithoutRowsWritesNothing() {
        var staging = open(model("id UInt64"));
        SINK.write(staging, split(staging, 0), ids(staging.model(), 1, 0));
        assertThat(SINK.staged(staging)).isEqualTo(Digest.EMPTY);
    }

    @Test
    void threeHundredPartitionsArriveInOneInsertAndOnceWhenRepeated() {
        var staging = open(model(List.of("id"), "p", "id UInt64", "p UInt16"));
        var rows = new BatchRows(staging.model().definition().columns());
        for (var i = 1; i <= 3000; i++) {
            rows.add(i, i, i % 300);
        }
        SINK.write(staging, split(staging, 0), rows.batch());
        SINK.write(staging, split(staging, 0), rows.batch());
        assertThat(SINK.staged(staging)).isEqualTo(rows.batch().digest());
        assertThat(parts(staging)).isEqualTo(300);
        publish(staging, rows.batch().digest());
        assertThat(published(staging.job(), staging.model())).isEqualTo(rows.batch().digest());
    }

    @Test
    void oneSplitOfTheGreatestSizeBecomesOnePart() {
        var staging = open(model("id UInt64"));
        var batch = ids(staging.model(), 1, 1_000_000);
        SINK.write(staging, split(staging, 0), batch);
        assertThat(parts(staging)).isEqualTo(1);
        assertThat(SINK.staged(staging)).isEqualTo(batch.digest());
    }

    @Test
    void columnsMayBeNamedWithAnyCharacter() {
        var names = List.of("a`b", "it's", "say \"no\"", "back\\slash", "ü 𝄞", "{x}", "?", "a, b");
        var columns = names.stream().map(n -> n + " UInt8").toArray(String[]::new);
        var staging = open(model(names, "a`b", columns));
        var rows = new BatchRows(staging.model().definition().columns());
        rows.add(1, 0, 1, 2, 3, 4, 5, 6, 7);
        SINK.write(staging, split(staging, 0), rows.batch());
        SINK.prepare(staging.model());
        publish(staging, rows.batch().digest());
        assertThat(answer("SELECT * FROM " + table(staging))).isEqualTo("0\t1\t2\t3\t4\t5\t6\t7\n");
    }

    @Test
    void theRowsOfTheLastSourcesLastRowsCountRight() {
        var staging = open(model("id UInt64"));
        var rows = new BatchRows(staging.model().definition().columns());
        rows.add(Source.rowId(1_000_000, Source.MAX_ROWS - 1), 1).add(-1L, 2).add(0, 3);
        SINK.write(staging, split(staging, 0), rows.batch());
        assertThat(SINK.staged(staging)).isEqualTo(rows.batch().digest());
    }

    @Test
    void valuesOfAnotherTypeThanTheColumnsAreRefusedRatherThanConverted() {
        var staging = open(model("id UInt8"));
        var other = ids(model("id UInt64"), 256, 1);
        assertThatThrownBy(() -> SINK.write(staging, split(staging, 0), other))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CLICKHOUSE_REFUSED));
        assertThat(SINK.staged(staging)).isEqualTo(Digest.EMPTY);
    }

    @Test
    void smallPartsOfStagingAreLeftUnmerged() {
        var staging = open(model("id UInt64"));
        for (var i = 0; i < 20; i++) {
            SINK.write(staging, split(staging, i), ids(staging.model(), 1 + i * 10, 10));
        }
        Fixture.execute("OPTIMIZE TABLE " + quoted(staging));
        assertThat(parts(staging)).isEqualTo(20);
    }

    @Test
    void manyColumnsFitIntoOneStatement() {
        var columns =
                IntStream.range(0, 3000)
                        .mapToObj(i -> "column with a long name %d UInt8".formatted(i))
                        .toArray(String[]::new);
        var staging = open(model(columns));
        var data = new ArrayList<ColumnData>();
        for (var column : staging.model().definition().columns()) {
            data.add(new ColumnData(column, List.of(new ColumnData.Run(new byte[] {7}, 1))));
        }
        var batch = new Batch(data, 1, new long[] {1});
        SINK.write(staging, split(staging, 0), batch);
        assertThat(SINK.staged(staging)).isEqualTo(batch.digest());
    }

    private static long parts(Staging staging) {
        return number(
                "SELECT count() FROM system.parts WHERE active AND database = 'millrace_staging'"
                        + " AND table = '%s'"
                                .formatted(new StagingTable(Fixture.CONNECTION, staging).table()));
    }

    private static String table(Staging staging) {
        return quoted(staging.model());
    }
}
