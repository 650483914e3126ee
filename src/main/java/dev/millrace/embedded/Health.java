package dev.millrace.embedded;

/// How an engine is.
///
/// @param state what it does now
/// @param detail a sentence for a person: since when, or what is wrong; may be empty
/// @param restarts how often it was started again since the first time
public record Health(State state, String detail, int restarts) {
    public enum State {
        STARTING,
        READY,
        /// It died or stopped answering and is being started again.
        RESTARTING,
        STOPPED
    }
}
