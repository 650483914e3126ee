package dev.millrace.api;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.UploadRequest;
import io.javalin.http.Context;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the query says of a source that is brought to a job that waits for it.
final class UploadParameters {
    static final String[] NAMES = {"source", "offset", "prefixSha256", "resumable"};

    private static final Pattern ORDINAL = Pattern.compile("\\d{1,6}");
    private static final Pattern OFFSET = Pattern.compile("\\d{1,18}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private UploadParameters() {}

    /// @param bodyBytes how many bytes follow, or -1
    /// @throws MillraceException INVALID_REQUEST
    static UploadRequest request(Context ctx, long bodyBytes) {
        var offset = offset(QueryParameters.text(ctx, "offset"));
        var prefix = prefix(QueryParameters.text(ctx, "prefixSha256"));
        if (prefix != null && offset < 0) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "prefixSha256 is there without offset",
                    "Say how many bytes it is of.",
                    null);
        }
        var whole = bodyBytes < 0 ? -1 : Math.addExact(Math.max(0, offset), bodyBytes);
        var resumable = QueryParameters.flag(ctx, "resumable", true);
        return new UploadRequest(
                ordinal(QueryParameters.text(ctx, "source")), whole, offset, prefix, resumable);
    }

    /// A source's place in its job's list.
    ///
    /// @return -1 when it is not said
    /// @throws MillraceException INVALID_REQUEST
    static int ordinal(@Nullable String text) {
        if (text == null) {
            return -1;
        }
        if (!ORDINAL.matcher(text).matches()) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "source=%s is not a source's place in its job".formatted(text),
                    "The first has 0, the next 1.",
                    null);
        }
        return Integer.parseInt(text);
    }

    private static long offset(@Nullable String text) {
        if (text == null) {
            return -1;
        }
        if (!OFFSET.matcher(text).matches()) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "offset=%s is not a number of bytes".formatted(text),
                    "The job says where its upload goes on.",
                    null);
        }
        return Long.parseLong(text);
    }

    private static @Nullable String prefix(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var hex = text.toLowerCase(Locale.ROOT);
        if (!SHA256.matcher(hex).matches()) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "prefixSha256=%s is not 64 hex digits".formatted(text),
                    "Send the SHA-256 of the bytes before the offset.",
                    null);
        }
        return hex;
    }
}
