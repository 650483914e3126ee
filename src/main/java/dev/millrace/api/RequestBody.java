package dev.millrace.api;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import io.javalin.http.ContentTooLargeResponse;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Bodies that are read whole: JSON and SQL. Sources of jobs are streamed instead.
final class RequestBody {
    static final int MAX_BYTES = 4 << 20;

    /// A body that was read before its route's handler asks for it.
    private static final String AHEAD = "millrace.body";

    private RequestBody() {}

    /// The media type without its parameters, in lower case; empty when none is said.
    static String mediaType(Context ctx) {
        var type = ctx.req().getContentType();
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /// Reads the body and keeps it for [#read].
    ///
    /// @throws ContentTooLargeResponse beyond [#MAX_BYTES]
    static byte[] readAhead(Context ctx) throws IOException {
        var body = read(ctx);
        ctx.attribute(AHEAD, body);
        return body;
    }

    /// @throws ContentTooLargeResponse beyond [#MAX_BYTES]
    static byte[] read(Context ctx) throws IOException {
        var ahead = ctx.<byte[]>attribute(AHEAD);
        if (ahead != null) {
            return ahead;
        }
        var body = ctx.req().getInputStream().readNBytes(MAX_BYTES + 1);
        if (body.length > MAX_BYTES) {
            throw new ContentTooLargeResponse(
                    "The body is larger than %d MiB".formatted(MAX_BYTES >> 20));
        }
        return body;
    }

    /// @throws ContentTooLargeResponse beyond [#MAX_BYTES]
    /// @throws MillraceException INVALID_REQUEST when it is not UTF-8
    static String readText(Context ctx) throws IOException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(read(ctx)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MillraceException(ErrorCode.INVALID_REQUEST, "The body is not UTF-8", e);
        }
    }
}
