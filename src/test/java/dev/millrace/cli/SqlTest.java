package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `millrace sql`: a statement in, its answer out.
class SqlTest {
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

    @Test
    void aStatementIsAnsweredInTheFormatThatFitsItsReader() {
        for (var format : List.of("TabSeparatedWithNames", "PrettyCompact", "JSON", "CSV")) {
            cli.server.on("POST /api/v1/sql?format=" + format, 200, "text/plain", format);
        }
        assertThat(cli.run("sql", "SELECT 'ä'").out()).isEqualTo("TabSeparatedWithNames");
        assertThat(cli.run("sql", "SELECT 1", "--json").out()).isEqualTo("JSON");
        assertThat(cli.run("sql", "SELECT 1", "--format", "CSV").out()).isEqualTo("CSV");
        cli.live = true;
        assertThat(cli.run("sql", "SELECT 1").out()).isEqualTo("PrettyCompact");
        assertThat(cli.server.asked().getFirst().text()).isEqualTo("SELECT 'ä'");
    }
}
