package dev.millrace.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// Stands before a server and loses its answers to some requests: the server has done what it was
/// asked, and nobody hears of it.
public final class LosingProxy implements AutoCloseable {
    private final ServerSocket server;
    private final int port;
    private final Pattern lost;
    private final AtomicInteger left;

    private volatile boolean closed;

    /// @param port of the server
    /// @param lost found in the head of a request whose answer is lost
    /// @param times how many answers are
    public LosingProxy(int port, String lost, int times) {
        try {
            this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.port = port;
        this.lost = Pattern.compile(lost);
        this.left = new AtomicInteger(times);
        Thread.ofVirtual().start(this::accept);
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /// How many answers are still to be lost.
    public int left() {
        return Math.max(0, left.get());
    }

    /// From now on no answer is lost.
    public void heal() {
        left.set(0);
    }

    private void accept() {
        while (!closed) {
            try {
                var way = new Way(server.accept(), new Socket(server.getInetAddress(), port));
                Thread.ofVirtual().start(way::ask);
                Thread.ofVirtual().start(way::answer);
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    /// A connection of a client, and the one behind it.
    private final class Way {
        private final Socket client;
        private final Socket behind;
        private volatile boolean losing;

        Way(Socket client, Socket behind) {
            this.client = client;
            this.behind = behind;
        }

        /// A request's first line comes at the beginning of what is read: the client waits for an
        /// answer before it sends the next one.
        void ask() {
            try (client;
                    behind) {
                pass(client.getInputStream(), behind.getOutputStream(), true);
            } catch (IOException e) {
                // the other end is gone
            }
        }

        void answer() {
            try (client;
                    behind) {
                pass(behind.getInputStream(), client.getOutputStream(), false);
            } catch (IOException e) {
                // the other end is gone
            }
        }

        private void pass(InputStream in, OutputStream out, boolean asking) throws IOException {
            var buffer = new byte[64 << 10];
            for (var n = in.read(buffer); n >= 0 && !closed; n = in.read(buffer)) {
                if (asking && lost.matcher(new String(buffer, 0, n, ISO_8859_1)).find()) {
                    losing = true;
                }
                if (!asking && losing && isDone(buffer, n) && left.getAndDecrement() > 0) {
                    return;
                }
                out.write(buffer, 0, n);
            }
        }

        /// Not when the server only says that it wants the request's body.
        private static boolean isDone(byte[] answer, int length) {
            return !new String(answer, 0, length, ISO_8859_1).startsWith("HTTP/1.1 100");
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
    }
}
