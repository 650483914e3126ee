package dev.millrace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.core.ColumnType;
import dev.millrace.core.RejectionCode;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Random texts of every column type, good ones with what ClickHouse must hold afterwards, bad ones
/// with why they must be refused; made with the JDK's own numbers and calendar. Whoever adds a type
/// is led here by the compiler.
public final class Samples {
    private static final String NULL = "NULL";
    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    private Samples() {}

    /// A field's text.
    ///
    /// @param stored what [#probe] gives of the value
    public record Good(byte[] text, String stored) {
        static Good of(String text, String stored) {
            return new Good(text.getBytes(UTF_8), stored);
        }
    }

    public record Bad(byte[] text, RejectionCode error) {
        static Bad of(String text, RejectionCode error) {
            return new Bad(text.getBytes(UTF_8), error);
        }
    }

    /// A text as a field of a CSV record, in quotes where it needs them: elsewhere they would make
    /// blanks part of a number, and an empty field a text.
    public static byte[] field(byte[] text) {
        var plain = true;
        for (var b : text) {
            plain &= b != ',' && b != '"' && b != '\n' && b != '\r';
        }
        if (plain) {
            return text;
        }
        var field = new ByteArrayOutputStream(text.length + 2);
        field.write('"');
        for (var b : text) {
            field.write(b);
            if (b == '"') {
                field.write(b);
            }
        }
        field.write('"');
        return field.toByteArray();
    }

    /// An expression that shows all of a value as one text, whatever settings the server has.
    public static String probe(ColumnType type, String value) {
        return "ifNull(%s, '%s')".formatted(shown(type.base(), value, 0), NULL);
    }

    private static String shown(ColumnType type, String value, int depth) {
        return switch (type) {
            case ColumnType.Whole _, ColumnType.Bool _, ColumnType.Date _, ColumnType.Date32 _ ->
                    "toString(%s)".formatted(value);
            case ColumnType.Floating(var bits) ->
                    "toString(reinterpretAsUInt%d(%s))".formatted(bits, value);
            case ColumnType.Decimal _, ColumnType.Uuid _, ColumnType.IpV4 _ ->
                    "toString(%s)".formatted(value);
            case ColumnType.Text _, ColumnType.FixedText _ -> "lower(hex(%s))".formatted(value);
            case ColumnType.IpV6 _ ->
                    "lower(hex(reinterpret(%s, 'FixedString(16)')))".formatted(value);
            case ColumnType.Enumeration _ -> "toString(toInt16(%s))".formatted(value);
            case ColumnType.DateTime _ -> "toString(toUnixTimestamp(%s))".formatted(value);
            case ColumnType.DateTime64 _ -> "toString(reinterpretAsInt64(%s))".formatted(value);
            case ColumnType.Array(ColumnType element) ->
                    "concat('[', arrayStringConcat(arrayMap(x%1$d -> %2$s, %3$s), ','), ']')"
                            .formatted(
                                    depth,
                                    "ifNull(%s, '%s')"
                                            .formatted(
                                                    shown(element.base(), "x" + depth, depth + 1),
                                                    NULL),
                                    value);
            case ColumnType.Nullable _, ColumnType.LowCardinality _ ->
                    throw new AssertionError(type);
        };
    }

    public static Good good(ColumnType type, Random random) {
        if (type.isNullable() && random.nextInt(8) == 0) {
            return Good.of("", NULL);
        }
        return switch (type.base()) {
            case ColumnType.Whole whole -> whole(whole, random);
            case ColumnType.Floating(var bits) ->
                    random.nextInt(16) == 0
                            ? floating(bits, floatingEdge(type, bits, random))
                            : floating(bits, random);
            case ColumnType.Text _ -> text(random, type.isNullable() ? 1 : 0);
            case ColumnType.Decimal decimal -> ScalarSamples.decimal(decimal, random);
            case ColumnType.FixedText text ->
                    ScalarSamples.fixedText(text, random, type.isNullable() ? 1 : 0);
            case ColumnType.Enumeration names -> ScalarSamples.enumeration(names, random);
            case ColumnType.Uuid _ -> ScalarSamples.uuid(random);
            case ColumnType.IpV4 _ -> ScalarSamples.ipV4(random);
            case ColumnType.IpV6 _ -> ScalarSamples.ipV6(random);
            case ColumnType.Bool _ -> bool(random);
            case ColumnType.Date _ -> date(edge(random, 0, 0xFFFF));
            case ColumnType.Date32 _ -> date(edge(random, -25_567, 120_529));
            case ColumnType.Timestamp timestamp -> timestamp(timestamp, random);
            case ColumnType.Array(ColumnType element) -> array(element, random);
            case ColumnType.Nullable _, ColumnType.LowCardinality _ ->
                    throw new AssertionError(type);
        };
    }

    /// A text that a column of this type cannot hold.
    public static Bad bad(ColumnType type, Random random) {
        var of = badOf(type.base(), random);
        if (random.nextInt(4) > 0 || type.isNullable() || isText(type)) {
            return of;
        }
        return Bad.of(random.nextBoolean() ? "" : "  ", RejectionCode.NULL_VALUE);
    }

    private static boolean isText(ColumnType type) {
        return type.base() instanceof ColumnType.Text
                || type.base() instanceof ColumnType.FixedText;
    }

    private static Bad badOf(ColumnType type, Random random) {
        return switch (type) {
            case ColumnType.Whole whole -> badWhole(whole, random);
            case ColumnType.Floating _ ->
                    one(
                            random,
                            Bad.of("1e999", RejectionCode.OUT_OF_RANGE),
                            Bad.of("-1e-999", RejectionCode.OUT_OF_RANGE),
                            Bad.of("nan", RejectionCode.NOT_A_NUMBER),
                            Bad.of("1,5", RejectionCode.NOT_A_NUMBER),
                            Bad.of("0x10", RejectionCode.NOT_A_NUMBER));
            case ColumnType.Text _ ->
                    one(
                            random,
                            new Bad(new byte[] {'a', (byte) 0xFF}, RejectionCode.INVALID_ENCODING),
                            new Bad(
                                    new byte[] {(byte) 0xC0, (byte) 0x80},
                                    RejectionCode.INVALID_ENCODING),
                            new Bad(
                                    new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
                                    RejectionCode.INVALID_ENCODING));
            case ColumnType.Decimal decimal -> ScalarSamples.badDecimal(decimal, random);
            case ColumnType.FixedText text -> ScalarSamples.badFixedText(text, random);
            case ColumnType.Enumeration _ -> ScalarSamples.badEnumeration(random);
            case ColumnType.Uuid _ -> ScalarSamples.badUuid(random);
            case ColumnType.IpV4 _ -> ScalarSamples.badIpV4(random);
            case ColumnType.IpV6 _ -> ScalarSamples.badIpV6(random);
            case ColumnType.Bool _ ->
                    one(
                            random,
                            Bad.of("2", RejectionCode.NOT_A_BOOLEAN),
                            Bad.of("maybe", RejectionCode.NOT_A_BOOLEAN));
            case ColumnType.Date _ ->
                    one(
                            random,
                            Bad.of("2023-02-29", RejectionCode.NOT_A_DATE),
                            Bad.of("29.02.2024", RejectionCode.NOT_A_DATE),
                            Bad.of("1969-12-31", RejectionCode.OUT_OF_RANGE),
                            Bad.of("2149-06-07", RejectionCode.OUT_OF_RANGE));
            case ColumnType.Date32 _ ->
                    one(
                            random,
                            Bad.of("2023-02-29", RejectionCode.NOT_A_DATE),
                            Bad.of("1899-12-31", RejectionCode.OUT_OF_RANGE),
                            Bad.of("2300-01-01", RejectionCode.OUT_OF_RANGE));
            case ColumnType.Timestamp timestamp -> badTimestamp(timestamp, random);
            case ColumnType.Array(ColumnType element) -> badArray(element, random);
            case ColumnType.Nullable _, ColumnType.LowCardinality _ ->
                    throw new AssertionError(type);
        };
    }

    private static Good whole(ColumnType.Whole type, Random random) {
        var magnitudeBits = type.signed() ? type.bits() - 1 : type.bits();
        var limit = BigInteger.ONE.shiftLeft(magnitudeBits);
        var magnitude = new BigInteger(random.nextInt(magnitudeBits + 1), random);
        var value =
                switch (random.nextInt(16)) {
                    case 0 -> limit.subtract(BigInteger.ONE);
                    case 1 -> type.signed() ? limit.negate() : BigInteger.ZERO;
                    default ->
                            type.signed() && random.nextBoolean() ? magnitude.negate() : magnitude;
                };
        var spelled = value.toString();
        if (value.signum() >= 0) {
            spelled = one(random, "", "", "+", "0", "000") + spelled;
        }
        return Good.of(blanks(random) + spelled + blanks(random), value.toString());
    }

    private static Bad badWhole(ColumnType.Whole type, Random random) {
        var limit = BigInteger.ONE.shiftLeft(type.signed() ? type.bits() - 1 : type.bits());
        return one(
                random,
                Bad.of(limit.toString(), RejectionCode.OUT_OF_RANGE),
                Bad.of(
                        type.signed() ? limit.negate().subtract(BigInteger.ONE).toString() : "-1",
                        RejectionCode.OUT_OF_RANGE),
                Bad.of("1.0", RejectionCode.NOT_AN_INTEGER),
                Bad.of("1e3", RejectionCode.NOT_AN_INTEGER),
                Bad.of("--1", RejectionCode.NOT_AN_INTEGER),
                Bad.of("ten", RejectionCode.NOT_AN_INTEGER));
    }

    /// Whole bit patterns, and decimals that a rounding has to be right for.
    private static Good floating(int bits, Random random) {
        while (true) {
            var text =
                    random.nextBoolean()
                            ? shortest(bits, random)
                            : new BigDecimal(new BigInteger(90, random), random.nextInt(80) - 30)
                                    .toString();
            var isDouble = bits == Double.SIZE;
            var value = isDouble ? Double.parseDouble(text) : (double) Float.parseFloat(text);
            var isZero = new BigDecimal(text).signum() == 0;
            if (Double.isFinite(value) && (value != 0) == !isZero) {
                return floating(bits, text);
            }
        }
    }

    private static Good floating(int bits, String text) {
        var stored =
                bits == Double.SIZE
                        ? Long.toUnsignedString(
                                Double.doubleToRawLongBits(Double.parseDouble(text)))
                        : Integer.toUnsignedString(Float.floatToRawIntBits(Float.parseFloat(text)));
        return Good.of(text, stored);
    }

    /// A dictionary keeps no sign of 0.
    private static String floatingEdge(ColumnType type, int bits, Random random) {
        var zero = type instanceof ColumnType.LowCardinality ? "0.000" : "-0";
        return bits == Double.SIZE
                ? one(
                        random,
                        "0",
                        zero,
                        "-4.9e-324",
                        "1.7976931348623157e308",
                        "2.2250738585072014e-308")
                : one(random, "0", zero, "-1.4e-45", "3.4028235e38", "1.17549435e-38");
    }

    private static String shortest(int bits, Random random) {
        while (true) {
            var value =
                    bits == Double.SIZE
                            ? Double.longBitsToDouble(random.nextLong())
                            : Float.intBitsToFloat(random.nextInt());
            if (Double.isFinite(value)) {
                return bits == Double.SIZE ? Double.toString(value) : Float.toString((float) value);
            }
        }
    }

    private static Good text(Random random, int least) {
        var text = characters(random, least + random.nextInt(12));
        return Good.of(text, HexFormat.of().formatHex(text.getBytes(UTF_8)));
    }

    static String characters(Random random, int count) {
        var choice =
                new String[] {"a", "Z", "7", " ", ",", "\"", "'", "\\", "\n", "é", "龍", "😀", "\0"};
        return IntStream.range(0, count)
                .mapToObj(_ -> choice[random.nextInt(choice.length)])
                .collect(Collectors.joining());
    }

    private static Good bool(Random random) {
        return random.nextBoolean()
                ? Good.of(one(random, "true", "TRUE", "1", "yes", "on", "t"), "true")
                : Good.of(one(random, "false", "False", "0", "no", "off", "f"), "false");
    }

    private static Good date(long day) {
        var text = LocalDate.ofEpochDay(day).toString();
        return Good.of(text, text);
    }

    private static Good timestamp(ColumnType.Timestamp type, Random random) {
        var perSecond = (long) Math.pow(10, type.precision());
        var second = second(type, perSecond, random);
        var tick = random.nextBoolean() ? 0 : random.nextLong(perSecond);
        var stored = Long.toString(second * perSecond + tick);
        var fraction =
                "." + "%0" + Math.max(type.precision(), 1) + "d" + one(random, "", "0", "000");
        return Good.of(
                spelled(type, second, tick == 0 ? "" : fraction.formatted(tick), random), stored);
    }

    /// The type's own range, less a day on either side where a zone may cut it.
    private static long second(ColumnType.Timestamp type, long perSecond, Random random) {
        if (type instanceof ColumnType.DateTime) {
            return edge(random, 0, 0xFFFF_FFFFL);
        }
        var margin = type.zone() == null ? 0 : 86_400;
        var reach = Long.MAX_VALUE / perSecond - 1;
        return edge(
                random,
                Math.max(-reach, -62_167_219_200L + margin),
                Math.min(reach, 253_402_300_799L - margin));
    }

    /// In UTC, with an offset, or by the clocks of the column's zone when they showed it once.
    private static String spelled(
            ColumnType.Timestamp type, long second, String fraction, Random random) {
        var hours = ZoneOffset.ofHours(random.nextInt(29) - 14);
        var local = LocalDateTime.ofEpochSecond(second, 0, hours);
        if (random.nextInt(3) == 0 && local.getYear() >= 0 && local.getYear() <= 9999) {
            return DATE_TIME.format(local)
                    + fraction
                    + (hours.getTotalSeconds() == 0 ? "Z" : hours);
        }
        var rules = type.zoneId().getRules();
        var shown = LocalDateTime.ofInstant(Instant.ofEpochSecond(second), type.zoneId());
        if (random.nextBoolean() && rules.getValidOffsets(shown).size() == 1) {
            return DATE_TIME.format(shown) + fraction;
        }
        var utc = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        return DATE_TIME.format(utc).replace(' ', 'T') + fraction + "Z";
    }

    private static Bad badTimestamp(ColumnType.Timestamp type, Random random) {
        var finer = "." + "0".repeat(type.precision()) + "5";
        var last =
                switch (type) {
                    case ColumnType.DateTime _ -> "2106-02-07 06:28:16Z";
                    case ColumnType.DateTime64(int precision, _) ->
                            precision == 9
                                    ? "2262-04-11 23:47:16.854775808Z"
                                    : "9999-12-31 23:59:59-00:01";
                };
        return one(
                random,
                Bad.of("2024-02-29 24:00:00", RejectionCode.NOT_A_TIMESTAMP),
                Bad.of("2024-02-29", RejectionCode.NOT_A_TIMESTAMP),
                Bad.of("yesterday", RejectionCode.NOT_A_TIMESTAMP),
                Bad.of("2024-02-29 00:00:00" + finer, RejectionCode.TOO_PRECISE),
                Bad.of(last, RejectionCode.OUT_OF_RANGE));
    }

    private static Good array(ColumnType element, Random random) {
        var texts = new ArrayList<String>();
        var stored = new ArrayList<String>();
        for (var count = random.nextInt(5); count > 0; count--) {
            var one = good(element, random);
            stored.add(one.stored());
            texts.add(elementText(element, one));
        }
        return Good.of(
                "[" + String.join(one(random, ",", ", "), texts) + "]",
                "[" + String.join(",", stored) + "]");
    }

    private static String elementText(ColumnType element, Good one) {
        var text = new String(one.text(), UTF_8);
        if (element.isNullable() && text.isEmpty()) {
            return "NULL";
        }
        if (element.base() instanceof ColumnType.Array) {
            return text;
        }
        return "'%s'"
                .formatted(
                        text.strip().isEmpty() || isText(element)
                                ? escaped(text)
                                : escaped(text.strip()));
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n");
    }

    private static Bad badArray(ColumnType element, Random random) {
        var inner = badOf(element.base(), random);
        if (inner.error() == RejectionCode.INVALID_ENCODING
                || element.base() instanceof ColumnType.Array) {
            return Bad.of("[", RejectionCode.NOT_AN_ARRAY);
        }
        return one(
                random,
                Bad.of("['" + escaped(new String(inner.text(), UTF_8)) + "']", inner.error()),
                Bad.of("x", RejectionCode.NOT_AN_ARRAY),
                Bad.of("[,]", RejectionCode.NOT_AN_ARRAY));
    }

    /// A number in a range, its ends more often than others.
    private static long edge(Random random, long from, long to) {
        return switch (random.nextInt(16)) {
            case 0 -> from;
            case 1 -> to;
            default -> random.nextLong(from, to + 1);
        };
    }

    private static String blanks(Random random) {
        return random.nextInt(8) == 0 ? one(random, " ", "\t", "  ") : "";
    }

    @SafeVarargs
    static <T> T one(Random random, T... of) {
        return of[random.nextInt(of.length)];
    }

    /// The types that a test over all of them takes, each at least once, plain and in what can
    /// stand around it.
    public static List<String> types() {
        var scalars = new ArrayList<String>();
        for (var bits : List.of(8, 16, 32, 64, 128, 256)) {
            scalars.add("Int" + bits);
            scalars.add("UInt" + bits);
        }
        scalars.addAll(List.of("Float32", "Float64", "String", "Bool", "Date", "DateTime"));
        scalars.addAll(List.of("Decimal(9, 2)", "Decimal(18, 18)", "Decimal(38, 10)"));
        scalars.addAll(List.of("Decimal(76, 20)", "UUID", "IPv4", "IPv6", "FixedString(5)"));
        scalars.addAll(
                List.of("Enum8('a' = -128, 'it\\'s' = 127)", "Enum16('a b' = 1000, 'é' = -1000)"));
        scalars.addAll(
                List.of(
                        "Date32",
                        "DateTime('Europe/Berlin')",
                        "DateTime64(3)",
                        "DateTime64(6, 'America/New_York')",
                        "DateTime64(9, 'UTC')"));
        var all = new ArrayList<>(scalars);
        scalars.forEach(s -> all.add("Nullable(%s)".formatted(s)));
        scalars.forEach(s -> all.add("Array(%s)".formatted(s)));
        scalars.forEach(s -> all.add("Array(Nullable(%s))".formatted(s)));
        for (var s :
                List.of(
                        "String",
                        "Int32",
                        "Float64",
                        "Date",
                        "DateTime",
                        "UUID",
                        "IPv4",
                        "IPv6",
                        "FixedString(5)")) {
            all.add("LowCardinality(%s)".formatted(s));
            all.add("LowCardinality(Nullable(%s))".formatted(s));
            all.add("Array(LowCardinality(%s))".formatted(s));
        }
        all.addAll(List.of("Array(Array(Int32))", "Array(Array(Nullable(String)))"));
        return all;
    }
}
