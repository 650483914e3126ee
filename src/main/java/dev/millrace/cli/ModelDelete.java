package dev.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace model delete MODEL`
@Command(
        description =
                "Remove a model and print what it was. Its table stays, unless it is dropped.",
        footer = {"", "Example:", "  millrace model delete purchases --drop-table"})
final class ModelDelete implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(paramLabel = "MODEL", description = "Its id or name.")
    private String model = "";

    @Option(names = "--drop-table", description = "Drop its table too, with every row in it.")
    private boolean dropTable;

    @Option(names = "--yes", description = "Do not ask whether to drop the table.")
    private boolean yes;

    ModelDelete(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var api = server.api();
        var path = ModelCommands.path(model);
        if (dropTable && !yes) {
            confirm(api.get(path).path("table").asText());
        }
        server.print(api.delete(path + (dropTable ? "?table=drop" : "")));
        return ExitCode.SUCCESS;
    }

    private void confirm(String table) {
        var terminal = server.terminal();
        if (!terminal.live()) {
            throw new Failure(
                    "Dropping a table has to be confirmed, and this is no terminal", "Add --yes.");
        }
        if (!terminal.confirms("Drop the table %s with every row in it?".formatted(table))) {
            throw new Failure("Nothing was removed", null);
        }
    }
}
