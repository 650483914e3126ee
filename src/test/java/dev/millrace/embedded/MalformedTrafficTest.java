package dev.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Engines;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The embedded ClickHouse is a library that was made for one friendly caller; as a server it must
/// outlive whatever arrives at its ports.
class MalformedTrafficTest {
    private static final int ANSWER_MILLIS = 50;
    private static final int RANDOM_MESSAGES = 40;
    private static final Random RANDOM = new Random(20260101);

    /// Requests that no client should send, each by the rule that it breaks.
    private static final Map<String, String> HTTP =
            Map.ofEntries(
                    Map.entry("nothing but a break", "\r\n\r\n"),
                    Map.entry("no path", "GET\r\n\r\n"),
                    Map.entry("no such version", "GET / HTTP/9.9\r\n\r\n"),
                    Map.entry("no such method", "BREW / HTTP/1.1\r\n\r\n"),
                    Map.entry("no protocol", "hello\r\n\r\n"),
                    Map.entry("bad escapes", "GET /?query=%ZZ%00%F HTTP/1.1\r\n\r\n"),
                    Map.entry("endless first line", "G".repeat(200_000)),
                    Map.entry(
                            "too many headers",
                            "GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(5_000) + "\r\n"),
                    Map.entry(
                            "endless header",
                            "GET / HTTP/1.1\r\nA: " + "b".repeat(200_000) + "\r\n\r\n"),
                    Map.entry("cut in a header", "GET / HTTP/1.1\r\nHost: x\r\n"),
                    Map.entry("negative length", "POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n"),
                    Map.entry("length in words", "POST / HTTP/1.1\r\nContent-Length: five\r\n\r\n"),
                    Map.entry(
                            "huge length",
                            "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\nx"),
                    Map.entry(
                            "body that stops",
                            "POST /?query=SELECT+1 HTTP/1.1\r\nContent-Length: 500\r\n\r\nabc"),
                    Map.entry(
                            "bad chunks",
                            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n"),
                    Map.entry(
                            "unknown encoding",
                            "PUT / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"),
                    Map.entry(
                            "not gzip",
                            "POST /?query=SELECT+1 HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde"),
                    Map.entry(
                            "not a packed block",
                            "POST /?query=SELECT+1&decompress=1 HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcde"),
                    Map.entry(
                            "bad session",
                            "GET /?session_id=a&session_timeout=x&query=SELECT+1 HTTP/1.1\r\n\r\n"),
                    Map.entry("bad setting", "GET /?max_threads=x&query=SELECT+1 HTTP/1.1\r\n\r\n"),
                    Map.entry(
                            "bad authorisation",
                            "GET / HTTP/1.1\r\nAuthorization: Basic !!!\r\n\r\n"),
                    Map.entry("unknown page", "GET /no/such/page HTTP/1.0\r\n\r\n"),
                    Map.entry("all options", "OPTIONS * HTTP/1.1\r\n\r\n"));

    @Test
    void theServerOutlivesIt() throws Exception {
        var address = Engines.clickhouse();
        int httpPort = URI.create(address.url()).getPort();
        var before = Engines.process(Engine.CLICKHOUSE).pid();
        for (int port : new int[] {httpPort, address.tcpPort()}) {
            for (var message : messages().toList()) {
                for (var farewell : Farewell.values()) {
                    send(port, message, farewell);
                }
            }
        }
        assertThat(Engines.process(Engine.CLICKHOUSE).pid()).isEqualTo(before);
        assertThat(new ClickHouseHttp(address.url(), address.user()).run("SELECT 6 * 7"))
                .isEqualTo("42");
    }

    /// How the other side goes: after an answer or a moment, at once, or with a reset.
    private enum Farewell {
        WAIT,
        CLOSE,
        RESET
    }

    private static Stream<byte[]> messages() {
        var http = HTTP.values().stream().map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
        var random = Stream.generate(MalformedTrafficTest::random).limit(RANDOM_MESSAGES);
        return Stream.of(http, nativeProtocol().stream(), random).flatMap(s -> s);
    }

    /// ClickHouse's own protocol: a number for the message's kind, then strings with their lengths
    /// before them, all numbers of variable length.
    private static List<byte[]> nativeProtocol() {
        byte[] noKind = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f};
        byte[] helloThatStops = {0, 10, 'C', 'l', 'i'};
        byte[] helloOfNobody = {
            0, 1, 'x', 1, 1, (byte) 0xb0, (byte) 0xa9, 3, 0, 6, 'n', 'o', 'b', 'o', 'd', 'y', 0
        };
        byte[] helloTooLong = {
            0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f, 'x'
        };
        byte[] queryFirst = {1, 0, 1, 0};
        byte[] dataFirst = {2, 0, 1, 0, 2, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0};
        byte[] secureHello = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};
        return List.of(
                noKind,
                helloThatStops,
                helloOfNobody,
                helloTooLong,
                queryFirst,
                dataFirst,
                secureHello);
    }

    private static byte[] random() {
        var bytes = new byte[1 + RANDOM.nextInt(2000)];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static void send(int port, byte[] message, Farewell farewell) {
        try (var socket = Loopback.connect(port, 5000)) {
            socket.getOutputStream().write(message);
            if (farewell == Farewell.WAIT) {
                socket.setSoTimeout(ANSWER_MILLIS);
                socket.getInputStream().readNBytes(2000);
            } else if (farewell == Farewell.RESET) {
                socket.setSoLinger(true, 0);
            }
        } catch (ConnectException e) {
            throw new AssertionError("the server is gone", e);
        } catch (IOException e) {
            // it hung up on us, or had nothing to say: its right
        }
    }
}
