package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `millrace sweep`
@Command(
        description = {
            "Remove what is kept of jobs beyond its period, and what a crash has left behind.",
            "The server does so by itself now and then; settings `retention.…` and `sweep.every`"
                    + " say when. What belongs to no known job is shown and stays: it may be"
                    + " another Millrace's."
        },
        footer = {"", "Example:", "  millrace sweep --last"})
final class Sweep implements Callable<Integer> {
    private static final String PATH = "/api/v1/sweeps";

    @Mixin private final ServerOptions server;

    @Option(names = "--last", description = "Only show what the last sweeps have found.")
    private boolean last;

    Sweep(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var api = server.api();
        var answer = last ? api.get(PATH + "?limit=100") : api.post(PATH, null);
        if (server.json()) {
            server.print(answer);
        } else if (last) {
            answer.path("items")
                    .forEach(sweep -> {
                        if (!sweep.path("found").isEmpty()) {
                            print(sweep);
                        }
                    });
        } else {
            print(answer);
        }
        return ExitCode.SUCCESS;
    }

    private void print(JsonNode sweep) {
        var out = server.terminal().out();
        var found = sweep.path("found");
        out.printf("%s: %s%n", sweep.path("at").asText(), found.isEmpty() ? "nothing" : "found");
        for (var one : found) {
            out.printf(
                    "  %-8s  %-18s  %-8s  %s%n",
                    one.path("removed").asBoolean() ? "removed" : "stays",
                    one.path("kind").asText(),
                    one.path("job").asText(),
                    one.path("name").asText());
        }
        if (sweep.path("more").asLong() > 0) {
            out.printf("  and %,d more%n", sweep.path("more").asLong());
        }
        out.flush();
    }
}
