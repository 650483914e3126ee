package dev.millrace.intake;

import dev.millrace.core.Catalog;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.HeldSource;
import dev.millrace.core.JobId;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SplitSizes;
import dev.millrace.core.Store;
import dev.millrace.core.UploadRequest;
import dev.millrace.format.SourcePrefix;

/// What an upload goes on from: how its source is read and cut, and its bytes so far, rebuilt from
/// the store.
record Continuation(SourceReading reading, SplitSizes sizes, SourcePrefix prefix) {
    /// Reads what is held before the sender's offset, and compares it with what the sender has
    /// there.
    ///
    /// @param asked with an offset above 0
    /// @throws MillraceException UPLOAD_CHANGED when it is not the same; UPLOAD_OFFSET when what is
    ///   held does not end there; as the store does
    static Continuation of(JobId job, UploadRequest asked, Catalog catalog, Store store) {
        var held = catalog.jobs().heldSource(job, Math.max(0, asked.source()));
        var end = held.splits().isEmpty() ? 0 : held.splits().getLast().sourceTo();
        if (held.reading() == null
                || held.sizes() == null
                || held.head() == null
                || end != asked.offset()) {
            throw new MillraceException(
                    ErrorCode.UPLOAD_OFFSET,
                    "The upload of the job %s goes on at byte %d, not at %d"
                            .formatted(job, held.head() == null ? 0 : end, asked.offset()),
                    "Send the source from there on.",
                    null);
        }
        var prefix = prefix(held, held.reading(), held.head(), store);
        if (prefix.bytes() != end) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR,
                    "%,d of the first %,d bytes of the source of the job %s can be rebuilt"
                            .formatted(prefix.bytes(), end, job));
        }
        if (!prefix.sha256().equals(asked.prefixSha256())) {
            throw new MillraceException(
                    ErrorCode.UPLOAD_CHANGED,
                    "The first %,d bytes of the source are not those that the job %s holds: their"
                                    .formatted(end, job)
                            + " SHA-256 is "
                            + prefix.sha256(),
                    "Send the same file again, or load this one with a new job.",
                    null);
        }
        return new Continuation(held.reading(), held.sizes(), prefix);
    }

    private static SourcePrefix prefix(
            HeldSource held, SourceReading reading, byte[] head, Store store) {
        var prefix = new SourcePrefix(reading, head);
        for (var split : held.splits()) {
            var content = store.get(split.objectName());
            prefix.add(
                    content.array(),
                    content.arrayOffset() + content.position(),
                    content.remaining(),
                    split.records());
        }
        return prefix;
    }
}
