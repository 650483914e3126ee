package dev.millrace.cli;

import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says what is wrong with a command line, and where its help is. A command that only holds others
/// shows them all, for that is the question then.
final class WrongUsage implements IParameterExceptionHandler {
    private final Terminal terminal;

    WrongUsage(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        var command = e.getCommandLine();
        var err = command.getErr();
        err.printf("%s: %s%n", terminal.in(Terminal.Colour.RED, "error"), e.getMessage());
        if (UnmatchedArgumentException.printSuggestions(e, err)) {
            return ExitCode.USAGE;
        }
        if (command.getSubcommands().isEmpty()) {
            err.printf("  See: %s --help%n", command.getCommandSpec().qualifiedName());
        } else {
            err.println();
            command.usage(err, command.getColorScheme());
        }
        return ExitCode.USAGE;
    }
}
