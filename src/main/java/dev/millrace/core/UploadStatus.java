package dev.millrace.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How far the upload of a source is.
///
/// @param offset where a sender goes on that continues it, in bytes of the source as sent; 0 when
///   it has to begin again (what is held already is then recognised)
/// @param expiresAt when the job fails unless somebody sends the rest; null while somebody does,
///   once it is complete, and of a source that a server fetches
public record UploadStatus(State state, long offset, @Nullable Instant expiresAt) {
    /// What becomes of it now.
    public enum State {
        /// Nothing was sent yet.
        WAITING,
        /// A server receives it, or has not yet noticed that its sender is gone.
        RECEIVING,
        /// Broken off, to be continued.
        INTERRUPTED,
        /// Received to its end.
        COMPLETE
    }
}
