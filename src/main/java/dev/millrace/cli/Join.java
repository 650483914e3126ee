package dev.millrace.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `millrace join`
@Command(
        description = "Build the SQL of a join of tables and print it, or its first rows.",
        footer = {
            "",
            "Examples:",
            "  millrace join --table orders=o --table shop.customers=c \\",
            "    --join 'left o.customer = c.id' --columns 'o.id, c.name as customer' \\",
            "    --where 'o.amount > 10' --order-by 'o.id desc' --limit 10",
            "  millrace join --file join.json --connection warehouse --preview",
            "  millrace sql \"$(millrace join --file join.json)\"",
            "",
            "A missing row of a left, right or full join gives NULL. A name with other",
            "characters than letters, digits, _ and $ stands in `backquotes`, a value with",
            "spaces or commas in 'quotes'; within them, a backslash stands before a quote",
            "and a backslash."
        })
final class Join implements Callable<Integer> {
    @Mixin private final ServerOptions server;
    @Mixin private final ExploreFlags where = new ExploreFlags();
    @Mixin private final JoinFlags flags = new JoinFlags();

    @Option(names = "--limit", paramLabel = "N", description = "At most so many rows.")
    private @Nullable Integer limit;

    @Option(names = "--preview", description = "Print the first 100 rows in place of the SQL.")
    private boolean preview;

    Join(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var join = flags.json();
        if (limit != null) {
            join.put("limit", limit);
        }
        var answer =
                preview
                        ? TablePreview.of(
                                server.api(), where.name(), Json.object().set("join", join))
                        : server.api().post(where.path("/join"), join);
        if (server.json()) {
            server.print(answer);
        } else if (preview) {
            TablePreview.print(answer, server.terminal());
        } else {
            server.terminal().say(answer.path("sql").asText());
        }
        return ExitCode.SUCCESS;
    }
}
