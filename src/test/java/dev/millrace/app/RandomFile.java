package dev.millrace.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A file of random rows, made quickly, and what a load of it has to give. The same plan gives the
/// same file.
///
/// @param regions the good rows by their region, of which each is a partition
/// @param rejections `row:code` of every bad row, each of which has one problem
record RandomFile(Plan plan, Path path, List<Content> regions, List<String> rejections) {
    /// All regions that there are.
    static final List<Integer> REGIONS = List.of(0, 1, 2, 3, 4);

    static final String SCHEMA =
            """
            {"columns": {"id": "UInt64", "at": "DateTime", "region": "UInt8", "amount": "Int64",
              "name": "String"},
             "eventId": "id", "orderBy": ["at", "id"], "partitionBy": "region"}
            """;

    /// A row's text, which its hash is of, as ClickHouse makes it out of a table.
    static final String ROW =
            "concat(toString(id), '\\t', toString(at, 'UTC'), '\\t', toString(region), '\\t',"
                    + " toString(amount), '\\t', name)";

    /// The same on one line.
    static final String LINE = "replaceAll(%s, '\\n', '\\\\n')".formatted(ROW);

    /// @param rows how many, the bad ones among them
    /// @param badPerMillion how many of a million are bad, on average
    /// @param regions which good rows fall into
    record Plan(long seed, int rows, int badPerMillion, List<Integer> regions) {
        Plan(long seed, int rows, int badPerMillion) {
            this(seed, rows, badPerMillion, REGIONS);
        }
    }

    /// The good rows.
    Content content() {
        return Content.sum(regions);
    }

    /// Makes the file, and forgets its rows.
    static RandomFile write(Plan plan, Path path) throws IOException {
        return write(plan, path, null);
    }

    /// The same.
    ///
    /// @param good gets the text of every good row, a line each, as [#LINE] gives it; or null
    static RandomFile write(Plan plan, Path path, @Nullable OutputStream good) throws IOException {
        try (var file = Files.newOutputStream(path)) {
            var writer = new Writer(plan, file, good);
            writer.run();
            return new RandomFile(plan, path, writer.regions(), writer.rejections);
        }
    }

    /// What is wrong with a bad row.
    private enum Spoiled {
        NOT_AN_INTEGER,
        NOT_A_TIMESTAMP,
        OUT_OF_RANGE,
        MISSING_COLUMN,
        EXTRA_COLUMN
    }

    /// Bytes that are written in pieces.
    private static final class Line {
        private final byte[] bytes = new byte[256];
        private int length;

        Line clear() {
            length = 0;
            return this;
        }

        Line add(byte[] more) {
            System.arraycopy(more, 0, bytes, length, more.length);
            length += more.length;
            return this;
        }

        Line add(char one) {
            bytes[length++] = (byte) one;
            return this;
        }

        Line add(long number) {
            var left = number;
            if (left < 0) {
                add('-');
                left = -left;
            }
            var digits = 1;
            for (var bound = 10L; digits < 18 && left >= bound; bound *= 10) {
                digits++;
            }
            for (var i = length + digits - 1; i >= length; i--) {
                bytes[i] = (byte) ('0' + left % 10);
                left /= 10;
            }
            length += digits;
            return this;
        }

        Line addTwoDigits(int number) {
            return add((char) ('0' + number / 10)).add((char) ('0' + number % 10));
        }
    }

    private static final class Writer {
        private static final int BUFFER_BYTES = 1 << 20;
        private static final List<Spoiled> SPOILED = List.of(Spoiled.values());
        private static final byte[][] DAYS = days();
        private static final byte[][] NAMES = new byte[1000][];
        private static final byte[][] QUOTED_NAMES = new byte[NAMES.length][];

        static {
            String[] odd = {
                "", "a,b", "say \"x\"", "two\nlines", "Köln", "龍の財宝", " blank ", "tab\t"
            };
            for (var i = 0; i < NAMES.length; i++) {
                var name = i < odd.length ? odd[i] : "name " + Integer.toString(i * 7919, 36);
                NAMES[i] = name.getBytes(UTF_8);
                QUOTED_NAMES[i] =
                        i < odd.length
                                ? ('"' + name.replace("\"", "\"\"") + '"').getBytes(UTF_8)
                                : NAMES[i];
            }
        }

        private final Plan plan;
        private final SplittableRandom random;
        private final OutputStream file;
        private final @Nullable OutputStream good;
        private final MessageDigest md5;
        private final byte[] hash = new byte[16];
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int buffered;
        private final Line record = new Line();
        private final Line text = new Line();
        private int region;
        private final long[] counts = new long[REGIONS.size()];
        private final long[] firstHalves = new long[REGIONS.size()];
        private final long[] secondHalves = new long[REGIONS.size()];
        private final List<String> rejections = new ArrayList<>();

        Writer(Plan plan, OutputStream file, @Nullable OutputStream good) {
            this.plan = plan;
            this.random = new SplittableRandom(plan.seed());
            this.file = file;
            this.good = good;
            try {
                this.md5 = MessageDigest.getInstance("MD5");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has MD5", e);
            }
        }

        private static byte[][] days() {
            var first = LocalDate.of(2020, 1, 1);
            var days = new byte[3650][];
            for (var i = 0; i < days.length; i++) {
                days[i] = first.plusDays(i).toString().getBytes(US_ASCII);
            }
            return days;
        }

        void run() throws IOException {
            append(new Line().add("id,at,region,amount,name\n".getBytes(US_ASCII)));
            for (var row = 1; row <= plan.rows(); row++) {
                if (plan.badPerMillion() > 0 && random.nextInt(1_000_000) < plan.badPerMillion()) {
                    spoil(row);
                } else {
                    // Now and then a row comes twice: it has to be in the table twice.
                    if (text.length == 0 || random.nextInt(256) != 0) {
                        next();
                    }
                    count();
                    append(record);
                }
            }
            file.write(buffer, 0, buffered);
        }

        /// Makes another row, as a record and as the text that its hash is of.
        private void next() {
            var id = random.nextLong() >>> 10;
            var day = DAYS[random.nextInt(DAYS.length)];
            var second = random.nextInt(86_400);
            region = plan.regions().get(random.nextInt(plan.regions().size()));
            var amount = random.nextLong() >> random.nextInt(8, 64);
            var name = random.nextInt(NAMES.length);
            fields(record.clear(), ',', id, day, second).add(region).add(',').add(amount).add(',');
            record.add(QUOTED_NAMES[name]).add('\n');
            fields(text.clear(), '\t', id, day, second).add(region).add('\t').add(amount).add('\t');
            text.add(NAMES[name]);
        }

        private static Line fields(Line line, char divider, long id, byte[] day, int second) {
            line.add(id).add(divider).add(day).add(' ').addTwoDigits(second / 3600).add(':');
            return line.addTwoDigits(second / 60 % 60)
                    .add(':')
                    .addTwoDigits(second % 60)
                    .add(divider);
        }

        private void spoil(int row) throws IOException {
            var how = SPOILED.get(random.nextInt(SPOILED.size()));
            var bad =
                    switch (how) {
                        case NOT_AN_INTEGER -> "12x,2024-01-01 00:00:00,1,1,bad\n";
                        case NOT_A_TIMESTAMP -> "12,2024-13-01 00:00:00,1,1,bad\n";
                        case OUT_OF_RANGE -> "12,2024-01-01 00:00:00,256,1,bad\n";
                        case MISSING_COLUMN -> "12,2024-01-01 00:00:00,1,1\n";
                        case EXTRA_COLUMN -> "12,2024-01-01 00:00:00,1,1,bad,more\n";
                    };
            append(new Line().add(bad.getBytes(US_ASCII)));
            rejections.add(row + ":" + how);
        }

        private void count() throws IOException {
            md5.update(text.bytes, 0, text.length);
            try {
                md5.digest(hash, 0, hash.length);
            } catch (DigestException e) {
                throw new IllegalStateException(e);
            }
            counts[region]++;
            firstHalves[region] += littleEndian(hash, 0);
            secondHalves[region] += littleEndian(hash, 8);
            show();
        }

        List<Content> regions() {
            return REGIONS.stream()
                    .map(r -> new Content(counts[r], firstHalves[r], secondHalves[r]))
                    .toList();
        }

        /// A row is one line, whatever its values are.
        private void show() throws IOException {
            if (good == null) {
                return;
            }
            for (var i = 0; i < text.length; i++) {
                if (text.bytes[i] == '\n') {
                    good.write('\\');
                    good.write('n');
                } else {
                    good.write(text.bytes[i]);
                }
            }
            good.write('\n');
        }

        private static long littleEndian(byte[] bytes, int from) {
            var number = 0L;
            for (var i = 7; i >= 0; i--) {
                number = number << 8 | (bytes[from + i] & 0xFF);
            }
            return number;
        }

        private void append(Line line) throws IOException {
            if (buffered + line.length > buffer.length) {
                file.write(buffer, 0, buffered);
                buffered = 0;
            }
            System.arraycopy(line.bytes, 0, buffer, buffered, line.length);
            buffered += line.length;
        }
    }
}
