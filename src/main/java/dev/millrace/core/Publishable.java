package dev.millrace.core;

/// The rows of one load and what is wanted of them in the destination.
///
/// @param staging where they are aside, or were: after [Sink#discard] it names who asks
/// @param written what the ledger says they are, so far
public record Publishable(Staging staging, Digest written, LoadOptions options) {
    public JobId job() {
        return staging.job();
    }

    public Model model() {
        return staging.model();
    }

    public LoadMode mode() {
        return options.mode();
    }

    /// The same under the next epoch's name.
    public Publishable withEpoch(int next) {
        return new Publishable(staging.withEpoch(next), written, options);
    }
}
