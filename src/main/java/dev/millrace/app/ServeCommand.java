package dev.millrace.app;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

@Command(
        description = "Run the server alone, on engines that run elsewhere.",
        footer = {
            "",
            "Rows are loaded by workers: start any number with 'millrace worker'.",
            "",
            "Example:",
            "  millrace serve --clickhouse http://ch:8123 --kafka kafka:9092 \\",
            "      --postgres jdbc:postgresql://pg/millrace"
        })
final class ServeCommand implements Callable<Integer> {
    private final SettingFlags flags = new SettingFlags();

    static CommandSpec spec() {
        var command = new ServeCommand();
        var spec = CommandSpec.forAnnotatedObject(command);
        command.flags.addTo(
                spec,
                List.of(
                        Setting.DATA,
                        Setting.HTTP_HOST,
                        Setting.HTTP_PORT,
                        Setting.CLICKHOUSE_URL,
                        Setting.KAFKA_BOOTSTRAP,
                        Setting.POSTGRES_URL));
        return spec;
    }

    @Override
    public Integer call() throws InterruptedException {
        var start = Start.of(flags);
        ServerLog.to(start.data().logs().resolve("serve.log"), true);
        ServerLog.sayOldNames(start.settings());
        var stack = new Stack();
        var instance =
                start.data()
                        .lock()
                        .map(stack::add)
                        .map(_ -> "serve-" + start.data().secret("instance", 4))
                        .orElseGet(() -> "serve-" + UUID.randomUUID());
        Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "stop"));
        var adapters = Adapters.open(start.engines(), start);
        var server = stack.add(new Server(Server.Plan.of(instance, start, 0), adapters));
        System.out.printf("Millrace serves at http://%s:%d%n", start.api().host(), server.port());
        new CountDownLatch(1).await();
        return 0;
    }
}
