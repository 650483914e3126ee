package dev.millrace.api;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;

/// Where the API listens and whom it trusts.
///
/// @param host the address to listen on
/// @param port the port to listen on, or 0 for a free one
/// @param tokenSecret what tokens are signed with, at least [Tokens#MIN_SECRET_BYTES] long
/// @param drainLimit how long running requests, uploads above all, may go on after [Api#close]
/// @param clock tells tokens that have expired, and how long a job has waited: nothing else hangs
///   on it, since the times of jobs are the catalog's
public record ApiSettings(
        String host, int port, String tokenSecret, Duration drainLimit, InstantSource clock) {
    /// With this machine's clock.
    public ApiSettings(String host, int port, String tokenSecret, Duration drainLimit) {
        this(host, port, tokenSecret, drainLimit, InstantSource.system());
    }

    /// The address of the loopback interface, which is where Millrace listens unless told
    /// otherwise.
    public static final String LOOPBACK = "127.0.0.1";

    /// Whether only programs of this machine can reach the API.
    boolean isLoopback() {
        var address = new InetSocketAddress(host, port).getAddress();
        return address != null && address.isLoopbackAddress();
    }

    /// Says early that the port is taken, before anything else is started.
    ///
    /// @throws MillraceException PORT_TAKEN
    public void requireFreePort() {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw portTaken(e);
        }
    }

    MillraceException portTaken(Exception cause) {
        return new MillraceException(
                ErrorCode.PORT_TAKEN,
                "Port %d of %s is taken by another program".formatted(port, host),
                "Choose another with --port, or --port 0 for a free one.",
                cause);
    }

    /// Without the secret, so that it can be logged.
    @Override
    public String toString() {
        return "ApiSettings[host=%s, port=%d, drainLimit=%s]".formatted(host, port, drainLimit);
    }
}
