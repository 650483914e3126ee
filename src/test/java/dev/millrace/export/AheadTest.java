package dev.millrace.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is written reaches the receiver whole and in order, or the writer hears why not.
@Timeout(60)
class AheadTest {
    private static final int BUFFER_BYTES = 1000;

    @Test
    void allArrivesInOrderHoweverSlowTheReceiverIs() throws Exception {
        var random = new Random(1);
        var expected = new ByteArrayOutputStream();
        var arrived =
                new ByteArrayOutputStream() {
                    @Override
                    public synchronized void write(byte[] bytes, int from, int count) {
                        if (random.nextInt(20) == 0) {
                            LockSupport.parkNanos(50_000);
                        }
                        super.write(bytes, from, count);
                    }
                };
        var content = new Random(2);
        try (var ahead = new Ahead(arrived)) {
            var buffer = new byte[BUFFER_BYTES];
            for (var i = 0; i < 5000; i++) {
                content.nextBytes(buffer);
                var count = content.nextInt(BUFFER_BYTES + 1);
                expected.write(buffer, 0, count);
                buffer = ahead.take(buffer, count);
                assertThat(buffer).hasSize(BUFFER_BYTES);
            }
            ahead.finish();
            assertThat(arrived.toByteArray()).isEqualTo(expected.toByteArray());
        }
    }

    /// Of a gone receiver the writer hears soon, and nothing more is sent to it.
    @Test
    void aReceiverThatIsGoneIsToldToTheWriter() {
        var writes = new AtomicInteger();
        var gone =
                new Receiver() {
                    @Override
                    public void write(byte[] bytes, int from, int count) throws IOException {
                        if (writes.incrementAndGet() == 3) {
                            throw new IOException("gone");
                        }
                    }
                };
        var taken = new AtomicInteger();
        try (var ahead = new Ahead(gone)) {
            assertThatThrownBy(
                            () -> {
                                var buffer = new byte[BUFFER_BYTES];
                                while (true) {
                                    buffer = ahead.take(buffer, BUFFER_BYTES);
                                    taken.incrementAndGet();
                                }
                            })
                    .isInstanceOf(IOException.class)
                    .hasMessage("gone");
            assertThatThrownBy(ahead::finish).hasMessage("gone");
        }
        assertThat(writes).hasValue(3);
        assertThat(taken.get()).isBetween(2, 9);
    }

    @Test
    void aFaultOfTheReceiverIsHeardAtTheEndAtLatest() throws Exception {
        var faulty =
                new Receiver() {
                    @Override
                    public void write(byte[] bytes, int from, int count) {
                        throw new IllegalStateException("a fault");
                    }
                };
        try (var ahead = new Ahead(faulty)) {
            ahead.take(new byte[BUFFER_BYTES], 1);
            assertThatThrownBy(ahead::finish)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a fault");
        }
    }

    /// Else the writer would wait for buffers for ever.
    @Test
    void aReceiverThatDiesIsHeardToo() {
        var dying =
                new Receiver() {
                    @Override
                    public void write(byte[] bytes, int from, int count) {
                        throw new NoClassDefFoundError("gone");
                    }
                };
        try (var ahead = new Ahead(dying)) {
            assertThatThrownBy(
                            () -> {
                                var buffer = new byte[BUFFER_BYTES];
                                while (true) {
                                    buffer = ahead.take(buffer, 1);
                                }
                            })
                    .isInstanceOf(NoClassDefFoundError.class);
        }
    }

    /// Whoever fails in the middle leaves nobody behind that still uses the receiver.
    @Test
    void nothingIsSentOnceItIsClosed() throws Exception {
        var writes = new AtomicInteger();
        var release = new CountDownLatch(1);
        var slow =
                new Receiver() {
                    @Override
                    public void write(byte[] bytes, int from, int count) throws IOException {
                        try {
                            release.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                        writes.addAndGet(ByteBuffer.wrap(bytes, from, count).getInt());
                    }
                };
        var ahead = new Ahead(slow);
        ahead.take(new byte[] {0, 0, 0, 1}, 4);
        var closing = Thread.ofPlatform().start(ahead::close);
        closing.join(100);
        assertThat(closing.isAlive()).isTrue();
        release.countDown();
        closing.join();
        assertThat(writes).hasValue(1);
    }

    /// Takes arrays only.
    private abstract static class Receiver extends OutputStream {
        @Override
        public void write(int b) {
            throw new AssertionError("byte by byte");
        }
    }
}
