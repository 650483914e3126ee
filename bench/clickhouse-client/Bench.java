import dev.millrace.embedded.EmbeddedEngines;
import dev.millrace.embedded.Engine;
import dev.millrace.embedded.EngineHome;
import dev.millrace.embedded.EngineSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// Runs a script with an embedded ClickHouse of its own; the environment tells the script where it
/// is and who may write to it.
void main(String[] args) throws Exception {
    var script = args.length == 0 ? "smoke.mjs" : args[0];
    var data = Files.createTempDirectory("millrace-bench-");
    int code;
    try (var engines =
            EmbeddedEngines.start(
                    new EngineSettings(
                            EngineHome.find(),
                            data,
                            Set.of(Engine.CLICKHOUSE),
                            EngineSettings.Ports.FREE,
                            true),
                    (engine, address, after) -> System.out.println(engine.id() + " is ready at " + address))) {
        var clickhouse = engines.clickhouse();
        var node = new ProcessBuilder(List.of("node", script)).inheritIO();
        node.environment().put("CH_URL", clickhouse.url());
        node.environment().put("CH_USER", clickhouse.user().user());
        node.environment().put("CH_PASSWORD", clickhouse.user().password());
        code = node.start().waitFor();
    }
    try (var files = Files.walk(data)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
    }
    System.exit(code);
}
