package dev.millrace.core;

import java.time.Duration;

/// What was answered to requests whose senders may repeat them.
public interface AnswerCatalog {
    /// Begins a request, unless it was begun before.
    ///
    /// @param runner names this process, as leases do
    /// @param silence how long whoever does it may give no sign of life before it is begun anew
    KeyedRequest.Known begin(KeyedRequest request, String runner, Duration silence);

    /// A sign of life of whoever does a request.
    ///
    /// @return false when it was begun anew
    boolean touch(KeyedRequest.Turn turn);

    /// Keeps the answer to a request.
    ///
    /// @return false, with nothing kept, when it was begun anew
    boolean keep(KeyedRequest.Turn turn, KeptAnswer answer);

    /// Ends a turn without an answer that is to be given again: who repeats the request does it
    /// again, at once, under the same name.
    void giveUp(KeyedRequest.Turn turn);

    /// Forgets requests whose last sign of life, or answer, is older.
    ///
    /// @param age at least a minute
    /// @return how many
    int expire(Duration age);
}
