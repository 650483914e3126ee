package dev.millrace.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace model infer SOURCE`
@Command(
        description =
                "Propose a model for a file, or for several that will be loaded together, from the"
                        + " whole of them, and say why. Nothing is loaded or kept.",
        footer = {
            "",
            "Examples:",
            "  millrace model infer purchases.csv -o model.json",
            "  millrace model create purchases model.json",
            "  millrace model infer 'data/2026-*.csv' extra.jsonl --name purchases"
        })
final class ModelInfer implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(
            arity = "1..*",
            paramLabel = "SOURCE",
            description =
                    "Files, patterns such as 'data/*.csv', https:// addresses, an s3:// address, or"
                            + " - for standard input.")
    private List<String> files = List.of();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What to call the model; otherwise after the first file.")
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
        var sources = SourceList.of(files);
        var called = name == null ? SourceFlags.name(sources.first()) : name;
        var proposed = ProposedModel.of(server.api(), terminal, sources, called, flags);
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
            terminal.hint("Keep it:  millrace model infer %s -o model.json".formatted(typed()));
        }
        return ExitCode.SUCCESS;
    }

    private String typed() {
        return files.stream().map(Sending::quoted).collect(Collectors.joining(" "));
    }

    private static void write(String file, ProposedModel proposed) {
        try {
            Files.writeString(Path.of(file), Json.pretty(proposed.schema()) + "\n");
        } catch (IOException e) {
            throw new Failure("Could not write '%s': %s".formatted(file, e.getMessage()), null, e);
        }
    }
}
