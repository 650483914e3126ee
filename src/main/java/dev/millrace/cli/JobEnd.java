package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.cli.Terminal.Colour;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// Waits for a job's final state, and says what became of it.
final class JobEnd {
    private static final int LIVE_WAIT_MILLIS = 1_000;
    private static final int QUIET_WAIT_MILLIS = 10_000;

    /// A job of many splits changes often; a person sees no more than so much of it.
    private static final long PAUSE_NANOS = 50_000_000L;

    private final ServerOptions server;
    private final Api api;

    JobEnd(ServerOptions server, Api api) {
        this.server = server;
        this.api = api;
    }

    /// Asks until the job is final; the server holds each question until there is news.
    JsonNode await(JsonNode job) {
        var terminal = server.terminal();
        var id = Jobs.id(job);
        var goesOn = "Job %s goes on. See: millrace job status %s --wait".formatted(id, id);
        var now = job;
        try (var watch = new Watch(terminal);
                var _ = new Interruption(terminal, goesOn)) {
            while (!Jobs.isFinal(now)) {
                watch.loaded(now);
                now = api.get(Jobs.path(id) + question(now, terminal));
                if (terminal.live() && !Jobs.isFinal(now)) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
        return now;
    }

    /// Prints what becomes of a job that has just begun, or where to see it.
    int follow(JsonNode job, boolean wait) {
        if (wait) {
            return printWithNext(await(job));
        }
        if (server.json()) {
            server.print(job);
        } else {
            server.terminal().sayNext("See it:  millrace job status " + Jobs.id(job));
        }
        return ExitCode.SUCCESS;
    }

    private static String question(JsonNode job, Terminal terminal) {
        return terminal.live()
                ? "?waitMillis=%d&seen=%s"
                        .formatted(LIVE_WAIT_MILLIS, Api.part(job.path("version").asText()))
                : "?waitMillis=" + QUIET_WAIT_MILLIS;
    }

    /// Prints the job alone: its row of the table, and why it failed.
    int print(JsonNode job) {
        if (server.json()) {
            server.print(job);
        } else {
            server.terminal().out().print(JobTable.of(List.of(job), server.terminal()));
            printPace(job);
            printSources(job);
            printUnpublished(job);
            printFate(job);
            printCause(job.path("cause"));
            server.terminal().out().flush();
        }
        return ExitCode.of(job);
    }

    /// Tells a person who looks at a job where its rejected rows are.
    void hint(JsonNode job) {
        if (!server.json() && Jobs.rejected(job) > 0) {
            server.terminal()
                    .hint(
                            "See why rows were rejected:  millrace job rejected %s --summary"
                                    .formatted(Jobs.id(job)));
        }
    }

    /// Prints the job, why rows were rejected, and what to do next.
    int printWithNext(JsonNode job) {
        int code = print(job);
        if (!server.json()) {
            printRejections(job);
            if (job.path("retryable").asBoolean()) {
                server.terminal().sayNext("Load it again:  millrace job retry " + retried(job));
            } else if (!Jobs.isDryRun(job)
                    && (code == ExitCode.SUCCESS || code == ExitCode.PARTIAL_SUCCESS)) {
                var table = job.path("model").path("table").asText();
                server.terminal().sayNext("Query them:  millrace sql " + countQuery(table));
            }
        }
        return code;
    }

    /// What would only fail again is asked for otherwise.
    private static String retried(JsonNode job) {
        var loaded = text(job.path("cause"), "code").equals("ALREADY_LOADED");
        return Jobs.id(job) + (loaded ? " --if-loaded load" : "");
    }

    /// For a person: a pipe that asks again and again can tell from the table.
    private void printPace(JsonNode job) {
        var pace = Watch.pace(job);
        if (server.terminal().live() && Jobs.state(job).equals("RUNNING") && !pace.isEmpty()) {
            server.terminal().say(pace);
        }
    }

    /// Rows that were good and are in no table should not be looked for there.
    private void printUnpublished(JsonNode job) {
        var written = job.path("rows").path("written").asLong();
        if (!Jobs.isFinal(job) || written == 0) {
            return;
        }
        if (Jobs.isDryRun(job)) {
            server.terminal()
                    .say(
                            "A dry run: nothing was published. %,d rows would have been."
                                    .formatted(written));
            return;
        }
        var ok = Jobs.ok(job);
        if (job.hasNonNull("replacedBy") || job.path("undo").isObject()) {
            return;
        }
        if (ok == null) {
            server.terminal()
                    .say(
                            "Whether the %,d good rows were published is not known."
                                    .formatted(written));
        } else if (ok == 0) {
            server.terminal().say("None of the %,d good rows was published.".formatted(written));
        }
    }

    /// What happened to its rows behind its end, or because of others.
    private void printFate(JsonNode job) {
        var terminal = server.terminal();
        if (job.hasNonNull("duplicateOf") && Jobs.state(job).equals("SUCCESS")) {
            var before = text(job, "duplicateOf");
            terminal.say(
                    job.path("sources").size() > 1
                            ? ("Skipped as a whole: job %s has loaded the content of one of its"
                                            + " sources before. Load the others without it.")
                                    .formatted(before)
                            : "Skipped: job %s has loaded the same content before."
                                    .formatted(before));
        }
        if (job.hasNonNull("replacedBy")) {
            terminal.say(
                    "Rows of it were replaced by those of job %s."
                            .formatted(text(job, "replacedBy")));
        }
        var undo = job.path("undo");
        switch (text(undo, "state")) {
            case "REQUESTED" -> terminal.say("It is being undone.");
            case "DONE" -> terminal.say("It was undone at %s.".formatted(text(undo, "at")));
            case "REFUSED" -> {
                terminal.say("It could not be undone.");
                printCause(undo.path("cause"));
            }
            default -> {}
        }
    }

    /// A single source is described in full; of several each has a row, and what is to be known of
    /// its header.
    private void printSources(JsonNode job) {
        var sources = job.path("sources");
        if (sources.size() < 2) {
            printSource(job.path("source"));
            return;
        }
        server.terminal().out().print(SourceTable.of(job));
        for (var source : sources) {
            printHeader(source, text(source, "name") + ": ");
        }
    }

    /// What the file was found to be, and how its header fits the model: a wrong guess, or a column
    /// under a name that the model does not know, should be seen at once.
    private void printSource(JsonNode source) {
        if (!source.hasNonNull("encoding")) {
            return;
        }
        printReading(source, server.terminal().out());
        printHeader(source, "");
    }

    private void printHeader(JsonNode source, String of) {
        printNames(
                of + "names that differ",
                source.path("renamedColumns"),
                n -> "'%s' is read as '%s'".formatted(text(n, "header"), text(n, "column")));
        printNames(
                of + "not in the file",
                source.path("absentColumns"),
                n ->
                        n.hasNonNull("default")
                                ? "'%s' (default '%s')"
                                        .formatted(text(n, "column"), text(n, "default"))
                                : "'%s' (NULL)".formatted(text(n, "column")));
        printNames(
                of + "not in the model, so ignored",
                source.path("ignoredColumns"),
                n -> "'" + n.asText() + "'");
    }

    private static boolean isText(JsonNode source) {
        return switch (source.path("format").asText()) {
            case "parquet", "avro", "xlsx" -> false;
            default -> true;
        };
    }

    private static String sure(int percent) {
        return percent == 100 ? "" : " (%d %% sure)".formatted(percent);
    }

    private static String dialect(JsonNode source) {
        if (!source.hasNonNull("delimiter")) {
            return "";
        }
        var text = new StringBuilder();
        text.append(", delimiter ").append(quoted(source.path("delimiter").asText()));
        text.append(", quote ").append(quoted(source.path("quote").asText()));
        var escape = source.path("escape").asText("none");
        if (!escape.equals("none")) {
            text.append(", escape ").append(escape);
        }
        var comment = source.path("comment").asText("none");
        if (!comment.equals("none")) {
            text.append(", comment ").append(quoted(comment));
        }
        var skip = source.path("skip").asInt();
        if (skip > 0) {
            text.append(", skip ").append(skip);
        }
        if (source.path("trailingDelimiter").asBoolean()) {
            text.append(", trailing delimiter");
        }
        return text.toString();
    }

    /// How a source is read, as in `csv in utf-8, delimiter ';', quote '"' (90 % sure)`.
    static String reading(JsonNode source) {
        var packed = source.path("compression").asText("none");
        return source.path("format").asText()
                + (isText(source) ? " in " + source.path("encoding").asText() : "")
                + (packed.equals("none") ? "" : ", packed as " + packed)
                + dialect(source)
                + sure(source.path("confidence").asInt(100));
    }

    /// How a source is read: a line, and one for each reason.
    static void printReading(JsonNode source, PrintStream out) {
        out.println("read as: " + reading(source));
        source.path("reasons").forEach(reason -> out.println("  " + reason.asText()));
    }

    private void printNames(String what, JsonNode names, Function<JsonNode, String> name) {
        if (!names.isEmpty()) {
            var line = names.valueStream().map(name).collect(Collectors.joining(", "));
            server.terminal().out().printf("%s: %s%n", what, line);
        }
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).asText();
    }

    /// A sign is quoted, to be seen at all; a word such as `tab` or `none` stands for itself.
    private static String quoted(String sign) {
        return switch (sign) {
            case "none" -> sign;
            case "\t" -> "tab";
            default ->
                    sign.chars().anyMatch(Character::isISOControl)
                            ? "U+%04X".formatted((int) sign.charAt(0))
                            : "'" + sign + "'";
        };
    }

    private void printCause(JsonNode cause) {
        if (!cause.isObject()) {
            return;
        }
        var terminal = server.terminal();
        var out = terminal.out();
        out.printf(
                "%s: %s (%s)%n",
                terminal.in(Colour.RED, "cause"),
                cause.path("message").asText(),
                cause.path("code").asText());
        if (cause.hasNonNull("remedy")) {
            out.printf("  %s%n", cause.path("remedy").asText());
        }
    }

    private void printRejections(JsonNode job) {
        long rejected = Jobs.rejected(job);
        if (rejected == 0) {
            return;
        }
        var out = server.terminal().out();
        var counts = api.get(Jobs.path(Jobs.id(job)) + "/rejections/summary").path("items");
        out.printf(
                "%,d %s%n",
                rejected,
                rejected == 1
                        ? "row was rejected; its problems:"
                        : "rows were rejected; their problems:");
        var width =
                StreamSupport.stream(counts.spliterator(), false)
                        .mapToInt(count -> count.path("error").asText().length())
                        .max()
                        .orElse(0);
        for (var count : counts) {
            var error = count.path("error").asText();
            var line =
                    "%,8d  %s  %s"
                            .formatted(
                                    count.path("count").asLong(),
                                    error + " ".repeat(width - error.length()),
                                    count.path("column").asText());
            out.println(line.stripTrailing());
        }
        var id = Jobs.id(job);
        server.terminal().sayNext("See them:    millrace job rejected " + id);
        server.terminal().sayNext("See why:     millrace job rejected " + id + " --summary");
        new Mending(server.terminal()).say(job);
    }

    /// Ready for a shell, whatever the table's name.
    static String countQuery(String table) {
        if (table.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            return "\"SELECT count() FROM " + table + "\"";
        }
        var quoted = table.replace("\\", "\\\\").replace("\"", "\\\"").replace("'", "'\\''");
        return "'SELECT count() FROM \"" + quoted + "\"'";
    }
}
