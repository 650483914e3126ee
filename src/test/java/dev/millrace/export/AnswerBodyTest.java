package dev.millrace.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.Extraction;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Answers to be read, of servers that fail in ways that a real one does not on demand.
class AnswerBodyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// What a server does.
    private static final class Scripted implements Extraction {
        private final byte[] answer;
        private final @Nullable Long noted;
        private final boolean hangs;
        final CountDownLatch cancelled = new CountDownLatch(1);
        final CountDownLatch closed = new CountDownLatch(1);

        /// @param noted how many rows it says that the result had, or null when it does not say
        /// @param hangs whether it stays silent behind the answer
        Scripted(byte[] answer, @Nullable Long noted, boolean hangs) {
            this.answer = answer;
            this.noted = noted;
            this.hangs = hangs;
        }

        @Override
        public void run(OutputStream out) {
            try {
                for (var at = 0; at < answer.length; at += 100_003) {
                    out.write(answer, at, Math.min(100_003, answer.length - at));
                }
                if (hangs && cancelled.await(1, TimeUnit.MINUTES)) {
                    throw new MillraceException(ErrorCode.QUERY_REFUSED, "it was cancelled");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public @Nullable Reading reading() {
            return null;
        }

        @Override
        public void cancel() {
            cancelled.countDown();
        }

        @Override
        public @Nullable Noted noted() {
            return noted == null ? null : new Noted(noted, new Reading(noted, 0, null));
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    private static byte[] csv(int rows) {
        var random = new Random(rows);
        var text = new StringBuilder("\"a\",\"b\"\n");
        for (var row = 0; row < rows; row++) {
            text.append(row).append(",\"a\nb ").append(random.nextLong()).append("\"\n");
        }
        return text.toString().getBytes(UTF_8);
    }

    private static ErrorCode failure(AnswerBody body) {
        var e = catchThrowableOfType(MillraceException.class, body::readAllBytes);
        var again = catchThrowableOfType(MillraceException.class, body::read);
        assertThat(Objects.requireNonNull(again, "it ended as if it were whole").code())
                .isEqualTo(Objects.requireNonNull(e, "it did not fail").code());
        return e.code();
    }

    @Test
    void anAnswerIsReadWholeHoweverSlowly() throws Exception {
        var answer = csv(300_000); // many times what the buffers hold
        var server = new Scripted(answer, 300_000L, false);
        try (var body = new AnswerBody(() -> server, PATIENCE)) {
            var first = body.readNBytes(10);
            assertThat(server.closed.await(200, TimeUnit.MILLISECONDS))
                    .as("it runs ahead without bounds")
                    .isFalse();
            var rest = body.readAllBytes();
            assertThat(new String(first, UTF_8) + new String(rest, UTF_8))
                    .isEqualTo(new String(answer, UTF_8));
            assertThat(body.read()).isEqualTo(-1);
        }
        assertThat(server.closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anAnswerOfOtherRowsThanTheServerHasNotedIsNotWhole() {
        for (var noted : new long[] {999, 1001}) {
            try (var body = new AnswerBody(() -> new Scripted(csv(1000), noted, false), PATIENCE)) {
                assertThat(failure(body)).isEqualTo(ErrorCode.EXPORT_INCOMPLETE);
            }
        }
    }

    @Test
    void anAnswerThatEndsWithinARowIsNotWhole() {
        for (var end : new String[] {"7", "\"7\n"}) {
            var answer = ("\"a\"\n1\n" + end).getBytes(UTF_8);
            try (var body = new AnswerBody(() -> new Scripted(answer, null, false), PATIENCE)) {
                assertThat(failure(body)).isEqualTo(ErrorCode.EXPORT_INCOMPLETE);
            }
        }
    }

    @Test
    void aServerThatNeitherSendsNorWorksIsGivenUp() throws Exception {
        var server = new Scripted(csv(1000), null, true);
        try (var body = new AnswerBody(() -> server, Duration.ofSeconds(1))) {
            var e = catchThrowableOfType(MillraceException.class, body::readAllBytes);
            assertThat(Objects.requireNonNull(e).code())
                    .isEqualTo(ErrorCode.CLICKHOUSE_UNAVAILABLE);
        }
        assertThat(server.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(server.closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whoeverClosesItEndsTheReadAndTheQuery() throws Exception {
        var server = new Scripted(csv(1000), null, true);
        try (var body = new AnswerBody(() -> server, PATIENCE)) {
            body.readNBytes(10);
            Thread.ofVirtual().start(body::close);
            assertThat(failure(body)).isEqualTo(ErrorCode.UPLOAD_INTERRUPTED);
        }
        assertThat(server.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(server.closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatTheConnectionRefusesIsSaid() {
        try (var body =
                new AnswerBody(
                        () -> {
                            throw new MillraceException(ErrorCode.NOT_FOUND, "no connection");
                        },
                        PATIENCE)) {
            assertThat(failure(body)).isEqualTo(ErrorCode.NOT_FOUND);
        }
    }
}
