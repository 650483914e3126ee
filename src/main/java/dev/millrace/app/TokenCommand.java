package dev.millrace.app;

import dev.millrace.api.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "token",
        description = "Tokens for the HTTP API.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  millrace token create"})
final class TokenCommand {
    private TokenCommand() {}

    static CommandSpec spec() {
        var spec = CommandSpec.forAnnotatedObject(new TokenCommand());
        spec.addSubcommand("create", Create.spec());
        return spec;
    }

    @Command(
            name = "create",
            description =
                    "Print a bearer token, signed with the secret of the data folder's server.",
            footer = {
                "",
                "Example:",
                "  curl -H \"Authorization: Bearer $(millrace token create --subject ada)\" \\",
                "      http://127.0.0.1:8000/api/v1/jobs"
            })
    static final class Create implements Callable<Integer> {
        private static final int MAX_DAYS = 3650;

        private final SettingFlags flags = new SettingFlags();

        @Option(
                names = "--subject",
                paramLabel = "NAME",
                description = "Who owns what is made with it (default: you).")
        private String subject = System.getProperty("user.name");

        @Option(
                names = "--days",
                paramLabel = "N",
                defaultValue = "30",
                description = "How long it is good for: 1 to 3650 (default ${DEFAULT-VALUE}).")
        private int days;

        @Spec private @Nullable CommandSpec self;

        static CommandSpec spec() {
            var command = new Create();
            var spec = CommandSpec.forAnnotatedObject(command);
            command.flags.addTo(spec, List.of(Setting.DATA));
            return spec;
        }

        @Override
        public Integer call() {
            if (self != null && (days < 1 || days > MAX_DAYS)) {
                throw new CommandLine.ParameterException(
                        self.commandLine(), "--days is %d: 1 to %d".formatted(days, MAX_DAYS));
            }
            var tokens = new Tokens(Start.of(flags).tokenSecret());
            System.out.println(tokens.issue(subject, Duration.ofDays(days)));
            return 0;
        }
    }
}
