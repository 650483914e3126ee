package dev.millrace.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;

/// 127.0.0.1, where all engines listen. (The JVM's own notion of loopback may be `::1`.)
final class Loopback {
    static final String HOST = "127.0.0.1";
    private static final byte[] BYTES = {127, 0, 0, 1};

    private Loopback() {}

    static InetSocketAddress at(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(HOST, BYTES), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A connection that waits no longer than the limit, to connect and for each read.
    static Socket connect(int port, int limitMillis) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(at(port), limitMillis);
            socket.setSoTimeout(limitMillis);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
