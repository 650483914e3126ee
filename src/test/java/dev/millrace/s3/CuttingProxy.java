package dev.millrace.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Stands before a server, and breaks connections when they have brought so many bytes. What has
/// passed is counted.
public final class CuttingProxy implements AutoCloseable {
    private final ServerSocket server;
    private final int port;
    private final long cutAfter;
    private final AtomicInteger cuts;
    private final Runnable onCut;

    /// Bytes that came from the server.
    public final AtomicLong brought = new AtomicLong();

    public final AtomicInteger connections = new AtomicInteger();

    /// Whether nothing more passes.
    private volatile boolean closed;

    /// @param port of the server
    /// @param cutAfter how many bytes a connection brings
    /// @param cuts how many connections are broken; those after them are left alone
    /// @param onCut runs before each is
    public CuttingProxy(int port, long cutAfter, int cuts, Runnable onCut) {
        try {
            this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.port = port;
        this.cutAfter = cutAfter;
        this.cuts = new AtomicInteger(cuts);
        this.onCut = onCut;
        Thread.ofVirtual().start(this::accept);
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    private void accept() {
        while (!closed) {
            try {
                var client = server.accept();
                connections.incrementAndGet();
                var behind = new Socket(InetAddress.getLoopbackAddress(), port);
                Thread.ofVirtual().start(() -> pass(client, behind, false));
                Thread.ofVirtual().start(() -> pass(behind, client, true));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void pass(Socket from, Socket to, boolean counted) {
        try (from;
                to) {
            copy(from.getInputStream(), to.getOutputStream(), counted);
        } catch (IOException e) {
            // the other end is gone
        }
    }

    private void copy(InputStream in, OutputStream out, boolean counted) throws IOException {
        var buffer = new byte[16 << 10];
        var left = cutAfter;
        for (var n = in.read(buffer); n >= 0 && !closed; n = in.read(buffer)) {
            if (counted && left < n && cuts.getAndDecrement() > 0) {
                out.write(buffer, 0, (int) left);
                brought.addAndGet(left);
                onCut.run();
                return;
            }
            out.write(buffer, 0, n);
            if (counted) {
                left -= n;
                brought.addAndGet(n);
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
    }
}
