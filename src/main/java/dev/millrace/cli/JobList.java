package dev.millrace.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `millrace job list`
@Command(
        description = "Print the newest jobs: loads and exports.",
        footer = {
            "",
            "Examples:",
            "  millrace job list --limit 100",
            "  millrace job list --kind export"
        })
final class JobList implements Callable<Integer> {
    private static final int MOST = 1000;

    @Mixin private final ServerOptions server;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "At most so many, 1 to 1000; ${DEFAULT-VALUE} otherwise.")
    private int limit;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            defaultValue = "all",
            description = "load, export or all; ${DEFAULT-VALUE} otherwise.")
    private String kind = "all";

    JobList(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        if (spec != null && (limit < 1 || limit > MOST)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--limit is %d: 1 to %d".formatted(limit, MOST));
        }
        var page =
                server.api().get(Jobs.PATH + "?limit=%d&kind=%s".formatted(limit, Api.part(kind)));
        if (server.json()) {
            server.print(page);
            return ExitCode.SUCCESS;
        }
        var terminal = server.terminal();
        terminal.out().print(JobTable.of(page.path("items"), terminal));
        terminal.out().flush();
        if (page.hasNonNull("next")) {
            terminal.hint("There are older ones:  millrace job list --limit " + MOST);
        }
        return ExitCode.SUCCESS;
    }
}
