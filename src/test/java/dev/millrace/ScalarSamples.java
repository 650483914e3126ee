package dev.millrace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.Samples.Bad;
import dev.millrace.Samples.Good;
import dev.millrace.core.ColumnType;
import dev.millrace.core.RejectionCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The [Samples] of decimals, identifiers, addresses, fixed texts and enumerations.
final class ScalarSamples {
    private ScalarSamples() {}

    static Good decimal(ColumnType.Decimal type, Random random) {
        var most = BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
        var digits = new BigInteger(random.nextInt(most.bitLength() + 1), random).min(most);
        var unscaled = random.nextInt(16) == 0 ? most : digits;
        var value =
                new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), type.scale());
        var text =
                switch (random.nextInt(4)) {
                    case 0 -> value.unscaledValue() + "e-" + type.scale();
                    case 1 -> value.setScale(type.scale() + 30).toPlainString();
                    case 2 -> value.stripTrailingZeros().toString();
                    default -> value.toPlainString();
                };
        return Good.of(text, value.stripTrailingZeros().toPlainString());
    }

    static Bad badDecimal(ColumnType.Decimal type, Random random) {
        var limit = BigDecimal.TEN.pow(type.precision() - type.scale());
        return Samples.one(
                random,
                Bad.of(limit.toPlainString(), RejectionCode.OUT_OF_RANGE),
                Bad.of("-" + limit.toPlainString() + ".01", RejectionCode.OUT_OF_RANGE),
                Bad.of("1e-" + (type.scale() + 1), RejectionCode.TOO_PRECISE),
                Bad.of("0." + "0".repeat(type.scale()) + "10", RejectionCode.TOO_PRECISE),
                Bad.of("1,5", RejectionCode.NOT_A_NUMBER),
                Bad.of("1e", RejectionCode.NOT_A_NUMBER),
                Bad.of("inf", RejectionCode.NOT_A_NUMBER));
    }

    static Good uuid(Random random) {
        var stored = new UUID(random.nextLong(), random.nextLong()).toString();
        return Good.of(
                Samples.one(
                        random, stored, stored.replace("-", ""), stored.toUpperCase(Locale.ROOT)),
                stored);
    }

    static Bad badUuid(Random random) {
        var text = uuid(random).stored();
        return Bad.of(
                Samples.one(
                        random,
                        text.substring(1),
                        text + "0",
                        "{" + text + "}",
                        text.replaceFirst("-", "0"),
                        "g" + text.substring(1)),
                RejectionCode.NOT_A_UUID);
    }

    static Good ipV4(Random random) {
        var text = ipV4(random.nextInt(8) == 0 ? -1 : random.nextInt());
        return Good.of(text, text);
    }

    private static String ipV4(int address) {
        return IntStream.of(24, 16, 8, 0)
                .mapToObj(shift -> Integer.toString(address >>> shift & 0xFF))
                .collect(Collectors.joining("."));
    }

    static Bad badIpV4(Random random) {
        return Bad.of(
                Samples.one(random, "256.1.1.1", "1.2.3", "1.2.3.4.5", "010.0.0.1", "::1", "host"),
                RejectionCode.NOT_AN_IP_ADDRESS);
    }

    /// Zeros in the middle, at one end, or none; an IPv4 address alone.
    static Good ipV6(Random random) {
        var address = new byte[16];
        if (random.nextInt(8) == 0) {
            var last = random.nextInt();
            ByteBuffer.wrap(address).putShort(10, (short) 0xFFFF).putInt(12, last);
            return Good.of(ipV4(last), HexFormat.of().formatHex(address));
        }
        random.nextBytes(address);
        var from = 2 * random.nextInt(8);
        var to = from + 2 * random.nextInt(8 - from / 2);
        Arrays.fill(address, from, to, (byte) 0);
        var text =
                from == to
                        ? groups(address, 0, 16)
                        : groups(address, 0, from) + "::" + groups(address, to, 16);
        return Good.of(text, HexFormat.of().formatHex(address));
    }

    private static String groups(byte[] address, int from, int to) {
        return IntStream.range(from / 2, to / 2)
                .mapToObj(i -> ByteBuffer.wrap(address).getShort(2 * i))
                .map(group -> Integer.toHexString(group & 0xFFFF))
                .collect(Collectors.joining(":"));
    }

    static Bad badIpV6(Random random) {
        return Bad.of(
                Samples.one(random, "1::2::3", "1:2:3", "[::1]", "::1/64", "fe80::1%eth0", "::g"),
                RejectionCode.NOT_AN_IP_ADDRESS);
    }

    static Good fixedText(ColumnType.FixedText type, Random random, int least) {
        while (true) {
            var length = least + random.nextInt(type.widthBytes());
            var bytes = Samples.characters(random, length).getBytes(UTF_8);
            if (bytes.length <= type.widthBytes()) {
                var stored = Arrays.copyOf(bytes, type.widthBytes());
                return new Good(bytes, HexFormat.of().formatHex(stored));
            }
        }
    }

    static Bad badFixedText(ColumnType.FixedText type, Random random) {
        return Samples.one(
                random,
                Bad.of("x".repeat(type.widthBytes() + 1), RejectionCode.TOO_LONG),
                Bad.of("é".repeat(type.widthBytes() / 2 + 1), RejectionCode.TOO_LONG),
                new Bad(new byte[] {(byte) 0xFF}, RejectionCode.INVALID_ENCODING));
    }

    static Good enumeration(ColumnType.Enumeration type, Random random) {
        var element = type.elements().get(random.nextInt(type.elements().size()));
        var number = Integer.toString(element.number());
        return Good.of(Samples.one(random, element.name(), element.name(), number), number);
    }

    static Bad badEnumeration(Random random) {
        return Bad.of(
                Samples.one(random, "nobody", "32767", "-", "1.0", "99999999999"),
                RejectionCode.NOT_IN_ENUM);
    }
}
