package dev.millrace.app;

import dev.millrace.cli.Commands;
import dev.millrace.cli.Failure;
import dev.millrace.cli.Millrace;
import dev.millrace.core.MillraceException;
import java.util.List;
import picocli.CommandLine;

/// The program: every command of `millrace`.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        var commands = commands(args);
        var print = commands.getExecutionExceptionHandler();
        commands.setExecutionExceptionHandler((e, command, parsed) ->
                print.handleExecutionException(translated(e), command, parsed));
        System.exit(commands.execute(args));
    }

    /// All commands there are, or only what some words call of them.
    static CommandLine commands(String... words) {
        return Millrace.commandLine(
                List.of(words),
                new Commands()
                        .with("up", UpCommand::spec)
                        .with("down", DownCommand::spec)
                        .with("serve", ServeCommand::spec)
                        .with("worker", WorkerCommand::spec)
                        .with("engines", EnginesCommand::spec)
                        .with("config", ConfigCommand::spec)
                        .with("token", TokenCommand::spec));
    }

    private static Exception translated(Exception e) {
        return e instanceof MillraceException m ? new Failure(m.what(), m.remedy(), m) : e;
    }
}
