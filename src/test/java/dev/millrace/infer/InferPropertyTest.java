package dev.millrace.infer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.ColumnType;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Whatever a source holds, a load with the proposed model rejects the announced rows and no
/// others; and values of a type are found to be of that type, and of none that is wider.
class InferPropertyTest {
    private static final List<String> NASTY =
            List.of(
                    "",
                    " ",
                    "\"\"",
                    "0",
                    "1",
                    "-1",
                    "00",
                    "007",
                    "255",
                    "256",
                    "-129",
                    "1.0",
                    "1.",
                    ".5",
                    "-.5",
                    "+1",
                    "+12345678",
                    "1e5",
                    "1E-400",
                    "1e400",
                    "inf",
                    "-Infinity",
                    "nan",
                    "NaN",
                    "-",
                    "--",
                    "?",
                    "NULL",
                    "null",
                    "N/A",
                    "NA",
                    "\\N",
                    "\"\\N\"",
                    "None",
                    "true",
                    "False",
                    "t",
                    "f",
                    "yes",
                    "no",
                    "Y",
                    "N",
                    "on",
                    "enabled",
                    "9007199254740993",
                    "18446744073709551616",
                    "9".repeat(77),
                    "9".repeat(80),
                    "0." + "1".repeat(80),
                    "2024-01-31",
                    "2024-1-31",
                    "2024-02-30",
                    "1066-10-14",
                    "2299-12-31",
                    "9999-12-31",
                    "31/12/2024",
                    "12/31/2024",
                    "01/02/2024",
                    "1.2.2024",
                    "2024-01-31 12:34:56",
                    "2024-01-31T12:34:56.789Z",
                    "2024-01-31 12:34:56.123456789",
                    "2024-01-31 12:34:56.1234567890",
                    "1677-01-01 00:00:00.123456789",
                    "2024-01-31 12:34",
                    "2024-01-31 12:34:56 UTC",
                    "2024-01-31 12:34:56 +0200",
                    "2024-01-31 12:34:56+02",
                    "1970-01-01 00:00:00+02",
                    "2024-01-31 1:34:56 PM",
                    "2024-01-31 13:34 AM",
                    "3 Jan 2024",
                    "3-May-2024",
                    "\"May 3, 2024\"",
                    "\"June 3, 2024\"",
                    "10.0.0.1",
                    "01.2.3.4",
                    "::1",
                    "fe80::1",
                    "::ffff:1.2.3.4",
                    "123e4567-e89b-12d3-a456-426614174000",
                    "[]",
                    "[1]",
                    "[1.5]",
                    "\"[1, 2]\"",
                    "\"['a', 'b']\"",
                    "[NULL]",
                    "['']",
                    "[x]",
                    "[[1]]",
                    "['1']",
                    "[2024-01-31]",
                    "12A",
                    "abc",
                    "é",
                    "龍",
                    " 5",
                    "5 ",
                    "\" 5\"",
                    "a\"b",
                    "\"a\"\"b\"",
                    "\"a\nb\"",
                    "\"x\"y",
                    "a,b");

    @Property(tries = 400)
    void a_load_rejects_the_rows_that_were_announced(@ForAll long seed) {
        var random = new Random(seed);
        var kinds = random.nextInt(1, 6);
        var pool = new ArrayList<String>();
        for (var i = 0; i < kinds; i++) {
            pool.add(NASTY.get(random.nextInt(NASTY.size())));
        }
        var usual = pool.getFirst();
        var rare = random.nextInt(3) == 0 ? 2_000 : random.nextInt(1, 10);
        var fields = new ArrayList<String>();
        for (var i = random.nextInt(1, 6_000); i > 0; i--) {
            fields.add(random.nextInt(rare) > 0 ? usual : pool.get(random.nextInt(pool.size())));
        }
        var inferred = Inferred.ofColumn(fields);
        assertThat(inferred.rejected())
                .as("%s of %s", inferred.type(), pool)
                .isEqualTo(inferred.proposal().rejected());
    }

    @Property(tries = 200)
    void a_load_of_several_sources_rejects_the_rows_that_were_announced(@ForAll long seed) {
        var random = new Random(seed);
        var sources = new ArrayList<String>();
        for (var i = random.nextInt(1, 5); i > 0; i--) {
            sources.add(random.nextBoolean() ? objects(random) : records(random));
        }
        Inferred inferred;
        try {
            inferred = Inferred.of(sources, SourceOptions.DETECT);
        } catch (MillraceException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.HEADER_AMBIGUOUS);
            return;
        }
        assertThat(inferred.rejected())
                .as("%s of %s", inferred.columns(), sources)
                .isEqualTo(inferred.proposal().rejected());
    }

    private static String records(Random random) {
        var names = new ArrayList<>(List.of("b", "c", "d"));
        Collections.shuffle(names, random);
        var columns = names.subList(0, random.nextInt(names.size() + 1));
        var text =
                new StringBuilder(
                        "text,id"
                                + (columns.isEmpty() ? "" : ",")
                                + String.join(",", columns)
                                + "\n");
        for (var i = random.nextInt(1, 50); i > 0; i--) {
            text.append("x,").append(i);
            for (var _ : columns) {
                text.append(',').append(SIMPLE.get(random.nextInt(SIMPLE.size())));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static final List<String> SIMPLE =
            List.of("1", "2", "300", "1.5", "", "NULL", "[1]", "x", "2024-01-31", "true");

    private static final List<String> KEYS = List.of("b", "B", "c", "d", "e", "f_g", "fG", "");
    private static final List<String> JSON =
            List.of(
                    "1",
                    "300",
                    "1.5",
                    "null",
                    "\"x\"",
                    "\"7\"",
                    "[1, 2]",
                    "{\"k\": 1}",
                    "true",
                    "?");

    /// Whose first ones have few keys.
    private static String objects(Random random) {
        var text = new StringBuilder();
        var few = random.nextInt(6) == 0 ? 5_000 : 1;
        for (var i = 0; i < few; i++) {
            text.append("{\"text\": \"x\", \"id\": %d}\n".formatted(i));
        }
        for (var i = random.nextInt(1, 600); i > 0; i--) {
            text.append("{\"text\": \"x\", \"id\": ").append(i);
            while (random.nextInt(4) == 0) {
                text.append(", \"")
                        .append(KEYS.get(random.nextInt(KEYS.size())))
                        .append("\": ")
                        .append(JSON.get(random.nextInt(random.nextInt(5) == 0 ? JSON.size() : 2)));
            }
            text.append("}\n");
        }
        return text.toString();
    }

    @Property(tries = 300)
    void values_of_a_type_are_found_to_be_of_that_type(@ForAll long seed) {
        var random = new Random(seed);
        var kind = random.nextInt(7);
        var nulls = random.nextInt(3) == 0;
        var fields = new ArrayList<String>();
        var expected = kind(kind, random, fields);
        if (nulls) {
            fields.add(random.nextInt(fields.size()), random.nextBoolean() ? "" : "N/A");
        }
        var inferred = Inferred.ofColumn(fields);
        assertThat(inferred.type())
                .as("%s", fields)
                .isEqualTo(nulls ? "Nullable(" + expected + ")" : expected);
        assertThat(inferred.rejected()).isZero();
    }

    /// Adds random values, and says of which type they are.
    private static String kind(int kind, Random random, List<String> fields) {
        var count = random.nextInt(1, 200);
        switch (kind) {
            case 0 -> {
                return wholes(count, random, fields);
            }
            case 1 -> {
                return decimals(count, random, fields);
            }
            case 2 -> {
                for (var i = 0; i < count; i++) {
                    fields.add(new UUID(random.nextLong(), random.nextLong()).toString());
                }
                return "UUID";
            }
            case 3 -> {
                for (var i = 0; i < count; i++) {
                    fields.add(java.time.LocalDate.ofEpochDay(random.nextInt(65_536)).toString());
                }
                return "Date";
            }
            case 4 -> {
                for (var i = 0; i < count; i++) {
                    var second = java.time.Instant.ofEpochSecond(random.nextLong(1L << 32));
                    fields.add(second.toString().replace('T', random.nextBoolean() ? 'T' : ' '));
                }
                return "DateTime";
            }
            case 5 -> {
                for (var i = 0; i < count; i++) {
                    fields.add(
                            "%d.%d.%d.%d"
                                    .formatted(
                                            random.nextInt(256),
                                            random.nextInt(256),
                                            random.nextInt(256),
                                            random.nextInt(256)));
                }
                return "IPv4";
            }
            default -> {
                for (var i = 0; i < count; i++) {
                    fields.add(random.nextBoolean() ? "true" : "false");
                }
                return "Bool";
            }
        }
    }

    private static String wholes(int count, Random random, List<String> fields) {
        var signed = random.nextBoolean();
        var bits = random.nextInt(1, 256);
        var negative = false;
        var longest = 0;
        for (var i = 0; i < count; i++) {
            var value = new BigInteger(bits, random);
            if (signed && random.nextBoolean()) {
                value = value.negate();
            }
            negative |= value.signum() < 0;
            fields.add(value.toString());
        }
        for (var field : fields) {
            var value = new BigInteger(field);
            longest = Math.max(longest, value.bitLength() + (negative ? 1 : 0));
        }
        var width = Math.max(8, Integer.highestOneBit(Math.max(longest, 1) * 2 - 1));
        return (negative ? "Int" : "UInt") + width;
    }

    /// Of which no type that takes less room holds one with so many digits.
    private static String decimals(int count, Random random, List<String> fields) {
        var whole = random.nextInt(1, 40);
        var fraction = random.nextInt(1, 36);
        for (var i = 0; i < count; i++) {
            var digits = new StringBuilder(random.nextBoolean() ? "-" : "").append('9');
            for (var d = 1; d < whole; d++) {
                digits.append(random.nextInt(10));
            }
            digits.append('.');
            for (var d = 0; d < fraction; d++) {
                digits.append(random.nextInt(10));
            }
            fields.add(digits.toString());
        }
        var precision = whole + fraction;
        var room = precision <= 9 ? 9 : precision <= 18 ? 18 : precision <= 38 ? 38 : 76;
        var scale = fraction == 1 && precision + 1 <= room ? 2 : fraction;
        return ((ColumnType.Decimal) ColumnTypes.parse("Decimal(%d, %d)".formatted(room, scale)))
                .name();
    }
}
