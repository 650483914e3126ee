package dev.millrace.core;

import org.jspecify.annotations.Nullable;

/// What a sender says of the bytes that it is about to send.
///
/// @param declaredBytes the length of the whole source as sent, or -1
/// @param offset the first of its bytes that is sent, or -1 when the sender does not speak of an
///   earlier upload and sends all of it
/// @param prefixSha256 SHA-256 of the bytes before the offset in lower-case hex; needed when there
///   are any
/// @param source the ordinal of the source that is sent, or -1 when the sender does not say, as it
///   need not where there is only one
/// @param continuable whether the sender can go on when the upload is interrupted; if not, that
///   fails the job
public record UploadRequest(
        int source,
        long declaredBytes,
        long offset,
        @Nullable String prefixSha256,
        boolean continuable) {
    public UploadRequest {
        if (offset > 0 && prefixSha256 == null) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "An upload that goes on at byte %,d lacks prefixSha256".formatted(offset),
                    "Send the SHA-256, in hex, of the bytes before the offset.",
                    null);
        }
    }

    /// Of the only source of its job.
    public UploadRequest(
            long declaredBytes, long offset, @Nullable String prefixSha256, boolean continuable) {
        this(-1, declaredBytes, offset, prefixSha256, continuable);
    }

    /// A whole source that is sent once.
    ///
    /// @param declaredBytes its length, or -1
    public static UploadRequest once(long declaredBytes) {
        return new UploadRequest(declaredBytes, -1, null, false);
    }

    /// A whole source that can be continued when its upload is interrupted.
    ///
    /// @param declaredBytes its length, or -1
    public static UploadRequest whole(long declaredBytes) {
        return new UploadRequest(declaredBytes, -1, null, true);
    }

    /// The same of one of several sources.
    public UploadRequest of(int ordinal) {
        return new UploadRequest(ordinal, declaredBytes, offset, prefixSha256, continuable);
    }

    /// The first byte that is sent.
    public long from() {
        return Math.max(0, offset);
    }
}
