package dev.millrace.app;

import dev.millrace.cli.Failure;
import dev.millrace.cli.Millrace;
import dev.millrace.core.MillraceException;
import java.util.List;

/// The program: every command of `millrace`.
public final class Main {
    private static List<String> arguments = List.of();

    private Main() {}

    public static void main(String[] args) {
        arguments = List.of(args);
        var commands =
                Millrace.commandLine(
                        UpCommand.spec(),
                        DownCommand.spec(),
                        ServeCommand.spec(),
                        WorkerCommand.spec(),
                        EnginesCommand.spec(),
                        ConfigCommand.spec(),
                        TokenCommand.spec());
        var print = commands.getExecutionExceptionHandler();
        commands.setExecutionExceptionHandler((e, command, parsed) ->
                print.handleExecutionException(translated(e), command, parsed));
        System.exit(commands.execute(args));
    }

    private static Exception translated(Exception e) {
        return e instanceof MillraceException m ? new Failure(m.what(), m.remedy(), m) : e;
    }

    /// What the process was called with.
    static List<String> arguments() {
        return arguments;
    }
}
