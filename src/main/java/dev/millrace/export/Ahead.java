package dev.millrace.export;

import dev.millrace.render.CsvRows;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// Packs, hashes and sends a file on a thread of its own, behind who writes it by a few buffers at
/// most. What it sends to is no longer used by that thread once [#finish] or [#close] has returned.
/// For one writer.
final class Ahead implements CsvRows.Receiver, AutoCloseable {
    private static final int BUFFERS = 3;
    private static final Part END = new Part(new byte[0], 0, true);

    private final OutputStream to;
    private final BlockingQueue<Part> full = new ArrayBlockingQueue<>(BUFFERS + 1);
    private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(BUFFERS + 1);
    private final Thread sender;
    private int made = 1; // the writer has brought the first
    private boolean over;
    private volatile @Nullable Throwable failure;

    /// @param last whether it is the end, and nothing else
    private record Part(byte[] bytes, int count, boolean last) {}

    Ahead(OutputStream to) {
        this.to = to;
        this.sender = Thread.ofVirtual().name("export-file").start(this::send);
    }

    private void send() {
        try {
            for (var part = full.take(); !part.last(); part = full.take()) {
                if (failure == null) {
                    pass(part);
                }
                free.put(part.bytes());
            }
        } catch (InterruptedException e) {
            failure = e;
        }
    }

    /// A failure is told to the writer, who goes on until it hears of it.
    private void pass(Part part) {
        try {
            to.write(part.bytes(), 0, part.count());
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        }
    }

    @Override
    public byte[] take(byte[] bytes, int count) throws IOException {
        requireWell();
        try {
            full.put(new Part(bytes, count, false));
            if (made < BUFFERS) {
                made++;
                return new byte[bytes.length];
            }
            return free.take();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /// Waits until all has left.
    ///
    /// @throws IOException when the receiver does not take it
    void finish() throws IOException {
        end();
        requireWell();
    }

    private void requireWell() throws IOException {
        switch (failure) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IOException(e);
        }
    }

    private void end() throws InterruptedIOException {
        if (over) {
            return;
        }
        over = true;
        try {
            full.put(END);
            sender.join();
        } catch (InterruptedException e) {
            sender.interrupt();
            throw interrupted();
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("the server stops");
    }

    @Override
    public void close() {
        try {
            end();
        } catch (InterruptedIOException e) {
            failure = e;
        }
    }
}
