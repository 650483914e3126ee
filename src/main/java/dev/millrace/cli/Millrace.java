package dev.millrace.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
            "  millrace load purchases.csv --into purchases",
            "  millrace model create purchases model.json",
            "  millrace job create purchases purchases.csv --wait",
            "  millrace sql \"SELECT count() FROM data_a1b2c3d4\"",
            "",
            "Exit codes: 0 success, 1 failure, 2 wrong usage, 3 some rows were rejected."
        })
public final class Millrace {
    private Millrace() {}

    /// All commands that ask a server, and more; or only what some words call of them.
    ///
    /// A command that throws ends with exit code 1 and its message on standard error, a [Failure]
    /// with its remedy. Exceptions of other kinds are the caller's to translate: wrap
    /// [CommandLine#getExecutionExceptionHandler].
    ///
    /// @param words what it is going to execute, or none
    public static CommandLine commandLine(List<String> words, Commands more) {
        return commandLine(Terminal.ofProcess(), words, more);
    }

    static CommandLine commandLine(Terminal terminal, List<String> words, Commands more) {
        var root =
                new Commands()
                        .withGroup("model", below -> models(terminal, below))
                        .withGroup("job", below -> jobs(terminal, below))
                        .withGroup("connection", below -> connections(terminal, below))
                        .withGroup("export", below -> exports(terminal, below))
                        .with("load", () -> new Load(terminal))
                        .with("copy", () -> new Copy(terminal))
                        .with("preview", () -> new Preview(terminal))
                        .with("sweep", () -> new Sweep(terminal))
                        .with("databases", () -> new Databases(terminal))
                        .with("tables", () -> new Tables(terminal))
                        .with("columns", () -> new Columns(terminal))
                        .with("join", () -> new Join(terminal))
                        .with("sql", () -> new Sql(terminal))
                        .with(more)
                        .below(new Millrace(), words)
                        .addSubcommand("help", new Help());
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

    private static CommandLine models(Terminal terminal, List<String> words) {
        return new Commands()
                .with("list", () -> new ModelList(terminal))
                .with("describe", () -> new ModelDescribe(terminal))
                .with("create", () -> new ModelCreate(terminal))
                .with("infer", () -> new ModelInfer(terminal))
                .with("update", () -> new ModelUpdate(terminal))
                .with("delete", () -> new ModelDelete(terminal))
                .below(new ModelCommands(), words);
    }

    private static CommandLine jobs(Terminal terminal, List<String> words) {
        return new Commands()
                .with("create", () -> new JobCreate(terminal))
                .with("resume", () -> new JobResume(terminal))
                .with("list", () -> new JobList(terminal))
                .with("status", () -> new JobStatus(terminal))
                .with("cancel", () -> new JobCancel(terminal))
                .with("retry", () -> new JobRetry(terminal))
                .with("undo", () -> new JobUndo(terminal))
                .with("resolve", () -> new JobResolve(terminal))
                .with("rejected", () -> new JobRejected(terminal))
                .below(new JobCommands(), words);
    }

    private static CommandLine connections(Terminal terminal, List<String> words) {
        return new Commands()
                .with("list", () -> new ConnectionList(terminal))
                .with("create", () -> new ConnectionCreate(terminal))
                .with("describe", () -> new ConnectionDescribe(terminal))
                .with("update", () -> new ConnectionUpdate(terminal))
                .with("delete", () -> new ConnectionDelete(terminal))
                .with("test", () -> new ConnectionCheck(terminal))
                .below(new ConnectionCommands(), words);
    }

    private static CommandLine exports(Terminal terminal, List<String> words) {
        return new Commands()
                .with("list", () -> new ExportList(terminal))
                .with("status", () -> new ExportStatus(terminal))
                .with("cancel", () -> new ExportCancel(terminal))
                .below(new ExportFile(terminal), words);
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
