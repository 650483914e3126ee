package dev.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// The whole program's command lines, without running what they start.
class CommandsTest {
    @TempDir Path folder;

    private record Ran(int code, String out, String err) {}

    private static Ran run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var commands = Main.commands().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return new Ran(commands.execute(arguments), out.toString(), err.toString());
    }

    @Test
    void everyCommandPrintsAHelpWithAnExampleWhenAskedTo() {
        for (var words : commands("", Main.commands())) {
            var line = (words + " --help").strip();
            var ran = run(line.split(" "));
            assertThat(ran.code()).as(line).isZero();
            assertThat(ran.out()).as(line).contains("Usage: millrace");
            if (!words.equals("help")) {
                assertThat(ran.out()).as(line).containsPattern("Examples?:\n  \\S.*");
            }
        }
    }

    private static List<String> commands(String before, CommandLine command) {
        var all = new ArrayList<>(List.of(before));
        command.getSubcommands()
                .forEach((name, sub) -> all.addAll(commands((before + " " + name).strip(), sub)));
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-4", "3651", "99999999"})
    void aTokenIsGoodForADayToTenYears(String days) {
        var ran = run("token", "create", "--data", folder.toString(), "--days", days);
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .startsWith("error: --days is %s: 1 to 3650%n".formatted(days))
                .contains("See: millrace token create --help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"write", "", "read,write", "Read"})
    void aTokenHasScopesThatThereAre(String scope) {
        var ran = run("token", "create", "--data", folder.toString(), "--scope", scope);
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("is not a scope: read, load or admin");
    }

    @Test
    void aTokenCarriesTheScopesItWasAskedFor() throws Exception {
        assertThat(scopes()).isEqualTo("read load admin");
        assertThat(scopes("--scope", "read")).isEqualTo("read");
        assertThat(scopes("--scope", "load,read")).isEqualTo("read load");
        assertThat(scopes("--scope", "read", "--scope", "admin")).isEqualTo("read admin");
    }

    /// The claim of a token that was printed.
    private String scopes(String... flags) throws ParseException {
        var line = new ArrayList<>(List.of("token", "create", "--data", folder.toString()));
        line.addAll(List.of(flags));
        var ran = run(line.toArray(String[]::new));
        assertThat(ran.code()).as(ran.err()).isZero();
        return SignedJWT.parse(ran.out().strip()).getJWTClaimsSet().getStringClaim("scope");
    }

    @Test
    void aFlagThatNobodyKnowsIsSaidWithoutTheWholeHelp() {
        var ran = run("up", "--bogus");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("Unknown option: '--bogus'").doesNotContain("Usage:");
    }
}
