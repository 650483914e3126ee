package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;

/// Sends a job its sources, one after the other. For one thread.
record SendingAll(Terminal terminal, Api api, Watch watch, SourceList sources) {
    /// Sends all of them.
    ///
    /// @param job as it was made
    /// @param first the first of them, opened
    /// @return the job, as it was when its last source was there, or when it wanted no more
    /// @throws Failure when the server refuses one, or does not come back
    JsonNode send(JsonNode job, UploadProgress progress, Upload first) {
        progress.begin(0);
        return rest(sending(first, 0).send(job), progress, 1);
    }

    /// Sends what the server does not yet hold.
    ///
    /// @param job as it is; it waits for one of these sources or for the rest of it
    JsonNode goOn(JsonNode job) {
        var from = sources.isOne() ? 0 : job.path("upload").path("source").asInt();
        var progress = new UploadProgress(watch, sources);
        for (var before = 0; before < from; before++) {
            progress.skip(sources.sources().get(before).bytes());
        }
        progress.begin(from);
        try (var upload = open(from, progress)) {
            if (!upload.isResumable()) {
                throw new Failure(
                        "'%s' is not a file that can be read again".formatted(upload.name()), null);
            }
            return rest(sending(upload, from).goOn(job), progress, from + 1);
        }
    }

    private JsonNode rest(JsonNode job, UploadProgress progress, int from) {
        var now = job;
        for (var i = from; i < sources.sources().size() && !Jobs.isFinal(now); i++) {
            progress.begin(i);
            try (var upload = open(i, progress)) {
                now = sending(upload, i).send(now);
            }
        }
        return now;
    }

    private Upload open(int ordinal, UploadProgress progress) {
        return Upload.open(sources.sources().get(ordinal).source(), terminal, progress);
    }

    private Sending sending(Upload upload, int ordinal) {
        return new Sending(
                terminal, api, watch, upload, sources.isOne() ? -1 : ordinal, sources.typed());
    }
}
