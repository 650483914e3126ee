package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// Help, and what is said of a command line that is wrong.
class UsageTest {
    @TempDir Path folder;

    private CommandRun cli;

    @BeforeEach
    void start() {
        cli = new CommandRun(folder);
    }

    @AfterEach
    void close() {
        cli.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "model",
                "job",
                "nonsense",
                "job create m",
                "job list --limit 0",
                "job list --limit x",
                "sql",
                "job status a b",
                "job cancel"
            })
    void wrongUsageIsAnErrorThatSaysWhereTheHelpIs(String line) {
        var ran = cli.run(line.isEmpty() ? new String[0] : line.split(" "));
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .startsWith("error: ")
                .containsPattern("Usage: millrace|See: millrace .*--help|Did you mean: millrace ");
        assertThat(cli.server.requests()).isEmpty();
    }

    @Test
    void aWrongUsageDoesNotDrownInTheHelp() {
        assertThat(cli.run("job", "create", "purchases").err())
                .isEqualTo(
                        """
                        error: Missing required parameter: 'FILE'
                          See: millrace job create --help
                        """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "job status",
                "job cancel",
                "job rejected",
                "model delete",
                "model describe"
            })
    void anEmptyIdAsksNothing(String line) {
        var words = new ArrayList<>(List.of(line.split(" ")));
        words.add("");
        var ran = cli.run(words.toArray(String[]::new));
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).startsWith("error: An id or name is empty");
        assertThat(cli.server.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "help, Usage: millrace [-hV] COMMAND",
        "help job, Usage: millrace job [-h]",
        "help job create, Usage: millrace job create [-h",
        "help help, Usage: millrace help",
        "help --help, Usage: millrace help",
    })
    void helpReachesACommandOfAnyDepth(String line, String usage) {
        var ran = cli.run(line.split(" "));
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).startsWith(usage);
    }

    @Test
    void helpOfNoCommandIsWrongUsage() {
        var ran = cli.run("help", "job", "crate");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).startsWith("error: 'millrace job' has no command 'crate'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "help job create", "job create --help", "sql -h", "extra -h"})
    void helpIsPrintedAndIsNoError(String line) {
        var ran = cli.run(line.split(" "));
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).startsWith("Usage: millrace");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void everyCommandHasAHelpWithAnExample() {
        var root = Millrace.commandLine(List.of(), new Commands());
        for (var command : commands(root)) {
            assertThat(command.getUsageMessage(CommandLine.Help.Ansi.OFF))
                    .as(command.getCommandName())
                    .containsPattern("Examples?:\n  .*(millrace|echo)")
                    .containsPattern("-h, --help");
        }
    }

    @Test
    void theApplicationAddsCommandsOfItsOwn() {
        assertThat(cli.run("extra").code()).isEqualTo(7);
    }

    private static List<CommandLine> commands(CommandLine root) {
        var all = new ArrayList<>(List.of(root));
        root.getSubcommands().values().forEach(c -> all.addAll(commands(c)));
        return all;
    }
}
