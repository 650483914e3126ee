package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.StringJoiner;

/// Names the commands with which a job's rejected rows are taken out, mended and loaded again.
final class Mending {
    /// Of so many sources the commands are shown.
    private static final int MOST_SOURCES = 3;

    private final Terminal terminal;

    Mending(Terminal terminal) {
        this.terminal = terminal;
    }

    /// Of a job that has rejected rows, says what to do about them.
    void say(JsonNode job) {
        var ok = Jobs.ok(job);
        if (!Jobs.isFinal(job)) {
            terminal.say("The job goes on; these are the rejections so far.");
        } else if (Jobs.isDryRun(job)) {
            terminal.say(
                    "It was a dry run, so none of its rows is in the table: mend the rejected ones in"
                            + " the file itself, or load it as it is and mend them behind that.");
        } else if (ok != null && ok > 0) {
            sayCommands(job);
        } else if (ok != null) {
            terminal.say(
                    "None of the job's rows is in the table: mend the rejected ones in the file"
                            + " itself, and load it whole.");
        }
    }

    /// Rows of several sources are in as many files: each may be of another form.
    private void sayCommands(JsonNode job) {
        var sources = job.path("sources");
        if (sources.size() < 2) {
            sayCommands(job, job.path("source"), "", "");
            return;
        }
        sources.valueStream()
                .filter(source -> source.path("rows").path("rejected").asLong() > 0)
                .limit(MOST_SOURCES)
                .forEach(source -> {
                    var ordinal = source.path("ordinal").asText();
                    sayCommands(
                            job,
                            source,
                            "-" + ordinal,
                            " --from " + word(source.path("name").asText()));
                });
    }

    private void sayCommands(JsonNode job, JsonNode source, String suffix, String from) {
        var id = Jobs.id(job);
        var file = "rejected-%s%s.%s".formatted(id, suffix, isDelimited(source) ? "csv" : "jsonl");
        terminal.sayNext(
                "Mend them:   millrace job rejected %s --source%s -o %s".formatted(id, from, file));
        terminal.sayNext(
                "Load again:  millrace job create %s %s --parent %s%s --wait"
                        .formatted(
                                word(job.path("model").path("name").asText()),
                                file,
                                id,
                                reading(source)));
    }

    /// The few rows of such a file need not look like what all of them look like.
    private static String reading(JsonNode source) {
        if (!source.hasNonNull("encoding")) {
            return "";
        }
        var encoding = source.path("encoding").asText();
        if (!isDelimited(source)) {
            return " --format jsonl --encoding " + encoding;
        }
        return " --encoding %s --delimiter %s --quote %s%s%s%s"
                .formatted(
                        encoding,
                        sign(source.path("delimiter").asText()),
                        sign(source.path("quote").asText()),
                        unlessNone("escape", source),
                        comment(source),
                        columns(source.path("columns")));
    }

    private static boolean isDelimited(JsonNode source) {
        return source.path("format").asText("csv").equals("csv");
    }

    private static String unlessNone(String what, JsonNode source) {
        var said = source.path(what).asText("none");
        return said.equals("none") ? "" : " --%s %s".formatted(what, sign(said));
    }

    /// Said even if there is none, for what was mended may look like some.
    private static String comment(JsonNode source) {
        return source.hasNonNull("comment")
                ? " --comment " + sign(source.path("comment").asText())
                : "";
    }

    private static String columns(JsonNode names) {
        if (!names.isArray()) {
            return "";
        }
        var all = new StringJoiner(",");
        names.forEach(name -> all.add(name.asText()));
        return " --columns " + word(all.toString());
    }

    private static String sign(String sign) {
        if (sign.equals("\t")) {
            return "tab";
        }
        var control = sign.length() == 1 && Character.isISOControl(sign.charAt(0));
        return control ? "$'\\x%02x'".formatted((int) sign.charAt(0)) : word(sign);
    }

    /// A text as one word of a shell's command line.
    private static String word(String text) {
        return text.matches("[A-Za-z0-9_./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
