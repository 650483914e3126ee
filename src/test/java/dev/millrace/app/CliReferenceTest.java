package dev.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// `docs/cli.md` says what the commands themselves say.
///
/// `./millrace dev docs` writes it anew.
class CliReferenceTest {
    private static final Path PAGE = Path.of("docs/cli.md");
    private static final int COLUMNS = 100;
    private static final Pattern TRAILING = Pattern.compile("[ ]+$", Pattern.MULTILINE);
    private static final String HEAD =
            """
            # Commands

            What each command says of itself with `--help`. The commands talk to the server by its \
            [HTTP API](api.md); whatever they can do, a program can.

            """;

    @Test
    void thePageSaysWhatTheCommandsSay() throws IOException {
        var wanted = HEAD + section(Main.commands(), "#");
        if (Boolean.getBoolean("millrace.docs")) {
            Files.writeString(PAGE, wanted);
        }
        assertThat(Files.readString(PAGE))
                .as("`./millrace dev docs` writes %s anew", PAGE)
                .isEqualTo(wanted);
    }

    private static String section(CommandLine command, String level) {
        var name = command.getCommandSpec().qualifiedName();
        var text = new StringBuilder();
        command.setUsageHelpWidth(COLUMNS);
        text.append("#%s %s\n\n```text\n".formatted(level, name));
        text.append(TRAILING.matcher(command.getUsageMessage(Ansi.OFF).strip()).replaceAll(""));
        text.append("\n```\n");
        for (var sub : command.getSubcommands().values()) {
            if (!sub.getCommandName().equals("help")) {
                text.append('\n').append(section(sub, level + "#"));
            }
        }
        return text.toString();
    }
}
