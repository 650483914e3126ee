package dev.millrace.app;

import dev.millrace.api.Scope;
import dev.millrace.api.Tokens;
import dev.millrace.core.MillraceException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
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
            description =
                    "Print a bearer token, signed with the secret of the data folder's server.",
            footer = {
                "",
                "Examples:",
                "  curl -H \"Authorization: Bearer $(millrace token create --subject ada)\" \\",
                "      http://127.0.0.1:8000/api/v1/jobs",
                "  millrace token create --subject dashboard --scope read"
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

        @Option(
                names = "--scope",
                paramLabel = "SCOPE",
                split = ",",
                converter = ScopeLabel.class,
                description = {
                    "What it is good for: read (look and query), load (also make and cancel jobs),"
                            + " admin (also make, change and delete models).",
                    "Otherwise everything."
                })
        private Set<Scope> scopes = EnumSet.allOf(Scope.class);

        @Spec private @Nullable CommandSpec self;

        static CommandSpec spec() {
            var command = new Create();
            var spec = CommandSpec.forAnnotatedObject(command);
            command.flags.addTo(spec, List.of(Setting.DATA));
            return spec;
        }

        @Override
        public Integer call() {
            var command = Objects.requireNonNull(self, "set by picocli").commandLine();
            if (days < 1 || days > MAX_DAYS) {
                throw new CommandLine.ParameterException(
                        command, "--days is %d: 1 to %d".formatted(days, MAX_DAYS));
            }
            var tokens = new Tokens(Start.of(flags).tokenSecret());
            command.getOut().println(tokens.issue(subject, scopes, Duration.ofDays(days)));
            return 0;
        }

        private static final class ScopeLabel implements ITypeConverter<Scope> {
            @Override
            public Scope convert(String text) {
                try {
                    return Scope.parse(text);
                } catch (MillraceException e) {
                    throw new TypeConversionException(e.what());
                }
            }
        }
    }
}
