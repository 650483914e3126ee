package dev.millrace.api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A network between us and a server that can be cut: passes bytes, until it breaks all connections
/// off.
final class CutProxy implements AutoCloseable {
    private final ServerSocket listening;
    private final URI server;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    CutProxy(URI server) throws IOException {
        this.server = server;
        this.listening = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                var near = listening.accept();
                var far = new Socket(server.getHost(), server.getPort());
                open.add(near);
                open.add(far);
                Thread.ofVirtual().start(() -> pass(near, far));
                Thread.ofVirtual().start(() -> pass(far, near));
            }
        } catch (IOException e) {
            cut();
        }
    }

    private static void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Breaks off what is connected.
    void cut() {
        open.forEach(CutProxy::close);
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }
}
