package dev.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// Makes a job, sends it its sources, and may wait for its end.
record LoadJob(ServerOptions server, Api api) {
    /// @param description the job, as the API takes it
    /// @return how it went, for a script
    int run(ObjectNode description, SourceList sources, SourceFlags flags, boolean wait) {
        flags.requireFetched(sources);
        if (sources.isFetched()) {
            return fetched(description, sources.first(), flags, wait);
        }
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

    /// The server fetches it, whether anybody waits or not.
    private int fetched(ObjectNode description, String file, SourceFlags flags, boolean wait) {
        var source = description.putObject("source");
        flags.fetched(file).forEach(source::put);
        if (description.path("sourceName").asText().equals(SourceFlags.name(file))) {
            description.remove("sourceName"); // the server says more: the whole address
        }
        var job = api.post(Jobs.PATH, description);
        if (!server.json()) {
            server.terminal().say("job %s created.".formatted(Jobs.id(job)));
        }
        return new JobEnd(server, api).follow(job, wait);
    }
}
