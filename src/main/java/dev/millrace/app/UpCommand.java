package dev.millrace.app;

import dev.millrace.api.Tokens;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.embedded.EmbeddedEngines;
import dev.millrace.embedded.Engine;
import dev.millrace.embedded.EngineHome;
import dev.millrace.embedded.EngineSettings;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

@Command(
        description = "Start everything on this machine: engines, server and worker.",
        footer = {
            "",
            "ClickHouse, Kafka and PostgreSQL run embedded unless their addresses are given.",
            "",
            "Examples:",
            "  millrace up",
            "  millrace up --detach --data /tmp/try --port 0 --clickhouse-port 0 \\",
            "      --clickhouse-tcp-port 0 --kafka-port 0 --postgres-port 0"
        })
final class UpCommand implements Callable<Integer> {
    private static final Duration TOKEN_TTL = Duration.ofDays(365);
    private static final String END_OF_TRANSMISSION = "\u0004";

    private final SettingFlags flags = new SettingFlags();
    private final PrintStream out = System.out;
    private final long beginNanos = System.nanoTime();

    @Option(names = "--detach", description = "Return when everything is ready and go on running.")
    private boolean detach;

    @Option(
            names = "--external",
            description =
                    "Use the engines whose addresses are in the environment; refused otherwise.")
    private boolean external;

    @Option(
            names = "--no-default-user",
            description =
                    "Let the embedded ClickHouse's user 'default', who has no password, read"
                            + " nothing.")
    private boolean noDefaultUser;

    static CommandSpec spec() {
        var command = new UpCommand();
        var spec = CommandSpec.forAnnotatedObject(command);
        command.flags.addTo(
                spec,
                List.of(
                        Setting.DATA,
                        Setting.HTTP_HOST,
                        Setting.HTTP_PORT,
                        Setting.CLICKHOUSE_URL,
                        Setting.CLICKHOUSE_PORT,
                        Setting.CLICKHOUSE_TCP_PORT,
                        Setting.KAFKA_BOOTSTRAP,
                        Setting.KAFKA_PORT,
                        Setting.POSTGRES_URL,
                        Setting.POSTGRES_PORT,
                        Setting.WORKER_THREADS));
        return spec;
    }

    @Override
    public Integer call() throws InterruptedException {
        var start = Start.of(flags);
        var lock =
                start.data()
                        .lock()
                        .orElseThrow(() ->
                                new MillraceException(
                                        ErrorCode.ALREADY_RUNNING,
                                        "A Millrace runs already in %s"
                                                .formatted(start.data().path()),
                                        "millrace down stops it; --data names another folder.",
                                        null));
        ServerLog.to(start.data().logs().resolve("millrace.log"), false);
        ServerLog.sayOldNames(start.settings());
        out.printf("Millrace  %s%n%n", start.data().path());
        var stack = new Stack(lock);
        Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "stop"));
        try {
            run(start, stack);
        } catch (RuntimeException e) {
            stack.close();
            throw e;
        }
        if (detach) {
            letLauncherGo(start.data());
        }
        new CountDownLatch(1).await();
        return 0;
    }

    /// Says to the launcher, which runs this in the background and shows what it prints, that it
    /// need not wait any longer. What may be printed from now on goes to a file.
    private void letLauncherGo(DataFolder data) {
        out.println(END_OF_TRANSMISSION);
        out.flush();
        var file = data.logs().resolve("up.out");
        try {
            var printed =
                    new PrintStream(Files.newOutputStream(file), true, StandardCharsets.UTF_8);
            var launcher = List.of(System.out, System.err);
            System.setOut(printed);
            System.setErr(printed);
            launcher.forEach(PrintStream::close); // to the JVM and its children, /dev/null now
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(Start start, Stack stack) {
        var instance = "up-" + start.data().secret("instance", 4);
        var plan = Server.Plan.of(instance, start, start.workerThreads());
        plan.api().requireFreePort();
        var engines = engines(start, stack);
        var adapters = Adapters.open(engines, start);
        var server = stack.add(new Server(plan, adapters));
        var url = "http://%s:%d".formatted(start.api().host(), server.port());
        line("Millrace", url, "all ready after %.1f s".formatted(seconds()));
        writeClientFile(start, url);
        RunFile.ofThisProcess(url, engines).write(start.data());
        stack.add(() -> start.data().delete(start.data().runFile()));
        explain(start.data(), server.signInLink());
    }

    /// Starts the engines that nobody named, and says of each where it is and why.
    private EngineAddresses engines(Start start, Stack stack) {
        var settings = start.settings();
        refuseInherited(settings);
        var named = EngineAddresses.Named.of(settings);
        var wanted = EnumSet.noneOf(Engine.class);
        if (named.clickhouse() == null) {
            wanted.add(Engine.CLICKHOUSE);
        } else {
            line(
                    "ClickHouse",
                    named.clickhouse().url(),
                    origin(settings, Setting.CLICKHOUSE_URL, Setting.CLICKHOUSE_HOST));
        }
        if (named.kafka() == null) {
            wanted.add(Engine.KAFKA);
        } else {
            line(
                    "Kafka",
                    named.kafka(),
                    origin(settings, Setting.KAFKA_BOOTSTRAP, Setting.KAFKA_BOOTSTRAP));
        }
        if (named.postgres() == null) {
            wanted.add(Engine.POSTGRES);
        } else {
            line(
                    "PostgreSQL",
                    named.postgres().jdbcUrl(),
                    origin(settings, Setting.POSTGRES_URL, Setting.POSTGRES_HOST));
        }
        return wanted.isEmpty()
                ? EmbeddedAddresses.complete(named, null)
                : EmbeddedAddresses.complete(named, startEmbedded(start, wanted, stack));
    }

    private EmbeddedEngines startEmbedded(Start start, EnumSet<Engine> wanted, Stack stack) {
        var settings = start.settings();
        var ports =
                new EngineSettings.Ports(
                        settings.port(Setting.CLICKHOUSE_PORT),
                        settings.port(Setting.CLICKHOUSE_TCP_PORT),
                        settings.port(Setting.KAFKA_PORT),
                        settings.port(Setting.POSTGRES_PORT));
        var defaultUser =
                !noDefaultUser
                        && Boolean.parseBoolean(settings.text(Setting.CLICKHOUSE_DEFAULT_USER));
        var engines =
                EmbeddedEngines.start(
                        new EngineSettings(
                                EngineHome.find(), start.data().path(), wanted, ports, defaultUser),
                        (engine, address, after) ->
                                line(
                                        title(engine),
                                        address,
                                        "embedded, ready after %.1f s"
                                                .formatted(after.toMillis() / 1e3)));
        return stack.add(engines);
    }

    private static String title(Engine engine) {
        return switch (engine) {
            case CLICKHOUSE -> "ClickHouse";
            case KAFKA -> "Kafka";
            case POSTGRES -> "PostgreSQL";
        };
    }

    /// An address that merely lies around in the environment is not taken by accident.
    private void refuseInherited(Settings settings) {
        for (var setting : Setting.values()) {
            var value = settings.value(setting);
            if (setting.isEngineAddress()
                    && value.origin() == Settings.Origin.ENVIRONMENT
                    && !external) {
                throw new MillraceException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "The environment names an engine: %s=%s"
                                .formatted(value.where(), value.text()),
                        "Add --external to use it, or unset %s to use the embedded one."
                                .formatted(value.where()),
                        null);
            }
        }
    }

    private static String origin(Settings settings, Setting url, Setting host) {
        return "from " + settings.value(settings.isSet(url) ? url : host).where();
    }

    private void line(String what, String where, String note) {
        out.printf(Locale.ROOT, "  %-11s %-28s %s%n", what, where, note);
    }

    private double seconds() {
        return (System.nanoTime() - beginNanos) / 1e9;
    }

    private void writeClientFile(Start start, String url) {
        var token =
                new Tokens(start.tokenSecret()).issue(System.getProperty("user.name"), TOKEN_TTL);
        start.data()
                .write(
                        start.data().clientFile(),
                        "{\"url\": \"%s\", \"token\": \"%s\"}".formatted(url, token));
    }

    /// Other terminals find this Millrace by its data folder, which must be said if it is another
    /// than the usual one.
    private static String export(DataFolder data) {
        var usual = DataFolder.standard(System.getenv()).toAbsolutePath();
        return data.path().equals(usual)
                ? ""
                : "    export MILLRACE_DATA='%s'%n"
                        .formatted(data.path().toString().replace("'", "'\\''"));
    }

    private static boolean isWatched() {
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    private void explain(DataFolder data, String link) {
        out.printf(
                """

                  Sign in with the browser (once, within ten minutes):
                    %s

                  Load a file, in another terminal:
                %s    ./millrace model create purchases examples/purchases/model.json
                    ./millrace job create purchases examples/purchases/bad.csv --wait

                  Stop with %s./millrace down.
                """,
                link, export(data), isWatched() ? "Ctrl-C or " : "");
        out.flush();
    }
}
