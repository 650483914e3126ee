package dev.millrace.api;

import dev.millrace.core.AnswerCatalog;
import dev.millrace.core.CrashPoint;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.KeptAnswer;
import dev.millrace.core.KeyedRequest;
import dev.millrace.core.KeyedRequest.Answered;
import dev.millrace.core.KeyedRequest.Other;
import dev.millrace.core.KeyedRequest.Running;
import dev.millrace.core.KeyedRequest.Turn;
import dev.millrace.core.MillraceException;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does a request that comes with an `Idempotency-Key` once, and gives whoever repeats it the first
/// answer again. Thread-safe.
///
/// Kept is what would not come out otherwise a moment later: success, and refusals of what was
/// asked. After anything else the request is done again when it is repeated, under the same name,
/// so that what it had made before it broke off is found and not made twice.
public final class KeyedRequests {
    static final String HEADER = "Idempotency-Key";
    static final String REPLAYED = "Idempotency-Replayed";

    private static final String HMAC = "HmacSHA256";

    private static final Logger log = LoggerFactory.getLogger(KeyedRequests.class);
    private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");

    /// How long a process that does a request may give no sign of life.
    private static final Duration SILENCE = Duration.ofMinutes(1);

    /// The name of a request, for what it makes.
    private static final String REQUEST = "millrace.request";

    private final AnswerCatalog answers;
    private final String runner;
    private final SecretKeySpec key;

    /// @param runner names this process, as leases do
    /// @param secret keys the fingerprints by which requests are known again: some hold passwords,
    ///   and who reads the catalog cannot try out what makes such a fingerprint. The same for all
    ///   servers of a catalog
    public KeyedRequests(AnswerCatalog answers, String runner, String secret) {
        this.answers = answers;
        this.runner = runner;
        this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC);
    }

    /// The name of a request that may be repeated, or null.
    static @Nullable UUID name(Context ctx) {
        return ctx.attribute(REQUEST);
    }

    /// Runs a route's handler, unless that was done before.
    ///
    /// @throws MillraceException INVALID_REQUEST for a key that is none; IDEMPOTENCY_IN_PROGRESS;
    ///   IDEMPOTENCY_KEY_REUSED; also what the handler throws
    void handle(Route route, Context ctx) throws Exception {
        var key = route.repeat() == Repeat.FREELY ? null : key(ctx);
        if (key == null) {
            route.handler().handle(ctx);
            return;
        }
        var request =
                new KeyedRequest(Authentication.owner(ctx), key, fingerprint(route.repeat(), ctx));
        switch (answers.begin(request, runner, SILENCE)) {
            case Turn turn -> run(route, ctx, turn);
            case Answered(var answer) -> replay(ctx, answer);
            case Running _ ->
                    throw new MillraceException(
                            ErrorCode.IDEMPOTENCY_IN_PROGRESS,
                            "The request with the %s '%s' is being done".formatted(HEADER, key),
                            "Ask again in a moment.",
                            null);
            case Other _ ->
                    throw new MillraceException(
                            ErrorCode.IDEMPOTENCY_KEY_REUSED,
                            "Another request came with the %s '%s' before".formatted(HEADER, key),
                            "Give each request a key of its own, such as a random UUID.",
                            null);
        }
    }

    private static @Nullable String key(Context ctx) {
        var keys = Collections.list(ctx.req().getHeaders(HEADER));
        if (keys.isEmpty()) {
            return null;
        }
        if (keys.size() > 1 || !KEY.matcher(keys.getFirst()).matches()) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    keys.size() > 1
                            ? "The header %s is there %d times".formatted(HEADER, keys.size())
                            : "The %s is not 1 to 255 visible ASCII characters".formatted(HEADER),
                    "Send one, such as a random UUID.",
                    null);
        }
        return keys.getFirst();
    }

    /// What a request is known by. Of a source that is streamed, and of a form around it, whose
    /// boundary differs each time, only what stands in front of it.
    private String fingerprint(Repeat repeat, Context ctx) throws IOException {
        var request = ctx.req();
        var type = RequestBody.mediaType(ctx);
        var streamed = repeat == Repeat.ONCE_STREAMED && !type.equals(Json.CONTENT_TYPE);
        var head =
                String.join(
                        "\n",
                        request.getMethod(),
                        request.getRequestURI(),
                        String.valueOf(request.getQueryString()),
                        streamed ? type + " " + request.getContentLengthLong() : "",
                        "");
        try {
            var hash = Mac.getInstance(HMAC);
            hash.init(key);
            hash.update(head.getBytes(StandardCharsets.UTF_8));
            if (!streamed) {
                hash.update(RequestBody.readAhead(ctx));
            }
            return HexFormat.of().formatHex(hash.doFinal());
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    private void run(Route route, Context ctx, Turn turn) throws Exception {
        ctx.attribute(REQUEST, turn.request());
        try (var _ = new SignsOfLife(answers, turn)) {
            route.handler().handle(ctx);
        } catch (MillraceException e) {
            if (Problems.isLasting(e)) {
                keep(turn, answer(ctx, e));
            } else {
                giveUp(turn);
            }
            throw e;
        } catch (Exception e) {
            giveUp(turn);
            throw e;
        }
        var answer = answer(ctx);
        CrashPoint.ANSWER.run(() -> keep(turn, answer));
        if (route.repeat() == Repeat.ONCE_STREAMED) {
            EarlyAnswer.send(ctx, answer.body());
        }
    }

    private static KeptAnswer answer(Context ctx) throws IOException {
        try (var result = ctx.resultInputStream()) {
            var body = result == null ? new byte[0] : result.readAllBytes();
            ctx.result(body);
            return answer(ctx, ctx.statusCode(), ctx.res().getContentType(), body);
        }
    }

    private static KeptAnswer answer(Context ctx, MillraceException e) {
        return answer(
                ctx,
                Problems.status(e.code()),
                Problems.CONTENT_TYPE,
                Json.bytes(Problems.document(e)));
    }

    private static KeptAnswer answer(
            Context ctx, int status, @Nullable String contentType, byte[] body) {
        return new KeptAnswer(
                status,
                contentType,
                ctx.res().getHeader("Location"),
                ctx.res().getHeader("ETag"),
                body);
    }

    /// What cannot be kept is found again, by its name, once this process gives no more signs of
    /// life.
    private void keep(Turn turn, KeptAnswer answer) {
        try {
            if (!answers.keep(turn, answer)) {
                log.info("answer=not kept request={} it was begun anew", turn.request());
            }
        } catch (MillraceException e) {
            log.warn("answer=not kept request={} code={}", turn.request(), e.code());
        }
    }

    private void giveUp(Turn turn) {
        try {
            answers.giveUp(turn);
        } catch (MillraceException e) {
            log.warn("answer=not given up request={} code={}", turn.request(), e.code());
        }
    }

    private static void replay(Context ctx, KeptAnswer answer) throws IOException {
        ctx.header(REPLAYED, "true").status(answer.status());
        header(ctx, "Location", answer.location());
        header(ctx, "ETag", answer.tag());
        if (answer.contentType() != null) {
            ctx.contentType(answer.contentType());
        }
        EarlyAnswer.send(ctx, answer.body());
    }

    private static void header(Context ctx, String name, @Nullable String value) {
        if (value != null) {
            ctx.header(name, value);
        }
    }

    /// Tells the catalog every few seconds that a request is being done.
    private static final class SignsOfLife implements AutoCloseable {
        private static final Duration EVERY = Duration.ofSeconds(5);

        private final AnswerCatalog answers;
        private final Turn turn;
        private final Thread thread;

        SignsOfLife(AnswerCatalog answers, Turn turn) {
            this.answers = answers;
            this.turn = turn;
            this.thread = Thread.ofVirtual().name("request-" + turn.request()).start(this::give);
        }

        private void give() {
            try {
                do {
                    Thread.sleep(EVERY);
                } while (isOurs());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean isOurs() {
            try {
                return answers.touch(turn);
            } catch (MillraceException e) {
                log.info("touch=failed request={} code={}", turn.request(), e.code());
                return true;
            }
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }
}
