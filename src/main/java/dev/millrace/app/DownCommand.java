package dev.millrace.app;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

@Command(
        description = "Stop the Millrace of a data folder and its engines.",
        footer = {"", "Example:", "  millrace down"})
final class DownCommand implements Callable<Integer> {
    private static final long LIMIT_SECONDS = 60;

    private final SettingFlags flags = new SettingFlags();

    static CommandSpec spec() {
        var command = new DownCommand();
        var spec = CommandSpec.forAnnotatedObject(command);
        command.flags.addTo(spec, List.of(Setting.DATA));
        return spec;
    }

    @Override
    public Integer call() throws InterruptedException {
        var data = DataFolder.open(flags.dataFolder(System.getenv()));
        var process =
                RunFile.find(data)
                        .flatMap(RunFile::process)
                        .orElseThrow(() ->
                                new MillraceException(
                                        ErrorCode.NOT_RUNNING,
                                        "No Millrace runs in %s".formatted(data.path()),
                                        "Name the data folder with --data if it is another.",
                                        null));
        process.destroy();
        try {
            process.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new MillraceException(
                    ErrorCode.ENGINE_FAILED,
                    "Process %d did not stop within %d seconds"
                            .formatted(process.pid(), LIMIT_SECONDS),
                    "Its log is %s.".formatted(data.logs().resolve("millrace.log")),
                    e);
        }
        System.out.println("Millrace has stopped.");
        return 0;
    }
}
