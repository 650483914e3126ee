package dev.millrace.app;

import dev.millrace.core.WorkerName;
import dev.millrace.metrics.MetricsPort;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

@Command(
        description = "Run a worker that shares the loading with all others.",
        footer = {
            "",
            "Without addresses it joins the 'millrace up' of the data folder.",
            "",
            "Example:",
            "  millrace worker --threads 4"
        })
final class WorkerCommand implements Callable<Integer> {
    private final SettingFlags flags = new SettingFlags();

    static CommandSpec spec() {
        var command = new WorkerCommand();
        var spec = CommandSpec.forAnnotatedObject(command);
        command.flags.addTo(
                spec,
                List.of(
                        Setting.DATA,
                        Setting.WORKER_NAME,
                        Setting.WORKER_THREADS,
                        Setting.METRICS_PORT,
                        Setting.CLICKHOUSE_URL,
                        Setting.KAFKA_BOOTSTRAP,
                        Setting.POSTGRES_URL));
        return spec;
    }

    @Override
    public Integer call() throws InterruptedException {
        var start = Start.of(flags);
        var said = start.settings().text(Setting.WORKER_NAME);
        var name = said.isEmpty() ? WorkerName.madeUp() : WorkerName.given(said);
        ServerLog.to(start.data().logs().resolve(name + ".log"), true);
        ServerLog.sayOldNames(start.settings());
        var stack = new Stack();
        Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "stop"));
        var adapters = stack.add(Adapters.open(start.engines(), start));
        var worker = stack.add(Server.worker(name, start.workerThreads(), adapters));
        var shown =
                stack.add(
                        MetricsPort.open(
                                start.settings().port(Setting.METRICS_PORT),
                                adapters.metrics()::text));
        worker.start();
        System.out.printf("Metrics at %s%n", shown.url());
        System.out.printf("Worker %s loads %d splits at a time%n", name, start.workerThreads());
        new CountDownLatch(1).await();
        return 0;
    }
}
