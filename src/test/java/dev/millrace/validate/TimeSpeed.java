package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.ThreadMXBean;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnType;
import dev.millrace.core.ColumnTypes;
import java.lang.management.ManagementFactory;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// Measures what a field costs in a column of days or times, alone. A program to run by hand, not a
/// test.
final class TimeSpeed {
    private static final int FIELDS = 200_000;
    private static final int RUNS = 40;
    private static final long FIRST = 1_500_000_000L;
    private static final String STANDARD = "uuuu-MM-dd HH:mm:ss";

    private TimeSpeed() {}

    /// @param written how java.time writes the texts
    /// @param seconds the texts' times lie within so many seconds
    /// @param formats the column's date formats
    private record Case(String type, String written, long seconds, List<String> formats) {}

    private static final long YEARS = 10 * 366 * 86_400L;
    private static final List<Case> CASES =
            List.of(
                    new Case("Date", "uuuu-MM-dd", YEARS, List.of()),
                    new Case("Date32", "uuuu-MM-dd", YEARS, List.of()),
                    new Case("DateTime", STANDARD, YEARS, List.of()),
                    new Case("DateTime", STANDARD + "XXX", YEARS, List.of()),
                    new Case("DateTime('UTC')", STANDARD, YEARS, List.of()),
                    new Case("DateTime('Europe/Berlin')", STANDARD, 86_400, List.of()),
                    new Case("DateTime('Europe/Berlin')", STANDARD, YEARS, List.of()),
                    new Case("DateTime64(3)", STANDARD + ".SSS", YEARS, List.of()),
                    new Case("DateTime64(9)", STANDARD + ".SSSSSSSSS", YEARS, List.of()),
                    new Case("DateTime64(3, 'Asia/Tokyo')", STANDARD + ".SSS", YEARS, List.of()),
                    new Case("Date", "dd/MM/uuuu", YEARS, List.of("dd/MM/yyyy")),
                    new Case(
                            "DateTime",
                            "dd/MM/uuuu HH:mm:ss",
                            YEARS,
                            List.of("dd/MM/yyyy HH:mm:ss")),
                    new Case(
                            "DateTime",
                            "dd/MM/uuuu HH:mm:ss",
                            YEARS,
                            List.of("dd/MM/yyyy HH:mm:ss", "yyyy-MM-dd HH:mm:ss")),
                    new Case("DateTime", "d MMM uuuu h:mm a", YEARS, List.of("d MMM yyyy h:mm a")));

    public static void main(String[] args) {
        for (var round = 0; round < 2; round++) {
            for (var one : CASES) {
                System.out.printf(
                        Locale.ROOT, "%6.1f ns a field  %s%n", nanosAField(one), said(one));
            }
            System.out.println();
        }
    }

    private static String said(Case one) {
        return "%s of %s over %d days%s"
                .formatted(
                        one.type,
                        one.written,
                        one.seconds / 86_400,
                        one.formats.isEmpty() ? "" : ", formats " + one.formats);
    }

    /// The best of several runs.
    private static double nanosAField(Case one) {
        var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var text = new StringBuilder();
        var ends = new int[FIELDS];
        var random = new Random(1);
        var writer = DateTimeFormatter.ofPattern(one.written, Locale.ENGLISH);
        for (var i = 0; i < FIELDS; i++) {
            text.append(writer.format(time(one, random)));
            ends[i] = text.length();
        }
        var bytes = text.toString().getBytes(UTF_8);
        var reader = new ColumnReader(column(one), 1);
        var best = Long.MAX_VALUE;
        for (var run = 0; run < RUNS; run++) {
            reader.begin(FIELDS, bytes.length);
            var start = bean.getCurrentThreadCpuTime();
            readAll(reader, bytes, ends);
            best = Math.min(best, bean.getCurrentThreadCpuTime() - start);
        }
        return (double) best / FIELDS;
    }

    /// A time that no clocks change at.
    private static OffsetDateTime time(Case one, Random random) {
        var zone =
                ColumnTypes.parse(one.type) instanceof ColumnType.Timestamp t
                        ? t.zoneId()
                        : ZoneOffset.UTC;
        while (true) {
            var second = FIRST + random.nextLong(one.seconds);
            var time =
                    LocalDateTime.ofEpochSecond(
                            second, random.nextInt(1_000) * 1_000_000, ZoneOffset.UTC);
            var offsets = zone.getRules().getValidOffsets(time);
            if (offsets.size() == 1) {
                return time.atOffset(ZoneOffset.ofHours(random.nextInt(-11, 12)));
            }
        }
    }

    private static Column column(Case one) {
        var plain = ColumnReading.PLAIN;
        var reading =
                new ColumnReading(
                        List.of(), List.of(), null, one.formats, false, plain.clockChange());
        return new Column("x", ColumnTypes.parse(one.type), reading, ColumnConstraints.NONE);
    }

    private static void readAll(ColumnReader reader, byte[] bytes, int[] ends) {
        var from = 0;
        for (var i = 0; i < ends.length; i++) {
            var error = reader.read(bytes, from, ends[i], false, i);
            if (error != null) {
                throw new IllegalStateException(
                        error + " " + new String(bytes, from, ends[i] - from, UTF_8));
            }
            from = ends[i];
        }
    }
}
