package dev.millrace.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;

/// Fifty columns: every scalar type, and some alone, in Nullable, LowCardinality and Array. Their
/// texts are of the forms that ClickHouse's own import reads to the same values.
final class WideRows implements Rows {
    private static final String[] TEXTS = {
        "plain",
        "two words",
        "\"a, b\"",
        "\"she said \"\"no\"\"\"",
        "Köln",
        "龍の財宝",
        "😀 emoji",
        "\"line one\nline two\"",
        "\"\"",
        "it's"
    };
    private static final String[] WORDS = {"red", "green", "blue", "schön", "黒"};

    /// 2000-01-01, and the days from there on that are used.
    private static final int FIRST_DAY = 10_957;

    private static final int DAYS = 10_000;

    /// At night clocks change, which leaves out some local times and shows others twice.
    private static final int MORNING = 6 * 3600;

    private static final int WAKING_SECONDS = 15 * 3600;

    private final SequencedMap<String, String> columns = new LinkedHashMap<>();
    private final List<Text> texts = new ArrayList<>();

    /// Writes a field's text.
    private interface Text {
        void write(SplittableRandom random, CsvOutput out);
    }

    WideRows() {
        integers();
        numbers();
        scalars();
        times();
        nullables();
        add("low_string", "LowCardinality(String)", (r, out) -> out.raw(one(r, WORDS)));
        add("low_nullable", "LowCardinality(Nullable(String))", nullable(WideRows::word));
        add("low_fixed", "LowCardinality(FixedString(2))", (r, out) -> out.hex(r.nextInt(9), 2));
        arrays();
    }

    private void integers() {
        add("uint64", "UInt64", (r, out) -> out.digits(r.nextLong(1L << 53), 16));
        add("uint8", "UInt8", (r, out) -> out.number(r.nextInt(256)));
        add("uint16", "UInt16", (r, out) -> out.number(r.nextInt(1 << 16)));
        add("uint32", "UInt32", (r, out) -> out.number(r.nextLong(1L << 32)));
        add("uint128", "UInt128", (r, out) -> digits(r, out, 37));
        add("uint256", "UInt256", (r, out) -> digits(r, out, 76));
        add("int8", "Int8", (r, out) -> out.number(r.nextInt(-128, 128)));
        add("int16", "Int16", (r, out) -> out.number(r.nextInt(-32_768, 32_768)));
        add("int32", "Int32", (r, out) -> out.number(r.nextInt()));
        add("int64", "Int64", (r, out) -> out.number(r.nextLong() >> 1));
        add("int128", "Int128", (r, out) -> digits(r, signed(r, out), 37));
        add("int256", "Int256", (r, out) -> digits(r, signed(r, out), 75));
    }

    private void numbers() {
        add("float32", "Float32", (r, out) -> signed(r, out).hundredths(r.nextInt(1_000_000)));
        add("float64", "Float64", (r, out) -> signed(r, out).hundredths(r.nextLong(1L << 40)));
        add("decimal9", "Decimal(9, 2)", (r, out) -> point(r, signed(r, out), 7, 2));
        add("decimal18", "Decimal(18, 6)", (r, out) -> point(r, signed(r, out), 12, 6));
        add("decimal38", "Decimal(38, 10)", (r, out) -> point(r, signed(r, out), 28, 10));
        add("decimal76", "Decimal(76, 20)", (r, out) -> point(r, signed(r, out), 56, 20));
    }

    private void scalars() {
        add("string", "String", (r, out) -> out.raw(one(r, TEXTS)));
        add("fixed_string", "FixedString(8)", (r, out) -> out.hex(r.nextLong(), 8));
        add("bool", "Bool", (r, out) -> out.raw(r.nextBoolean() ? "true" : "false"));
        add("uuid", "UUID", WideRows::uuid);
        add("ipv4", "IPv4", WideRows::ipV4);
        add("ipv6", "IPv6", WideRows::ipV6);
        add(
                "enum8",
                "Enum8('new' = -1, 'paid' = 0, 'lost' = 1)",
                (r, out) -> out.raw(one(r, "new", "paid", "lost")));
        add(
                "enum16",
                "Enum16('north' = -1000, 'süd' = 1000)",
                (r, out) -> out.raw(one(r, "north", "süd")));
    }

    private void times() {
        add("date", "Date", (r, out) -> out.date(day(r)));
        add("date32", "Date32", (r, out) -> out.date(day(r) - 20_000));
        add("datetime", "DateTime", WideRows::time);
        add("datetime_berlin", "DateTime('Europe/Berlin')", WideRows::time);
        add("datetime64_3", "DateTime64(3)", (r, out) -> fraction(r, out, 3));
        add("datetime64_6", "DateTime64(6, 'America/New_York')", (r, out) -> fraction(r, out, 6));
        add("datetime64_9", "DateTime64(9, 'UTC')", (r, out) -> fraction(r, out, 9));
    }

    private void nullables() {
        add("nullable_int32", "Nullable(Int32)", nullable((r, out) -> out.number(r.nextInt())));
        add("nullable_string", "Nullable(String)", nullable(WideRows::word));
        add(
                "nullable_float64",
                "Nullable(Float64)",
                nullable((r, out) -> out.hundredths(r.nextInt(1_000_000))));
        add(
                "nullable_decimal18",
                "Nullable(Decimal(18, 4))",
                nullable((r, out) -> point(r, out, 9, 4)));
        add("nullable_date", "Nullable(Date)", nullable((r, out) -> out.date(day(r))));
        add(
                "nullable_datetime64",
                "Nullable(DateTime64(3))",
                nullable((r, out) -> fraction(r, out, 3)));
        add("nullable_uuid", "Nullable(UUID)", nullable(WideRows::uuid));
        add("nullable_ipv4", "Nullable(IPv4)", nullable(WideRows::ipV4));
    }

    private void arrays() {
        add("array_int32", "Array(Int32)", array((r, out) -> out.number(r.nextInt())));
        add("array_string", "Array(String)", array(WideRows::quotedWord));
        add("array_low", "Array(LowCardinality(String))", array(WideRows::quotedWord));
        add("array_date", "Array(Date)", array((r, out) -> out.raw('\'').date(day(r)).raw('\'')));
        add(
                "array_nullable",
                "Array(Nullable(Float64))",
                array((r, out) -> {
                    if (r.nextInt(4) == 0) {
                        out.raw("NULL");
                    } else {
                        out.hundredths(r.nextInt(10_000));
                    }
                }));
        add(
                "array_array",
                "Array(Array(UInt16))",
                array((r, out) -> elements(r, out, (s, o) -> o.number(s.nextInt(1 << 16)))));
    }

    private void add(String name, String type, Text text) {
        columns.put(name, type);
        texts.add(text);
    }

    @Override
    public SequencedMap<String, String> columns() {
        return columns;
    }

    @Override
    public List<String> orderBy() {
        return List.of("date", "uint64");
    }

    @Override
    public void write(long row, SplittableRandom random, CsvOutput out) {
        for (var text : texts) {
            text.write(random, out.field());
        }
    }

    private static String one(SplittableRandom random, String... of) {
        return of[random.nextInt(of.length)];
    }

    private static void word(SplittableRandom random, CsvOutput out) {
        out.raw(one(random, WORDS));
    }

    private static void quotedWord(SplittableRandom random, CsvOutput out) {
        out.raw('\'').raw(one(random, WORDS)).raw('\'');
    }

    private static CsvOutput signed(SplittableRandom random, CsvOutput out) {
        return random.nextBoolean() ? out.raw('-') : out;
    }

    /// Random digits, the first of them none that could be too large or zero.
    private static CsvOutput digits(SplittableRandom random, CsvOutput out, int count) {
        out.digits(1 + random.nextInt(9), 1);
        for (var left = count - 1; left > 0; left -= 9) {
            var width = Math.min(left, 9);
            out.digits(random.nextInt(1_000_000_000), width);
        }
        return out;
    }

    /// A decimal number, as long as it may be at most.
    private static void point(SplittableRandom random, CsvOutput out, int whole, int behind) {
        digits(random, digits(random, out, 1 + random.nextInt(whole)).raw('.'), behind);
    }

    private static long day(SplittableRandom random) {
        return FIRST_DAY + random.nextLong(DAYS);
    }

    private static void time(SplittableRandom random, CsvOutput out) {
        out.time(day(random) * 86_400 + MORNING + random.nextInt(WAKING_SECONDS));
    }

    private static void fraction(SplittableRandom random, CsvOutput out, int precision) {
        time(random, out);
        out.raw('.').digits(random.nextInt(1_000_000_000), precision);
    }

    private static void uuid(SplittableRandom random, CsvOutput out) {
        var low = random.nextLong();
        out.hex(random.nextLong(), 8).raw('-').hex(low, 4).raw('-').hex(low >>> 16, 4).raw('-');
        out.hex(low >>> 32, 4).raw('-').hex(random.nextLong(), 12);
    }

    private static void ipV4(SplittableRandom random, CsvOutput out) {
        for (var i = 0; i < 4; i++) {
            (i == 0 ? out : out.raw('.')).number(random.nextInt(256));
        }
    }

    private static void ipV6(SplittableRandom random, CsvOutput out) {
        out.raw("2001:db8");
        for (var i = 0; i < 6; i++) {
            out.raw(':').hex(random.nextInt(1 << 16), 4);
        }
    }

    /// One of eight is NULL, an empty field.
    private static Text nullable(Text text) {
        return (random, out) -> {
            if (random.nextInt(8) > 0) {
                text.write(random, out);
            }
        };
    }

    private static Text array(Text element) {
        return (random, out) -> {
            elements(random, out.raw('"'), element);
            out.raw('"');
        };
    }

    /// Up to four of them.
    private static void elements(SplittableRandom random, CsvOutput out, Text element) {
        out.raw('[');
        for (int i = 0, count = random.nextInt(5); i < count; i++) {
            element.write(random, i == 0 ? out : out.raw(','));
        }
        out.raw(']');
    }
}
