package dev.millrace.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/// A source that nobody should send, and what has to become of it.
///
/// @param schema of the model that it is loaded into
/// @param expected a pattern of what [Hostile] says about the job's end
record HostileCase(String name, String schema, Supplier<InputStream> source, String expected) {
    private static final int MB = 1_000_000;

    private static final String SCHEMA =
            "{\"columns\": {\"id\": \"UInt32\", \"name\": \"String\"}, \"eventId\": \"id\","
                    + " \"orderBy\": [\"id\"]}";
    private static final String HEADER = "id,name\n";
    private static final String ROW = "12345,somebody\n";

    /// What a source's end may be that is no text of any kind.
    private static final String NO_TEXT =
            "FAILED (AMBIGUOUS_ENCODING|SOURCE_DAMAGED|EMPTY_SOURCE|HEADER_\\w+|ALL_ROWS_REJECTED).*";

    @Override
    public String toString() {
        return name;
    }

    /// All of them.
    ///
    /// @param percent how large they are: 100 for the sizes that their names say, 1 for tests
    static List<HostileCase> all(int percent) {
        return Stream.of(
                        nothing().stream(),
                        oversized(percent).stream(),
                        misshapen(percent).stream(),
                        bombs(percent).stream())
                .flatMap(cases -> cases)
                .toList();
    }

    private static List<HostileCase> nothing() {
        return List.of(
                plain("an empty file", text(""), "FAILED EMPTY_SOURCE.*"),
                plain("a header only", text(HEADER), "FAILED EMPTY_SOURCE.*"),
                plain("no header", text(ROW + ROW), "FAILED HEADER_MISSING_COLUMN.*"),
                plain(
                        "spaces and line breaks only",
                        text("\n \r\n\n\t\n"),
                        "FAILED (EMPTY_SOURCE|HEADER_\\w+).*"));
    }

    private static List<HostileCase> oversized(int percent) {
        // A record may have 16 MiB, so a small variant is larger than that too.
        var line = Math.max(20 * MB, 2 * MB * percent);
        var rows = Math.max(40 * MB, 10 * MB * percent) / ROW.length();
        return List.of(
                plain(
                        "a line of 200 MB",
                        joined(text(HEADER + ROW + "1,"), bytes('x', line), text("\n" + ROW)),
                        "PARTIAL_SUCCESS written=2 rejected=1"),
                plain("a header of 200 MB", joined(text("id,name,"), bytes('x', line)), NO_TEXT),
                plain(
                        "a quote that never closes, at the start of 1 GB",
                        joined(text(HEADER + "1,\"" + ROW), repeated(ROW, rows)),
                        "PARTIAL_SUCCESS written=%d rejected=1".formatted(rows)),
                new HostileCase(
                        "10,000 columns",
                        SCHEMA,
                        text(wide("c%d"::formatted, 10_000) + wide(i -> "v", 10_000).repeat(50)),
                        "FAILED HEADER_MISSING_COLUMN.*"),
                new HostileCase(
                        "10,000 columns that nobody asked for",
                        SCHEMA,
                        text(
                                "id,name,"
                                        + wide("c%d"::formatted, 9_998)
                                        + ("1,a," + wide(i -> "v", 9_998)).repeat(50)),
                        "SUCCESS written=50 rejected=0"));
    }

    private static String wide(IntFunction<String> field, int columns) {
        return IntStream.range(0, columns)
                .mapToObj(field)
                .collect(Collectors.joining(",", "", "\n"));
    }

    private static List<HostileCase> misshapen(int percent) {
        var rows = 20_000 * percent;
        var bad = 1_000_000 * percent;
        return List.of(
                plain("random bytes", random(MB * percent), NO_TEXT),
                plain(
                        "random bytes below a header",
                        joined(text(HEADER), random(MB * percent)),
                        NO_TEXT),
                plain(
                        "NUL bytes",
                        text(HEADER + "1,a\0b\n\0,c\n\0\0\0\n2,d\n"),
                        "PARTIAL_SUCCESS written=2 rejected=2"),
                plain(
                        "ragged rows",
                        joined(
                                text(HEADER),
                                repeated("1\n1,a\n1,a,b\n" + "1,".repeat(40) + "\n", rows)),
                        "PARTIAL_SUCCESS written=%d rejected=%d".formatted(rows, 3 * rows)),
                new HostileCase(
                        "1,000 partitions in no order",
                        "{\"columns\": {\"p\": \"UInt16\", \"v\": \"UInt32\"}, \"orderBy\": [\"v\"],"
                                + " \"partitionBy\": \"p\"}",
                        partitions(20 * rows),
                        "SUCCESS written=%d rejected=0".formatted(20 * rows)),
                plain(
                        "100 million bad rows",
                        joined(text(HEADER), repeated("x\n", bad)),
                        "FAILED ALL_ROWS_REJECTED written=0 rejected=" + bad));
    }

    private static List<HostileCase> bombs(int percent) {
        var zeros = Math.max(40 * MB, 10 * MB * percent);
        var rows = 10 * MB * percent / ROW.length();
        return List.of(
                plain("1 GB of zeros, packed", packed(bytes((char) 0, zeros)), NO_TEXT),
                plain(
                        "1 GB of one row, packed",
                        packed(joined(text(HEADER), repeated(ROW, rows))),
                        "SUCCESS written=%d rejected=0".formatted(rows)),
                plain(
                        "a packed file that is cut off",
                        cutOff(packed(joined(text(HEADER), repeated(ROW, rows)))),
                        "FAILED SOURCE_DAMAGED.*"),
                plain(
                        "a packed file within a packed file",
                        packed(packed(joined(text(HEADER), repeated(ROW, 10)))),
                        NO_TEXT));
    }

    private static HostileCase plain(String name, Supplier<InputStream> source, String expected) {
        return new HostileCase(name, SCHEMA, source, expected);
    }

    private static Supplier<InputStream> text(String text) {
        return () -> new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private static Supplier<InputStream> bytes(char one, int times) {
        return repeated(String.valueOf(one), times);
    }

    private static Supplier<InputStream> repeated(String text, int times) {
        return () -> new Repetition(text.getBytes(US_ASCII), times);
    }

    private static Supplier<InputStream> random(int length) {
        return () -> {
            var bytes = new byte[length];
            new Random(5).nextBytes(bytes);
            return new ByteArrayInputStream(bytes);
        };
    }

    /// Repeated as it is sent: all of it is larger than a heap.
    private static Supplier<InputStream> partitions(int rows) {
        var text = new StringBuilder();
        for (var i = 0; i < 1_000; i++) {
            text.append(i * 7919 % 1000).append(',').append(i).append('\n');
        }
        return joined(text("p,v\n"), repeated(text.toString(), rows / 1_000));
    }

    @SafeVarargs
    private static Supplier<InputStream> joined(Supplier<InputStream>... parts) {
        return () -> {
            var streams = new ArrayList<InputStream>();
            for (var part : parts) {
                streams.add(part.get());
            }
            return new SequenceInputStream(Collections.enumeration(streams));
        };
    }

    private static Supplier<InputStream> packed(Supplier<InputStream> content) {
        return () -> {
            var packed = new ByteArrayOutputStream();
            try (var in = content.get();
                    var gzip = new GZIPOutputStream(packed)) {
                in.transferTo(gzip);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new ByteArrayInputStream(packed.toByteArray());
        };
    }

    private static Supplier<InputStream> cutOff(Supplier<InputStream> whole) {
        return () -> {
            try (var in = whole.get()) {
                var all = in.readAllBytes();
                return new ByteArrayInputStream(all, 0, all.length - 20);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /// The same bytes over and over.
    private static final class Repetition extends InputStream {
        private final byte[] chunk;
        private long left;
        private int position;

        Repetition(byte[] unit, int times) {
            this.left = (long) unit.length * times;
            this.chunk = new byte[Math.max(1, (64 << 10) / unit.length) * unit.length];
            for (var i = 0; i < chunk.length; i++) {
                chunk[i] = unit[i % unit.length];
            }
        }

        @Override
        public int read() {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (left == 0) {
                return -1;
            }
            var count = (int) Math.min(left, Math.min(length, chunk.length - position));
            System.arraycopy(chunk, position, into, offset, count);
            left -= count;
            position = position + count == chunk.length ? 0 : position + count;
            return count;
        }
    }
}
