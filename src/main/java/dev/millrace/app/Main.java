package dev.millrace.app;

import dev.millrace.cli.Failure;
import dev.millrace.cli.Millrace;
import dev.millrace.core.MillraceException;
import picocli.CommandLine;

/// The program: every command of `millrace`.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        var commands = commands();
        var print = commands.getExecutionExceptionHandler();
        commands.setExecutionExceptionHandler((e, command, parsed) ->
                print.handleExecutionException(translated(e), command, parsed));
        System.exit(commands.execute(args));
    }

    /// All commands there are.
    static CommandLine commands() {
        return Millrace.commandLine(
                UpCommand.spec(),
                DownCommand.spec(),
                ServeCommand.spec(),
                WorkerCommand.spec(),
                EnginesCommand.spec(),
                ConfigCommand.spec(),
                TokenCommand.spec());
    }

    private static Exception translated(Exception e) {
        return e instanceof MillraceException m ? new Failure(m.what(), m.remedy(), m) : e;
    }
}
