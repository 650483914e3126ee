package dev.millrace.core;

import java.util.Optional;

/// What a sink notes durably before it changes a destination, so that whoever goes on behind a
/// crash can tell what was done. There is one note a job; a later one takes its place.
public interface Journal {
    /// The last note, of whichever process.
    Optional<String> last();

    /// Notes something; durable when it returns.
    ///
    /// @param note at most 1 MiB of characters
    /// @throws MillraceException LEASE_LOST when the job is another owner's by now
    void note(String note);
}
