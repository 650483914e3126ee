package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;

/// Makes a job, sends it its file, and may wait for its end.
record LoadJob(ServerOptions server, Api api) {
    /// @param description the job, as the API takes it
    /// @param file a path, or `-` for standard input
    /// @return how it went, for a script
    int run(JsonNode description, String file, boolean wait) {
        var terminal = server.terminal();
        try (var watch = new Watch(terminal);
                var upload = Upload.open(file, terminal, watch::uploaded)) {
            var job = api.post(Jobs.PATH, description);
            if (!server.json()) {
                terminal.say("job %s created.".formatted(Jobs.id(job)));
            }
            job = new Sending(terminal, api, watch, upload).send(job);
            watch.wipe();
            return new JobEnd(server, api).follow(job, wait);
        }
    }
}
