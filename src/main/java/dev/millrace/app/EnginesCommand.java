package dev.millrace.app;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

@Command(
        description = "Show where the engines are, with lines ready to paste.",
        footer = {"", "The lines hold passwords.", "", "Example:", "  millrace engines"})
final class EnginesCommand implements Callable<Integer> {
    private final SettingFlags flags = new SettingFlags();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    static CommandSpec spec() {
        var command = new EnginesCommand();
        var spec = CommandSpec.forAnnotatedObject(command);
        command.flags.addTo(spec, List.of(Setting.DATA));
        return spec;
    }

    @Override
    public Integer call() {
        var data = DataFolder.open(flags.dataFolder(System.getenv()));
        var run =
                RunFile.find(data)
                        .orElseThrow(() ->
                                new MillraceException(
                                        ErrorCode.NOT_RUNNING,
                                        "No Millrace runs in %s".formatted(data.path()),
                                        "Start it with: millrace up",
                                        null));
        if (json) {
            System.out.println(PrettyJson.of(run.engines()));
        } else {
            print(run.engines());
        }
        return 0;
    }

    private static void print(EngineAddresses engines) {
        var clickhouse = engines.clickhouse();
        var url = URI.create(clickhouse.url());
        System.out.printf("ClickHouse  %s%n", clickhouse.url());
        System.out.printf(
                "  curl '%s/?user=%s&password=%s' --data-binary 'SHOW TABLES FROM millrace'%n",
                clickhouse.url(), clickhouse.user(), clickhouse.password());
        if (clickhouse.tcpPort() > 0) {
            System.out.printf(
                    "  clickhouse-client --host %s --port %d --user %s --password %s -d millrace%n",
                    url.getHost(), clickhouse.tcpPort(), clickhouse.user(), clickhouse.password());
        }
        System.out.printf("%nKafka       %s%n", engines.kafka());
        System.out.printf("  kcat -b %s -L%n", engines.kafka());
        var postgres = engines.postgres();
        System.out.printf("%nPostgreSQL  %s%n", postgres.jdbcUrl());
        System.out.printf(
                "  PGPASSWORD=%s psql -U %s '%s'%n",
                postgres.password(),
                postgres.user(),
                postgres.jdbcUrl().replaceFirst("^jdbc:", ""));
    }
}
