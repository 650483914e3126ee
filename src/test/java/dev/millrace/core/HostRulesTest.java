package dev.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostRulesTest {
    private static boolean allows(String rules, String host, String address)
            throws UnknownHostException {
        try {
            HostRules.parse(rules).allowed(host, List.of(InetAddress.getByName(address)));
            return true;
        } catch (MillraceException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.HOST_FORBIDDEN);
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    public                | a.org     | 93.184.216.34
                    public                | a.org     | 2606:2800:220:1::1
                    10.0.0.0/8            | a.org     | 10.255.0.1
                    ch.inner              | CH.inner  | 10.0.0.1
                    *.inner               | a.b.inner | 192.168.1.1
                    127.0.0.1             | localhost | 127.0.0.1
                    ::1                   | localhost | ::1
                    public, 172.16.0.0/12 | a.org     | 172.31.255.255
                    """)
    void whatIsAllowedIsReached(String rules, String host, String address)
            throws UnknownHostException {
        assertThat(allows(rules, host, address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.9.9.9",
                "10.0.0.1",
                "172.16.0.1",
                "192.168.0.1",
                "100.64.0.1",
                "169.254.169.254",
                "0.0.0.0",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd00:ec2::254",
                "ff02::1",
                "::ffff:127.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "2002:7f00:1::",
                "2002:a00:1::1",
                "::7f00:1"
            })
    void theInnerNetworkIsNotPublic(String address) throws UnknownHostException {
        assertThat(allows("public", "a.org", address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "0.0.0.0",
                "fe80::1",
                "fd00:ec2::254",
                "100.100.100.200",
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::",
                "::ffff:169.254.169.254"
            })
    void metadataIsReachedByNoRule(String address) throws UnknownHostException {
        assertThat(allows("public, a.org, 0.0.0.0/0, ::/0", "a.org", address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,,b", "10.0.0.0/33", "10.0.0/8", "::/129", "http://a", "a b"})
    void whatIsNoRuleIsRefused(String rules) {
        assertThatThrownBy(() -> HostRules.parse(rules))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION));
    }
}
