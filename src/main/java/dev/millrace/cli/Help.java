package dev.millrace.cli;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `millrace help COMMAND…`: of any depth, which picocli's own help command does not reach.
@Command(
        helpCommand = true,
        description = "Show the help of a command.",
        footer = {"", "Example:", "  millrace help job create"})
final class Help implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "Its words; none for all.")
    private List<String> words = List.of();

    @Override
    public Integer call() {
        var own = Objects.requireNonNull(spec, "set by picocli").commandLine();
        var command = own.getParent();
        for (var word : words) {
            var next = command.getSubcommands().get(word);
            if (next == null) {
                throw new CommandLine.ParameterException(
                        own,
                        "'%s' has no command '%s'"
                                .formatted(command.getCommandSpec().qualifiedName(), word));
            }
            command = next;
        }
        command.usage(own.getOut());
        return ExitCode.SUCCESS;
    }
}
