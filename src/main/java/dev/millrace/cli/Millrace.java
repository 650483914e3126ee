package dev.millrace.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.OptionSpec;

/// The root of all commands.
@Command(
        name = "millrace",
        mixinStandardHelpOptions = true,
        versionProvider = Millrace.Version.class,
        description = "Loads files into ClickHouse and accounts for every row.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  millrace up",
            "  millrace model create purchases model.json",
            "  millrace job create purchases purchases.csv --wait",
            "  millrace sql \"SELECT count() FROM data_a1b2c3d4\"",
            "",
            "Exit codes: 0 success, 1 failure, 2 wrong usage, 3 some rows were rejected."
        })
public final class Millrace {
    private Millrace() {}

    /// All commands that ask a server, and more.
    ///
    /// A command that throws ends with exit code 1 and its message on standard error, a [Failure]
    /// with its remedy. Exceptions of other kinds are the caller's to translate: wrap
    /// [CommandLine#getExecutionExceptionHandler].
    ///
    /// @param more objects annotated with picocli's [Command]
    public static CommandLine commandLine(Object... more) {
        return commandLine(Terminal.ofProcess(), more);
    }

    static CommandLine commandLine(Terminal terminal, Object... more) {
        var root =
                new CommandLine(new Millrace())
                        .addSubcommand(models(terminal))
                        .addSubcommand(jobs(terminal))
                        .addSubcommand(new Sweep(terminal))
                        .addSubcommand(new Sql(terminal));
        for (var command : more) {
            root.addSubcommand(command);
        }
        root.addSubcommand(new Help());
        root.getSubcommands().values().forEach(Millrace::addHelp);
        return root.setOut(writer(terminal.out()))
                .setErr(writer(terminal.err()))
                .setColorScheme(
                        CommandLine.Help.defaultColorScheme(
                                terminal.colours() ? Ansi.ON : Ansi.OFF))
                .setParameterExceptionHandler(new WrongUsage(terminal))
                .setExecutionExceptionHandler((e, command, arguments) -> {
                    print(e, terminal);
                    return ExitCode.FAILURE;
                });
    }

    /// In one place, so that no command can be without it, whoever adds it.
    private static void addHelp(CommandLine command) {
        command.getCommandSpec()
                .addOption(
                        OptionSpec.builder("-h", "--help")
                                .usageHelp(true)
                                .description("Show this help.")
                                .build());
        command.getSubcommands().values().forEach(Millrace::addHelp);
    }

    private static CommandLine models(Terminal terminal) {
        return new CommandLine(new ModelCommands())
                .addSubcommand(new ModelList(terminal))
                .addSubcommand(new ModelDescribe(terminal))
                .addSubcommand(new ModelCreate(terminal))
                .addSubcommand(new ModelUpdate(terminal))
                .addSubcommand(new ModelDelete(terminal));
    }

    private static CommandLine jobs(Terminal terminal) {
        return new CommandLine(new JobCommands())
                .addSubcommand(new JobCreate(terminal))
                .addSubcommand(new JobResume(terminal))
                .addSubcommand(new JobList(terminal))
                .addSubcommand(new JobStatus(terminal))
                .addSubcommand(new JobCancel(terminal))
                .addSubcommand(new JobRetry(terminal))
                .addSubcommand(new JobUndo(terminal))
                .addSubcommand(new JobResolve(terminal))
                .addSubcommand(new JobRejected(terminal));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private static void print(Exception e, Terminal terminal) {
        var message = e.getMessage();
        var what = e instanceof Failure && message != null ? message : e.toString();
        @Nullable String remedy = e instanceof Failure f ? f.remedy() : null;
        terminal.err()
                .println(terminal.in(Terminal.Colour.RED, "error") + ": " + Terminal.asTyped(what));
        if (remedy != null) {
            terminal.err().println("  " + Terminal.asTyped(remedy));
        }
    }

    /// The jar's.
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = Millrace.class.getPackage().getImplementationVersion();
            return new String[] {"millrace " + (version == null ? "of no release" : version)};
        }
    }
}
