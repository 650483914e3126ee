package dev.millrace.export;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Hands things on, in order, to who works on them in a thread of its own, a few at most before
/// they are done; they come back to be filled again. What that thread works with is no longer used
/// by it once [#finish] or [#close] has returned. For one thread.
final class Relay<T> implements AutoCloseable {
    private final int most;
    private final Supplier<T> maker;
    private final Work<T> work;
    private final BlockingQueue<Optional<T>> full;
    private final BlockingQueue<T> done;
    private final Thread worker;
    private int made;
    private boolean ended;
    private volatile boolean wanted = true;
    private volatile @Nullable Throwable failure;

    /// What is done with a thing.
    interface Work<T> {
        void take(T thing) throws IOException;
    }

    /// @param name of the thread: one of the system's, since it may be at work all the time
    /// @param most how many things there are; three for one that is filled, one that waits and one
    ///   that is worked on, and more where the work falters
    /// @param maker makes an empty thing
    Relay(String name, int most, Supplier<T> maker, Work<T> work) {
        this.most = most;
        this.full = new ArrayBlockingQueue<>(most + 1);
        this.done = new ArrayBlockingQueue<>(most);
        this.maker = maker;
        this.work = work;
        this.worker = Thread.ofPlatform().daemon().name(name).start(this::work);
    }

    private void work() {
        try {
            for (var next = full.take(); next.isPresent(); next = full.take()) {
                if (wanted && failure == null) {
                    take(next.get());
                }
                done.put(next.get());
            }
        } catch (InterruptedException e) {
            failure = e;
        }
    }

    /// A failure is told to who hands on, who goes on until then.
    private void take(T thing) {
        try {
            work.take(thing);
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        }
    }

    /// An empty thing, to be filled and handed on.
    T first() {
        made++;
        return maker.get();
    }

    /// @return an empty one
    /// @throws UncheckedIOException of the work, as whatever else it has thrown
    T pass(T thing) {
        requireWell();
        try {
            full.put(Optional.of(thing));
            return made < most ? first() : done.take();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /// Waits until all is done.
    ///
    /// @throws UncheckedIOException of the work, as whatever else it has thrown; also when the
    ///   caller's thread is interrupted, and then [#close] waits for the work
    void finish() {
        sayEnd();
        try {
            worker.join();
        } catch (InterruptedException e) {
            throw interrupted();
        }
        requireWell();
    }

    private void requireWell() {
        switch (failure) {
            case null -> {}
            case IOException e -> throw new UncheckedIOException(e);
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    /// There is room for every thing that was made, and for this.
    private void sayEnd() {
        if (!ended) {
            ended = true;
            full.add(Optional.empty());
        }
    }

    private static UncheckedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new UncheckedIOException(new InterruptedIOException("the server stops"));
    }

    /// Waits until what is worked on is done; the rest is left. Who is interrupted interrupts the
    /// work, and waits for it all the same: it uses what its owner is about to give back.
    @Override
    public void close() {
        wanted = false;
        sayEnd();
        var isInterrupted = false;
        while (worker.isAlive()) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
                worker.interrupt();
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
