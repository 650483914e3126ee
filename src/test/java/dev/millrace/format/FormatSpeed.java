package dev.millrace.format;

import dev.millrace.core.Encoding;
import dev.millrace.core.Limits;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceRecord;
import dev.millrace.core.SplitSizes;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/// Prints how fast sources are decoded, cut and read, in MB of the source's own bytes for a second
/// of processor time of one thread, the best of several runs. Not a test: run its `main`.
final class FormatSpeed {
    private static final int ROUNDS = 5;
    private static final int BYTES = 200 << 20;

    private FormatSpeed() {}

    @FunctionalInterface
    private interface Work {
        long run();
    }

    public static void main(String[] args) {
        measure("unquoted", rows("%s,%d,%s,%d,0.25,0,%d.5,0,Blackjack,NetEnt\n"));
        measure(
                "quoted",
                rows("\"%s\",\"%d\",\"%s\",\"%d\",\"0.25\",\"0\",\"%d.5\",\"0\",\"x\",\"y\"\n"));
        measure("doubled", rows("%s,%d,%s,%d,0.25,0,%d.5,0,\"Book of \"\"Ra\"\", Deluxe\",N\n"));
        var text = new String(rows("%s,%d,%s,%d,0.25,0,%d.5,0,Köln Nights,龍の財宝\n"), UTF_8);
        measure("utf-8", text.getBytes(UTF_8));
        measure("utf-16be", text.getBytes(StandardCharsets.UTF_16BE));
    }

    private static final java.nio.charset.Charset UTF_8 = StandardCharsets.UTF_8;

    private static byte[] rows(String shape) {
        var random = new Random(1);
        var text = new StringBuilder("a,b,c,d,e,f,g,h,i,j\n");
        while (text.length() < 4 << 20) {
            text.append(
                    shape.formatted(
                            "2019-10-22 08:20:41",
                            random.nextInt(1 << 20),
                            Long.toHexString(random.nextLong()),
                            random.nextInt(2000) + 25000,
                            random.nextInt(100)));
        }
        return text.toString().getBytes(UTF_8);
    }

    private static void measure(String name, byte[] part) {
        print(name, "decode", part, () -> decode(part));
        print(name, "decode + cut", part, () -> cutAll(part, false));
        print(name, "decode + cut + read", part, () -> cutAll(part, true));
    }

    private static void print(String name, String what, byte[] part, Work work) {
        var best = Long.MAX_VALUE;
        var result = 0L;
        for (var i = 0; i < ROUNDS; i++) {
            var start = cpuNanos();
            result = work.run();
            best = Math.min(best, cpuNanos() - start);
        }
        var bytes = (long) (BYTES / part.length) * part.length;
        System.out.printf(
                Locale.ROOT,
                "%-10s %-20s %6.0f MB/s (%d)%n",
                name,
                what,
                bytes * 1000.0 / best,
                result);
    }

    /// What this thread has had of a processor: a machine shared with others does not disturb it
    /// much.
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static SourceDecoder open(byte[] part) {
        return SourceDecoder.open(
                new java.io.SequenceInputStream(
                        java.util.Collections.enumeration(
                                java.util.Collections.nCopies(BYTES / part.length, part).stream()
                                        .map(ByteArrayInputStream::new)
                                        .toList())),
                SourceOptions.DETECT);
    }

    private static long decode(byte[] part) {
        var into = new byte[256 << 10];
        var sum = 0L;
        try (var source = open(part)) {
            for (var n = source.read(into, 0, into.length);
                    n >= 0;
                    n = source.read(into, 0, into.length)) {
                sum += n;
            }
            return sum + (source.encoding() == Encoding.UTF_8 ? 0 : 1);
        }
    }

    private static long cutAll(byte[] part, boolean read) {
        var sum = 0L;
        try (var source = open(part)) {
            var cutter =
                    RecordCutter.open(
                            source,
                            SourceOptions.DETECT,
                            Limits.MAX_RECORD_BYTES,
                            SplitSizes.STANDARD);
            var record = new SourceRecord();
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                sum += read ? readAll(cut, cutter, record) : cut.records();
            }
        }
        return sum;
    }

    private static long readAll(Cut cut, RecordCutter cutter, SourceRecord record) {
        var reader =
                new CsvRecords(
                        cut.bytes(),
                        0,
                        cut.length(),
                        cutter.reading().dialect(),
                        cutter.reading().header().size(),
                        cut.firstRow(),
                        Limits.MAX_RECORD_BYTES);
        var fields = 0L;
        while (reader.next(record)) {
            fields += record.fields;
        }
        return fields;
    }
}
