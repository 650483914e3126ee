package dev.millrace.embedded;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/// Finds the engines' ports on 127.0.0.1. A free port, once found, is kept in a file and taken
/// again at the next start if it is still free. Those found stay bound until [#close], so that two
/// are never alike. Not thread-safe.
final class PortChoice implements AutoCloseable {
    private final Path file;
    private final Properties kept = new Properties();
    private final List<ServerSocket> bound = new ArrayList<>();

    PortChoice(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            try (var in = Files.newInputStream(file)) {
                kept.load(in);
            }
        }
    }

    /// @param wanted the port, or 0 for any free one
    /// @param name as it stands in the flag `--<name>-port`
    /// @throws MillraceException PORT_TAKEN when the port that is wanted is not free
    int choose(String name, int wanted) throws IOException {
        if (wanted != 0) {
            return bindWanted(name, wanted);
        }
        int last = Integer.parseInt(kept.getProperty(name, "0"));
        int port;
        try {
            port = bind(last);
        } catch (IOException e) {
            port = bind(0);
        }
        kept.setProperty(name, String.valueOf(port));
        return port;
    }

    private int bindWanted(String name, int wanted) {
        try {
            return bind(wanted);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.PORT_TAKEN,
                    "Port %d, which %s needs, is taken.".formatted(wanted, name),
                    "Stop what listens there, or choose another with --%s-port (0 takes a free one)."
                            .formatted(name),
                    e);
        }
    }

    private int bind(int port) throws IOException {
        var socket = new ServerSocket();
        try {
            socket.bind(Loopback.at(port));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        bound.add(socket);
        return socket.getLocalPort();
    }

    /// Writes down the free ports that were found, and sets all ports free for the engines.
    @Override
    public void close() throws IOException {
        for (var socket : bound) {
            socket.close();
        }
        try (var out = Files.newOutputStream(file)) {
            kept.store(out, "Free ports that were found once; delete this file to find new ones.");
        }
    }
}
