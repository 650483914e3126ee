package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.ErrorCategory;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one place where what went wrong becomes an answer: a problem document (RFC 9457).
final class Problems {
    static final String CONTENT_TYPE = "application/problem+json";

    /// What a request is counted as whose answer was broken off, whatever status it began with: 0,
    /// or [#CLIENT_GONE].
    static final String BROKEN = "millrace.broken";

    /// What nginx and others write when nobody waits for the answer any more.
    private static final int CLIENT_GONE = 499;

    private static final Logger log = LoggerFactory.getLogger(Problems.class);
    private static final String RETRY_AFTER_SECONDS = "2";

    private Problems() {}

    /// Answers a request that failed. An answer that has begun cannot become another: its
    /// connection is broken off, so that nobody takes the part for the whole.
    static void answer(Context ctx, Exception e) {
        if (ctx.res().isCommitted()) {
            breakOff(ctx, e);
            return;
        }
        ctx.res().resetBuffer();
        ctx.res().setCharacterEncoding(null);
        switch (e) {
            case MillraceException known -> answer(ctx, known);
            case HttpResponseException http -> answer(ctx, http);
            case IOException _, UncheckedIOException _ -> breakOff(ctx, e);
            default -> answerUnknown(ctx, e);
        }
    }

    private static void answer(Context ctx, MillraceException e) {
        var status = status(e.code());
        var problem = document(e);
        if (status == 500) {
            problem.put("instance", logged(ctx, e));
        }
        if (status == 401) {
            ctx.header("WWW-Authenticate", "Bearer");
        }
        if (status == 429 || status == 503) {
            ctx.header("Retry-After", RETRY_AFTER_SECONDS);
            log.warn("request={} code={} detail={}", request(ctx), e.code(), e.what());
        }
        if (e.code() == ErrorCode.IDEMPOTENCY_IN_PROGRESS) {
            ctx.header("Retry-After", RETRY_AFTER_SECONDS);
        }
        send(ctx, problem);
    }

    /// What the server itself refuses: no such route, no such method, too large.
    private static void answer(Context ctx, HttpResponseException e) {
        var code = e.getStatus() == 404 ? ErrorCode.NOT_FOUND : ErrorCode.INVALID_REQUEST;
        var methods = e.getDetails().get("availableMethods");
        if (methods != null) {
            ctx.header("Allow", methods);
        }
        var detail =
                switch (e.getStatus()) {
                    case 404 -> "There is nothing at " + ctx.path();
                    case 405 -> "%s does not take %s".formatted(ctx.path(), ctx.method().name());
                    default -> String.valueOf(e.getMessage());
                };
        send(ctx, document(e.getStatus(), code, detail, "/docs shows what there is."));
    }

    private static void answerUnknown(Context ctx, Exception e) {
        var reference = logged(ctx, e);
        send(
                ctx,
                document(
                                500,
                                ErrorCode.INTERNAL_ERROR,
                                "Millrace failed at this request",
                                "The server's log says more at " + reference + ".")
                        .put("instance", reference));
    }

    private static void send(Context ctx, ObjectNode problem) {
        ctx.status(problem.required("status").asInt()).contentType(CONTENT_TYPE);
        try {
            EarlyAnswer.send(ctx, Json.bytes(problem));
        } catch (IOException e) {
            log.debug("request={} nobody waits for the answer", request(ctx), e);
        }
    }

    /// Whether the same request would be refused a moment later too: it is at fault itself. Not so
    /// one whose source broke off on its way, or waits for another receiver to be gone.
    static boolean isLasting(MillraceException e) {
        return e.category() == ErrorCategory.USER
                && e.code() != ErrorCode.UPLOAD_INTERRUPTED
                && e.code() != ErrorCode.UPLOAD_NOT_EXPECTED;
    }

    static ObjectNode document(MillraceException e) {
        return document(status(e.code()), e.code(), e.what(), e.remedy());
    }

    static ObjectNode document(int status, ErrorCode code, String detail, @Nullable String remedy) {
        var words = code.name().replace('_', ' ').toLowerCase(Locale.ROOT);
        return Json.object()
                .put("type", "urn:millrace:" + code)
                .put("title", words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1))
                .put("status", status)
                .put("detail", detail)
                .put("code", code.name())
                .put("remedy", remedy);
    }

    /// The HTTP status of each code.
    static int status(ErrorCode code) {
        return switch (code) {
            case INVALID_REQUEST, INVALID_CONFIGURATION, UPLOAD_INTERRUPTED -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case MODEL_EXISTS,
                    CONNECTION_EXISTS,
                    CONNECTION_FIXED,
                    CONNECTION_KIND,
                    SECRET_UNREADABLE,
                    MODEL_IN_USE,
                    MODEL_CHANGE_REFUSED,
                    TABLE_NOT_OURS,
                    TABLE_ENGINE_REFUSED,
                    TABLE_HAS_VIEWS,
                    JOB_NOT_RETRYABLE,
                    JOB_NOT_UNCERTAIN,
                    UNDO_REFUSED,
                    ALREADY_LOADED,
                    EXPORT_NOT_WAITING,
                    EXPORT_INTERRUPTED,
                    JOB_NOT_CANCELLABLE,
                    UPLOAD_NOT_EXPECTED,
                    UPLOAD_OFFSET,
                    UPLOAD_CHANGED,
                    OBJECT_EXISTS,
                    OBJECT_CHANGED,
                    IDEMPOTENCY_IN_PROGRESS,
                    SERVER_CHANGED,
                    TABLE_IN_USE,
                    PORT_TAKEN,
                    ALREADY_RUNNING,
                    NOT_RUNNING,
                    REJECTIONS_INSEPARABLE ->
                    409;
            case REJECTIONS_GONE -> 410;
            case MODEL_CHANGED, CONNECTION_CHANGED -> 412;
            case UPLOAD_TOO_LARGE -> 413;
            case UPLOAD_ELSEWHERE, FILE_ELSEWHERE -> 421;
            case INVALID_MODEL,
                    INVALID_CONNECTION,
                    HOST_FORBIDDEN,
                    HOST_UNKNOWN,
                    PORT_CLOSED,
                    CONNECTION_TIMEOUT,
                    TLS_FAILED,
                    NOT_CLICKHOUSE,
                    NOT_S3,
                    ACCESS_KEY_UNKNOWN,
                    LOGIN_REFUSED,
                    TOKEN_REFUSED,
                    CLOCK_SKEWED,
                    DATABASE_MISSING,
                    BUCKET_MISSING,
                    REGION_WRONG,
                    OBJECT_MISSING,
                    RIGHT_MISSING,
                    SERVER_TOO_OLD,
                    S3_REFUSED,
                    INVALID_JOIN,
                    IDEMPOTENCY_KEY_REUSED,
                    QUERY_REFUSED,
                    EXPORT_UNSUPPORTED,
                    EMPTY_SOURCE,
                    SOURCE_DAMAGED,
                    SOURCE_INCOMPLETE,
                    SOURCE_UNSUPPORTED,
                    HEADER_MISSING_COLUMN,
                    AMBIGUOUS_ENCODING,
                    AMBIGUOUS_DIALECT,
                    HEADER_AMBIGUOUS,
                    HEADER_UNKNOWN_COLUMN,
                    ALL_ROWS_REJECTED,
                    TOO_MANY_REJECTED ->
                    422;
            case SPLIT_FAILED,
                    AUDIT_FAILED,
                    EXPORT_INCOMPLETE,
                    PUBLISH_UNCERTAIN,
                    NOT_PUBLISHED,
                    INTERNAL_ERROR,
                    CLICKHOUSE_REFUSED,
                    STORE_DAMAGED,
                    LEASE_LOST ->
                    500;
            case TOO_BUSY -> 429;
            case FENCE_TIMEOUT,
                    STAGING_MISSING,
                    S3_UNAVAILABLE,
                    CLICKHOUSE_UNAVAILABLE,
                    KAFKA_UNAVAILABLE,
                    CATALOG_UNAVAILABLE,
                    STORE_UNAVAILABLE,
                    ENGINE_FAILED ->
                    503;
            case DISK_FULL -> 507;
        };
    }

    private static String logged(Context ctx, Exception e) {
        var reference = "urn:uuid:" + UUID.randomUUID();
        log.error("request={} reference={}", request(ctx), reference, e);
        return reference;
    }

    private static void breakOff(Context ctx, Exception e) {
        var gone = e instanceof IOException || e instanceof UncheckedIOException;
        var fault = e instanceof MillraceException m && m.category() == ErrorCategory.USER;
        if (gone || fault) {
            log.debug("request={} broken off", request(ctx), e);
        } else {
            log.warn("request={} broken off", request(ctx), e);
        }
        ctx.attribute(BROKEN, gone ? CLIENT_GONE : 0);
        ServletContextRequest.getServletContextRequest(ctx.req())
                .getServletChannel()
                .getEndPoint()
                .close(e);
    }

    private static String request(Context ctx) {
        return ctx.method().name() + " " + ctx.path();
    }
}
