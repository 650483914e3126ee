package dev.millrace.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What a [Supervisor] must know of an engine to keep it running.
interface EngineProgram {
    /// How long an answer may take: an engine under load is slow, and must not be ended for it.
    int ANSWER_LIMIT_MILLIS = 5000;

    Engine engine();

    /// Brings configuration and data folder to what the next start needs; called before each.
    void prepare(EngineLog log) throws IOException;

    /// The command that runs the engine in the foreground. It must stop in good order when its
    /// standard input ends, which is how it learns that its parent has stopped or died.
    List<String> command();

    /// Returns when the engine serves requests.
    ///
    /// @throws IOException when it does not, or not yet
    void requireReady() throws IOException;

    /// Returns when the engine, which was ready once, still answers.
    ///
    /// @throws IOException when it does not
    default void requireAlive() throws IOException {
        requireReady();
    }

    /// The process that is the engine, when it is not the one that was started but a child of it.
    default ProcessHandle engineProcess(Process started) {
        return started.toHandle();
    }

    /// Where the data are.
    Path folder();
}
