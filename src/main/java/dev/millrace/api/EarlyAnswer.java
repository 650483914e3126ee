package dev.millrace.api;

import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;

/// An answer that does not wait for the request's end.
final class EarlyAnswer {
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);
    private static final int DRAIN_BUFFER_BYTES = 64 << 10;

    private EarlyAnswer() {}

    /// Sends the body of an answer whose status and headers are set, and then reads away what the
    /// sender still sends. If the connection were closed on it, it might never see the answer; one
    /// that asked first (`Expect: 100-continue`) waits for the answer anyway.
    ///
    /// @throws IOException when nobody waits for the answer
    static void send(Context ctx, byte[] body) throws IOException {
        ctx.res().setContentLength(body.length);
        ctx.res().getOutputStream().write(body);
        ctx.res().flushBuffer();
        ctx.result(new byte[0]);
        if (ctx.header("Expect") == null) {
            drain(ctx);
        }
    }

    private static void drain(Context ctx) throws IOException {
        var body = ctx.req().getInputStream();
        var buffer = new byte[DRAIN_BUFFER_BYTES];
        var end = System.nanoTime() + DRAIN_LIMIT.toNanos();
        while (body.read(buffer) >= 0 && System.nanoTime() < end) {
            // until its end or the limit
        }
    }
}
