package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What every command that asks a server takes.
@Command
final class ServerOptions {
    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "Where Millrace answers. Otherwise MILLRACE_URL or BATCH_API_URL, then what"
                            + " `millrace up` left in the data folder.")
    private @Nullable String url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "The token to send. Otherwise MILLRACE_TOKEN, then the data folder's.")
    private @Nullable String token;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "The data folder of `millrace up`. Otherwise MILLRACE_DATA, then"
                            + " ~/.local/share/millrace.")
    private @Nullable Path data;

    @Option(names = "--json", description = "Print what the API answers, as JSON.")
    private boolean json;

    private final Terminal terminal;

    ServerOptions(Terminal terminal) {
        this.terminal = terminal;
    }

    Terminal terminal() {
        return terminal;
    }

    boolean json() {
        return json;
    }

    /// @throws Failure when the address cannot be found out
    Api api() {
        return new Api(Address.find(url, token, data, terminal.environment()));
    }

    void print(JsonNode node) {
        terminal.say(Json.pretty(node));
    }
}
