package dev.millrace.api;

import io.javalin.http.Context;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks every now and then whether a caller is still there, and ends what is done for one who is
/// gone. A server that waits for a database neither reads from its caller nor writes, and so does
/// not notice by itself. Thread-safe.
///
/// What it sees is the end of what the caller sends: whoever closes only that half counts as gone.
final class CallerWatch {
    private static final Logger log = LoggerFactory.getLogger(CallerWatch.class);

    /// Most requests are answered before the first look.
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final SocketChannel channel;
    private final Runnable whenGone;
    private @Nullable Selector selector;
    private boolean finished;
    private boolean gone;

    /// What may be long, for somebody who waits.
    interface Work {
        void run() throws IOException;
    }

    private CallerWatch(SocketChannel channel, Runnable whenGone) {
        this.channel = channel;
        this.whenGone = whenGone;
    }

    /// Runs it in this thread, which is interrupted when the caller is gone.
    ///
    /// @throws IOException when the caller is gone, or of the work itself
    static void run(Context ctx, Work work) throws IOException {
        run(ctx, work, Thread.currentThread()::interrupt);
    }

    /// The same of work that is ended otherwise.
    ///
    /// @param whenGone ends it, from any thread, when the caller is gone
    /// @throws IOException when the caller is gone, or of the work itself
    static void run(Context ctx, Work work, Runnable whenGone) throws IOException {
        var transport =
                ServletContextRequest.getServletContextRequest(ctx.req())
                        .getServletChannel()
                        .getEndPoint()
                        .getTransport();
        if (transport instanceof SocketChannel channel) {
            new CallerWatch(channel, whenGone).run(work);
        } else {
            work.run();
        }
    }

    private void run(Work work) throws IOException {
        var looks = Thread.ofVirtual().name("caller").start(this::look);
        try {
            work.run();
        } catch (RuntimeException e) {
            if (isGone()) {
                throw new IOException("The caller is gone", e);
            }
            throw e;
        } finally {
            finish();
            LockSupport.unpark(looks);
        }
    }

    private void look() {
        try {
            do {
                LockSupport.parkNanos(LOOK_NANOS);
            } while (isToBeContinued());
        } catch (IOException e) {
            log.debug("a caller is not watched", e);
        }
    }

    /// A selector of its own: of one that is shared, the connection would be free for its next
    /// request only some time later.
    private synchronized boolean isToBeContinued() throws IOException {
        if (finished) {
            return false;
        }
        try {
            if (selector == null) {
                selector = Selector.open();
                channel.register(selector, SelectionKey.OP_READ);
            }
            gone = selector.selectNow() > 0 && isAtEnd();
            selector.selectedKeys().clear();
        } catch (ClosedChannelException e) {
            gone = true;
        }
        if (gone) {
            whenGone.run();
        }
        return !gone;
    }

    /// Something can be read, and there is nothing. Whoever sends more already is there.
    private boolean isAtEnd() {
        try {
            return channel.socket().getInputStream().available() == 0;
        } catch (IOException e) {
            return true;
        }
    }

    private synchronized boolean isGone() {
        return gone;
    }

    private synchronized void finish() {
        finished = true;
        if (gone) {
            Thread.interrupted();
        }
        if (selector != null) {
            try {
                selector.close();
            } catch (IOException e) {
                log.debug("a selector could not be closed", e);
            }
        }
    }
}
