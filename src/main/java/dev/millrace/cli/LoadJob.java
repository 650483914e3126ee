package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;

/// Makes a job, sends it its sources, and may wait for its end.
record LoadJob(ServerOptions server, Api api) {
    /// @param description the job, as the API takes it
    /// @return how it went, for a script
    int run(JsonNode description, SourceList sources, boolean wait) {
        var terminal = server.terminal();
        try (var watch = new Watch(terminal)) {
            var progress = new UploadProgress(watch, sources);
            try (var first = Upload.open(sources.first(), terminal, progress)) {
                var job = api.post(Jobs.PATH, description);
                if (!server.json()) {
                    terminal.say("job %s created.".formatted(Jobs.id(job)));
                }
                job = new SendingAll(terminal, api, watch, sources).send(job, progress, first);
                watch.wipe();
                return new JobEnd(server, api).follow(job, wait);
            }
        }
    }
}
