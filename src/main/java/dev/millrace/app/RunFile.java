package dev.millrace.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.time.Instant;
import java.util.Optional;

/// What a ready `up` says of itself in its data folder.
///
/// @param pid its process
/// @param startedMillis when that process started, so that another with the same number is not
///   taken for it
/// @param url where the API answers
/// @param engines where its engines are, with their passwords
record RunFile(long pid, long startedMillis, String url, EngineAddresses engines) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// This process, ready at an address.
    static RunFile ofThisProcess(String url, EngineAddresses engines) {
        var self = ProcessHandle.current();
        return new RunFile(self.pid(), startedMillis(self), url, engines);
    }

    /// What the folder's file says, if its process lives.
    static Optional<RunFile> find(DataFolder data) {
        return data.read("run.json").flatMap(RunFile::parse).filter(r -> r.process().isPresent());
    }

    private static Optional<RunFile> parse(String text) {
        try {
            return Optional.of(JSON.readValue(text, RunFile.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    void write(DataFolder data) {
        try {
            data.write(
                    data.runFile(), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this));
        } catch (JsonProcessingException e) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR, "The run file cannot be written", e);
        }
    }

    /// The process, if it still lives.
    Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(p -> startedMillis(p) == startedMillis);
    }

    private static long startedMillis(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
