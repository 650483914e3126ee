package dev.millrace.app;

import dev.millrace.api.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

@Command(name = "token", description = "Makes tokens for the API.")
final class TokenCommand {
    private TokenCommand() {}

    static CommandSpec spec() {
        var spec = CommandSpec.forAnnotatedObject(new TokenCommand());
        spec.addSubcommand("create", Create.spec());
        return spec;
    }

    @Command(
            name = "create",
            description = "Prints a bearer token, signed with this server's secret.",
            footer = {
                "",
                "Example:",
                "  curl -H \"Authorization: Bearer $(millrace token create --subject ada)\" \\",
                "      http://127.0.0.1:8000/api/v1/jobs"
            })
    static final class Create implements Callable<Integer> {
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
                description = "How long it is good for (default ${DEFAULT-VALUE}).")
        private int days;

        static CommandSpec spec() {
            var command = new Create();
            var spec = CommandSpec.forAnnotatedObject(command);
            command.flags.addTo(spec, List.of(Setting.DATA));
            return spec;
        }

        @Override
        public Integer call() {
            var tokens = new Tokens(Start.of(flags).tokenSecret());
            System.out.println(tokens.issue(subject, Duration.ofDays(days)));
            return 0;
        }
    }
}
