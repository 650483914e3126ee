package dev.millrace.connect;

import dev.millrace.core.Extraction;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A use of a database that lasts until it is closed.
///
/// @param end of the use
record LastingExtraction(Extraction extraction, Runnable end, AtomicBoolean closed)
        implements Extraction {
    LastingExtraction(Extraction extraction, Runnable end) {
        this(extraction, end, new AtomicBoolean());
    }

    @Override
    public void run(OutputStream out) {
        extraction.run(out);
    }

    @Override
    public @Nullable Reading reading() {
        return extraction.reading();
    }

    @Override
    public void cancel() {
        extraction.cancel();
    }

    @Override
    public @Nullable Noted noted() {
        return extraction.noted();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            extraction.close();
            end.run();
        }
    }
}
