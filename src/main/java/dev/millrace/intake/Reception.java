package dev.millrace.intake;

import dev.millrace.core.Catalog;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Upload;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One upload while a thread of this process receives it: tells the catalog that it lives, and ends
/// the thread's wait for its sender when another took the upload over.
final class Reception implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

    /// How often the catalog hears that the sender is still there.
    private static final Duration TOUCH_EVERY = Duration.ofSeconds(10);

    private final Catalog catalog;
    private final Upload upload;
    private final Thread receiver = Thread.currentThread();
    private final Thread life;

    // guarded by this
    private boolean stopped;
    private boolean closed;

    /// Of the thread that makes it, which closes it.
    Reception(Catalog catalog, Upload upload) {
        this.catalog = catalog;
        this.upload = upload;
        this.life = Thread.ofVirtual().name("upload-" + upload.job()).unstarted(this::touch);
    }

    /// Of two of the same job the one that was begun last; the other is stopped.
    Reception latest(Reception other) {
        var earlier = other.upload.term() > upload.term() ? this : other;
        earlier.stop();
        return earlier == this ? other : this;
    }

    void start() {
        life.start();
    }

    private void touch() {
        while (true) {
            try {
                Thread.sleep(TOUCH_EVERY);
                if (!catalog.jobs().touchUpload(upload)) {
                    stop();
                    return;
                }
            } catch (InterruptedException e) {
                return;
            } catch (MillraceException e) {
                LOG.warn("touch=failed job={} code={} what={}", upload.job(), e.code(), e.what());
            }
        }
    }

    /// Interrupts the receiving thread, as long as it receives. Its sender may be gone without a
    /// word, and it would wait for minutes.
    synchronized void stop() {
        if (!closed && !stopped) {
            stopped = true;
            receiver.interrupt();
        }
    }

    /// What the thread does afterwards is not interrupted any more.
    @Override
    public synchronized void close() {
        closed = true;
        life.interrupt();
        if (stopped) {
            Thread.interrupted();
        }
    }
}
