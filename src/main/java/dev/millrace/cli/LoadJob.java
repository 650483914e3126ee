package dev.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// Makes a job, sends it its file, and may wait for its end.
record LoadJob(ServerOptions server, Api api) {
    /// @param description the job, as the API takes it
    /// @param file a path, an address, or `-` for standard input
    /// @return how it went, for a script
    int run(ObjectNode description, String file, SourceFlags flags, boolean wait) {
        flags.requireFetched(file);
        if (S3Address.isOne(file)) {
            return fetched(description, file, flags, wait);
        }
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
