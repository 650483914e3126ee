package dev.millrace.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.RejectionCode;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpParsersTest {
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final String V4 = OCTET + "(\\." + OCTET + "){3}";
    private static final Pattern V4_AT_END = Pattern.compile("(.*:)?(" + V4 + ")");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.4.",
                ".1.2.3.4",
                "1..2.3",
                "256.1.1.1",
                "1.2.3.256",
                "1.2.3.1000",
                "01.2.3.4",
                "1.2.3.00",
                "010.0.0.1",
                "1.2.3.4/24",
                "1.2.3.4:80",
                "1.2.3.-4",
                "+1.2.3.4",
                "1,2,3,4",
                "0x1.2.3.4",
                "16909060",
                "hello",
                "::1",
                "::ffff:1.2.3.4",
                "1.2.3.４",
                "1 .2.3.4",
                "99999999999.1.1.1"
            })
    void whatIsNoFourNumbersIsNoIpV4Address(String text) {
        assertThat(OneField.read("IPv4", text).error()).isEqualTo(RejectionCode.NOT_AN_IP_ADDRESS);
        assertThat(v4Reference(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "::|0:0:0:0:0:0:0:0",
                "::1|0:0:0:0:0:0:0:1",
                "1::|1:0:0:0:0:0:0:0",
                "1:2:3:4:5:6:7:8|1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::|1:2:3:4:5:6:7:0",
                "::2:3:4:5:6:7:8|0:2:3:4:5:6:7:8",
                "2001:DB8::00aF:0001|2001:db8:0:0:0:0:af:1",
                "fe80::62:5aff:fed1:daf0|fe80:0:0:0:62:5aff:fed1:daf0",
                "1.1.1.1|0:0:0:0:0:ffff:101:101",
                "::ffff:101.79.55.22|0:0:0:0:0:ffff:654f:3716",
                "::1.2.3.4|0:0:0:0:0:0:102:304",
                "1:2:3:4:5:6:1.2.3.4|1:2:3:4:5:6:102:304",
                "1::1.2.3.4|1:0:0:0:0:0:102:304"
            })
    void everyFormOfAnIpV6AddressIsItsEightGroups(String text, String groups) {
        assertThat(groups(OneField.read("IPv6", text).bytes())).isEqualTo(groups);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":",
                ":::",
                "1",
                "1:2:3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4::5:6:7:8",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                ":1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:",
                "2001:db8::1::1",
                "1:::2",
                "00001::",
                "12345::",
                "g::",
                "[::1]",
                "::1/64",
                "fe80::1%eth0",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3",
                "::1.2.3.4:5",
                "::01.2.3.4",
                "01.2.3.4",
                "1.2.3",
                "1.2.3.4::",
                "::256.1.1.1",
                "::1.2.3.4.5",
                "hello",
                "-1::",
                "::a.2.3.4"
            })
    void whatHasAnotherShapeIsNoIpV6Address(String text) {
        assertThat(OneField.read("IPv6", text).error()).isEqualTo(RejectionCode.NOT_AN_IP_ADDRESS);
        assertThat(v6Reference(text)).isNull();
    }

    @Property
    void everyIpV4AddressIsItself(@ForAll int address) {
        var text = v4Text(address);
        assertThat(OneField.read("IPv4", text).littleEndian().getInt(0)).isEqualTo(address);
    }

    @Property
    void everyIpV6AddressIsItselfInEveryForm(@ForAll("addresses") byte[] address) throws Exception {
        for (var text : forms(address)) {
            assertThat(OneField.read("IPv6", text).bytes()).as(text).isEqualTo(address);
            assertThat(jdk(text)).as(text).isEqualTo(address);
        }
    }

    @Property(tries = 5_000)
    void anyTextIsTheAddressThatTheRulesSayOrNone(@ForAll("nearAddresses") String text) {
        assertIs(OneField.read("IPv4", text), v4Reference(text), text);
        assertIs(OneField.read("IPv6", text), v6Reference(text), text);
    }

    @Test
    void messagesSayHowToWriteAnAddress() {
        assertThat(OneField.read("IPv4", "010.0.0.1").message())
                .isEqualTo(
                        "'010.0.0.1' is not an IPv4 address: write four numbers from 0 to 255"
                                + " without leading zeros and with points between, such as"
                                + " 192.0.2.1");
        assertThat(OneField.read("Nullable(IPv6)", "[::1]").message())
                .isEqualTo(
                        "'[::1]' is not an IPv6 address: write it like 2001:db8::1 or"
                                + " ::ffff:192.0.2.1, without brackets, prefix length or zone");
    }

    private static void assertIs(OneField read, byte @Nullable [] expected, String text) {
        if (expected == null) {
            assertThat(read.error()).as(text).isEqualTo(RejectionCode.NOT_AN_IP_ADDRESS);
        } else {
            assertThat(read.bytes()).as(text).isEqualTo(expected);
        }
    }

    /// The four bytes of Native format, by a regular expression.
    private static byte @Nullable [] v4Reference(String text) {
        if (!text.matches(V4)) {
            return null;
        }
        var parts = text.split("\\.", -1);
        var bytes = new byte[4];
        for (var i = 0; i < 4; i++) {
            bytes[3 - i] = (byte) Integer.parseInt(parts[i]);
        }
        return bytes;
    }

    /// The sixteen bytes of an address, plainly.
    private static byte @Nullable [] v6Reference(String text) {
        var end = V4_AT_END.matcher(text);
        var plain = text;
        if (end.matches()) {
            var parts = v4Reference(end.group(2));
            if (parts == null) {
                return null;
            }
            plain =
                    text.substring(0, end.start(2))
                            + "%02x%02x:%02x%02x".formatted(parts[3], parts[2], parts[1], parts[0]);
            plain = end.group(1) == null ? "::ffff:" + plain : plain;
        }
        var halves = plain.split("::", -1);
        var before = groupsOf(halves[0]);
        var after = halves.length == 2 ? groupsOf(halves[1]) : List.<String>of();
        var missing = 8 - before.size() - after.size();
        var fits = halves.length == 1 ? missing == 0 : halves.length == 2 && missing > 0;
        if (!fits
                || !Stream.concat(before.stream(), after.stream())
                        .allMatch(g -> g.matches("[0-9a-fA-F]{1,4}"))) {
            return null;
        }
        var bytes = ByteBuffer.allocate(16);
        before.forEach(g -> bytes.putShort((short) Integer.parseInt(g, 16)));
        for (var i = 0; i < missing; i++) {
            bytes.putShort((short) 0);
        }
        after.forEach(g -> bytes.putShort((short) Integer.parseInt(g, 16)));
        return bytes.array();
    }

    private static List<String> groupsOf(String text) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(":", -1));
    }

    private static byte[] jdk(String text) throws UnknownHostException {
        var address = InetAddress.ofLiteral(text);
        if (address instanceof Inet4Address) {
            var mapped = ByteBuffer.allocate(16).putShort(10, (short) 0xFFFF);
            return mapped.put(12, address.getAddress()).array();
        }
        return address.getAddress();
    }

    private static List<String> forms(byte[] address) {
        var groups = List.of(groups(address).split(":"));
        var forms = new ArrayList<String>();
        forms.add(String.join(":", groups));
        forms.add(
                groups.stream()
                        .map(g -> "0".repeat(4 - g.length()) + g)
                        .collect(Collectors.joining(":"))
                        .toUpperCase(Locale.ROOT));
        var tail = ByteBuffer.wrap(address).getInt(12);
        forms.add(String.join(":", groups.subList(0, 6)) + ":" + v4Text(tail));
        for (var from = 0; from < 8; from++) {
            for (var to = from + 1; to <= 8 && groups.get(to - 1).equals("0"); to++) {
                forms.add(
                        String.join(":", groups.subList(0, from))
                                + "::"
                                + String.join(":", groups.subList(to, 8)));
                if (to <= 6) {
                    var middle = String.join(":", groups.subList(to, 6));
                    forms.add(
                            String.join(":", groups.subList(0, from))
                                    + "::"
                                    + middle
                                    + (middle.isEmpty() ? "" : ":")
                                    + v4Text(tail));
                }
            }
        }
        return forms;
    }

    private static String v4Text(int address) {
        return "%d.%d.%d.%d"
                .formatted(
                        address >>> 24,
                        address >>> 16 & 0xFF,
                        address >>> 8 & 0xFF,
                        address & 0xFF);
    }

    private static String groups(byte[] address) {
        var buffer = ByteBuffer.wrap(address);
        var groups = new ArrayList<String>();
        while (buffer.hasRemaining()) {
            groups.add(Integer.toHexString(buffer.getShort() & 0xFFFF));
        }
        return String.join(":", groups);
    }

    @Provide
    Arbitrary<byte[]> addresses() {
        var group =
                Arbitraries.oneOf(Arbitraries.just(0), Arbitraries.integers().between(0, 0xFFFF));
        return group.list()
                .ofSize(8)
                .map(groups -> {
                    var bytes = ByteBuffer.allocate(16);
                    groups.forEach(g -> bytes.putShort((short) (int) g));
                    return bytes.array();
                });
    }

    @Provide
    Arbitrary<String> nearAddresses() {
        var part =
                Arbitraries.of(
                        "0", "1", "00", "12", "255", "256", "abc", "FFFF", "10000", "::", ":", ".",
                        ":", ".", "1.2.3.4", "g");
        var joined = part.list().ofMinSize(1).ofMaxSize(16).map(p -> String.join("", p));
        var groups =
                Arbitraries.of("0", "a", "ff", "", "1.2.3.4")
                        .list()
                        .ofMinSize(2)
                        .ofMaxSize(9)
                        .map(g -> String.join(":", g));
        var octets =
                Arbitraries.of("0", "1", "255", "", "300", "09")
                        .list()
                        .ofMinSize(3)
                        .ofMaxSize(5)
                        .map(g -> String.join(".", g));
        return Combinators.combine(Arbitraries.integers().between(0, 2), joined, groups)
                .as((n, j, g) -> n == 0 ? j : g)
                .flatMap(t -> octets.map(o -> t.isEmpty() || t.length() % 5 == 0 ? o : t))
                .filter(t -> !t.isEmpty());
    }
}
