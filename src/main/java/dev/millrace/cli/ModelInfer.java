package dev.millrace.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace model infer SOURCE`
@Command(
        description =
                "Propose a model for a file, from the whole of it, and say why. Nothing is loaded or"
                        + " kept.",
        footer = {
            "",
            "Example:",
            "  millrace model infer purchases.csv -o model.json",
            "  millrace model create purchases model.json"
        })
final class ModelInfer implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(
            paramLabel = "SOURCE",
            description = "A file, an https:// or s3:// address, or - for standard input.")
    private String file = "";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What to call the model; otherwise after the file.")
    private @Nullable String name;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the model there, as `model create` takes it.")
    private @Nullable String output;

    @Mixin private final SourceFlags flags = new SourceFlags();

    ModelInfer(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var terminal = server.terminal();
        var called = name == null ? SourceFlags.name(file) : name;
        var proposed = ProposedModel.of(server.api(), terminal, file, called, flags);
        if (server.json()) {
            server.print(proposed.proposal());
        } else {
            proposed.print(terminal);
        }
        if (output != null) {
            write(output, proposed);
            terminal.hint(
                    "Make it:  millrace model create %s %s".formatted(proposed.name(), output));
        } else if (!server.json()) {
            terminal.hint("Keep it:  millrace model infer %s -o model.json".formatted(file));
        }
        return ExitCode.SUCCESS;
    }

    private static void write(String file, ProposedModel proposed) {
        try {
            Files.writeString(Path.of(file), Json.pretty(proposed.schema()) + "\n");
        } catch (IOException e) {
            throw new Failure("Could not write '%s': %s".formatted(file, e.getMessage()), null, e);
        }
    }
}
