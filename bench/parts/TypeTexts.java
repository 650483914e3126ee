package dev.millrace.validate;

import static java.time.ZoneOffset.UTC;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;

/// Texts as each type's fields mostly are.
final class TypeTexts {
    static final Map<String, Function<Random, String>> BY_TYPE = byType();

    private TypeTexts() {}

    private static Map<String, Function<Random, String>> byType() {
        var texts = new LinkedHashMap<String, Function<Random, String>>();
        texts.put("Int32", r -> Integer.toString(r.nextInt()));
        texts.put("UInt64", r -> Long.toUnsignedString(r.nextLong()));
        texts.put("Int128", r -> new BigInteger(127, r).toString());
        texts.put("UInt256", r -> new BigInteger(256, r).toString());
        texts.put("Float64", r -> Double.toString(r.nextDouble() * 1000));
        texts.put("Decimal(9, 2)", r -> BigDecimal.valueOf(r.nextInt(99_999_999), 2).toString());
        texts.put(
                "Decimal(18, 4)", r -> BigDecimal.valueOf(r.nextLong(1L << 58), 4).toPlainString());
        texts.put("Decimal(38, 10)", r -> decimal(r, 120, 10));
        texts.put("Decimal(76, 20)", r -> decimal(r, 250, 20));
        texts.put("String", r -> "x".repeat(4 + r.nextInt(28)));
        texts.put("UUID", r -> new UUID(r.nextLong(), r.nextLong()).toString());
        texts.put("IPv4", TypeTexts::ipV4);
        texts.put("IPv6", TypeTexts::ipV6);
        texts.put("FixedString(16)", r -> "%08x".formatted(r.nextInt()));
        texts.put(
                "Enum8('created' = 1, 'paid' = 2, 'shipped' = 3, 'delivered' = 4)",
                r -> new String[] {"created", "paid", "shipped", "delivered"}[r.nextInt(4)]);
        texts.put("Date", r -> time(r, "uuuu-MM-dd"));
        texts.put("Date32", r -> time(r, "uuuu-MM-dd"));
        texts.put("DateTime", r -> time(r, "uuuu-MM-dd HH:mm:ss"));
        texts.put("DateTime('UTC')", r -> time(r, "uuuu-MM-dd HH:mm:ssXXX"));
        texts.put("DateTime('Asia/Tokyo')", r -> time(r, "uuuu-MM-dd HH:mm:ss"));
        texts.put("DateTime('America/Sao_Paulo')", r -> time(r, "uuuu-MM-dd HH:mm:ss"));
        texts.put("DateTime64(3)", r -> time(r, "uuuu-MM-dd HH:mm:ss.SSS"));
        texts.put("DateTime64(9)", r -> time(r, "uuuu-MM-dd HH:mm:ss.SSSSSSSSS"));
        texts.put("Bool", r -> r.nextBoolean() ? "true" : "false");
        return texts;
    }

    /// A time after 2019, when no clocks changed any more in Brazil.
    private static String time(Random random, String pattern) {
        var second = random.nextLong(1_577_836_800L, 1_900_000_000L);
        var time = LocalDateTime.ofEpochSecond(second, random.nextInt(1_000_000_000), UTC);
        return DateTimeFormatter.ofPattern(pattern).format(time.atOffset(UTC));
    }

    private static String decimal(Random random, int bits, int scale) {
        return new BigDecimal(new BigInteger(bits, random), scale).toPlainString();
    }

    private static String ipV4(Random random) {
        return "%d.%d.%d.%d"
                .formatted(
                        random.nextInt(256),
                        random.nextInt(256),
                        random.nextInt(256),
                        random.nextInt(256));
    }

    private static String ipV6(Random random) {
        return "2001:db8:%x:%x::%x"
                .formatted(random.nextInt(65_536), random.nextInt(65_536), random.nextInt(65_536));
    }
}
