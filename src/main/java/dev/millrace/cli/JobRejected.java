package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `millrace job rejected JOB`
@Command(
        description =
                "Print every problem of every rejected row as CSV, or with --json as JSON lines; or"
                        + " say why rows were rejected; or give the rows back to be mended.",
        footer = {
            "",
            "Examples:",
            "  millrace job rejected last --summary",
            "  millrace job rejected last --source -o mend.csv",
            "  millrace job rejected last --raw > rejected.csv"
        })
final class JobRejected implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Mixin private final ServerOptions server;

    @Parameters(paramLabel = "JOB", description = "Its id, or `last` for the newest one.")
    private String job = "";

    @ArgGroup private Form form = new Form();

    /// What is printed; otherwise every problem.
    private static final class Form {
        @Option(names = "--raw", description = "Add the record as it stands in the file.")
        private boolean raw;

        @Option(
                names = "--summary",
                description = "Print each cause with its count and up to three examples.")
        private boolean summary;

        @Option(
                names = "--source",
                description =
                        "Print the rejected rows themselves as a file like the one that they came"
                                + " in: its header, encoding, delimiter and quote.")
        private boolean source;
    }

    @Option(
            names = "--from",
            paramLabel = "SOURCE",
            description =
                    "Of a job of several sources: only this one's, by its name, or its place from 0.")
    private @Nullable String from;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to a file, which is there once it is whole.")
    private @Nullable String output;

    JobRejected(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var api = server.api();
        var path = Jobs.path(job);
        if (form.summary) {
            return summarize(api, path);
        }
        var accept = server.json() && !form.source ? "application/x-ndjson" : "text/csv";
        try (var answer = api.open(path + what(api, path), null, accept)) {
            if (output == null) {
                answer.copyTo(server.terminal());
            } else {
                answer.copyTo(output);
            }
            if (form.source) {
                sayRows(answer);
            }
        }
        return ExitCode.SUCCESS;
    }

    private String what(Api api, String path) {
        var query = new StringJoiner("&", "?", "").setEmptyValue("");
        if (form.raw) {
            query.add("raw=true");
        }
        if (from != null) {
            query.add("source=" + ordinal(api.get(path), from));
        }
        return "/rejections" + (form.source ? "/source" : "") + query;
    }

    /// The place of a source in its job's list.
    private static int ordinal(JsonNode job, String from) {
        var names = job.path("sources").valueStream().map(s -> s.path("name").asText()).toList();
        var named = names.indexOf(from);
        if (named >= 0) {
            return named;
        }
        if (from.matches("\\d{1,6}") && Integer.parseInt(from) < names.size()) {
            return Integer.parseInt(from);
        }
        throw new Failure(
                "Job %s has no source '%s'".formatted(Jobs.id(job), from),
                "It has: " + String.join(", ", names));
    }

    private int summarize(Api api, String path) {
        if (output != null || from != null) {
            throw new ParameterException(
                    Objects.requireNonNull(spec, "set by picocli").commandLine(),
                    "-o and --from are for rows or their problems, not for their --summary");
        }
        var causes = api.get(path + "/rejections/summary");
        if (server.json()) {
            server.print(causes);
        } else {
            new RejectionSummary(server.terminal()).print(api.get(path), causes.path("items"));
        }
        return ExitCode.SUCCESS;
    }

    /// Beside the file, which may be going through a pipe.
    private void sayRows(Answer answer) {
        long rows = answer.number("Millrace-Rows");
        long omitted = answer.number("Millrace-Rows-Omitted");
        var err = server.terminal().err();
        if (output != null) {
            err.printf("%,d rejected %s in %s.%n", rows, rows == 1 ? "row" : "rows", output);
        }
        if (omitted > 0) {
            err.printf(
                    "The file has %,d of %,d rejected rows: the others were too many to be"
                            + " kept.%n",
                    rows, rows + omitted);
        }
    }
}
