package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.Cause;
import dev.millrace.core.Dialect;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.Phase;
import dev.millrace.core.Sha256;
import dev.millrace.core.Source;
import dev.millrace.core.SourceCounts;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceReading;
import dev.millrace.core.Undo;
import dev.millrace.validate.HeaderMatch;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Jobs as callers see them. Thread-safe.
final class JobView {
    private static final int VERSION_BYTES = 8;
    private static final int SHOWN_CHARACTERS = 200;

    private final InstantSource clock;
    private final Function<Job, Map<Integer, SourceCounts>> counts;
    private final Pace pace = new Pace();

    /// @param counts what became of the records of each source of a job, by its ordinal
    JobView(InstantSource clock, Function<Job, Map<Integer, SourceCounts>> counts) {
        this.clock = clock;
        this.counts = counts;
    }

    static String path(Job job) {
        return "/api/v1/jobs/" + job.id().publicId();
    }

    ObjectNode of(Job job) {
        var view = lasting(job);
        view.put("version", version(view));
        putHeader(view.withObject("source"), job, job.source());
        var read = counts.apply(job);
        for (var source : job.sources()) {
            var of = (ObjectNode) view.withArray("sources").get(source.ordinal());
            putHeader(of, job, source);
            var own = read.getOrDefault(source.ordinal(), SourceCounts.NONE);
            of.putObject("rows")
                    .put("read", own.read())
                    .put("written", own.written())
                    .put("rejected", own.rejected());
        }
        putProgress(view, job);
        return view;
    }

    /// The fields of the view that change while a job runs.
    ObjectNode progress(Job job) {
        var view =
                Json.object()
                        .put("id", job.id().publicId())
                        .put("version", version(job))
                        .put("state", job.state().name())
                        .put("phase", job.phase().name())
                        .put("attempt", job.attempt());
        counts(view, job);
        share(view, job);
        putProgress(view, job);
        return view;
    }

    private void putProgress(ObjectNode view, Job job) {
        var now = clock.instant();
        Progress.of(job, pace.of(job, now), now).putInto(view);
    }

    /// What tells this view from every other, but for the passing of time.
    static String version(Job job) {
        return version(lasting(job));
    }

    private static String version(ObjectNode lasting) {
        var hash = Sha256.begin().digest(Json.bytes(lasting));
        return HexFormat.of().formatHex(hash, 0, VERSION_BYTES);
    }

    /// The view but for what follows from the rest of it and may be long: the header, which a
    /// source has as soon as its compression is known, and how it matches.
    private static ObjectNode lasting(Job job) {
        var view =
                Json.object()
                        .put("id", job.id().publicId())
                        .put("uuid", job.id().uuid().toString())
                        .put("kind", "load");
        view.putObject("model")
                .put("id", job.model().id().publicId())
                .put("name", job.model().name())
                .put("version", job.model().version())
                .put("table", job.model().table());
        view.put("state", job.state().name())
                .put("phase", job.phase().name())
                .put("attempt", job.attempt());
        view.set("source", source(job.source()));
        view.set("sources", Json.array(job.sources(), JobView::listed));
        view.set("upload", upload(job));
        counts(view, job);
        share(view, job);
        view.put("createdAt", Json.time(job.createdAt()))
                .put("startedAt", Json.time(job.startedAt()))
                .put("publishedAt", Json.time(job.times().publishedAt()))
                .put("finishedAt", Json.time(job.finishedAt()));
        options(view, job.options());
        view.set("cause", job.cause() == null ? null : cause(job.cause()));
        view.put("retryable", job.isRetryable())
                .put("parent", id(job.links().parent()))
                .put("duplicateOf", id(job.links().duplicateOf()))
                .put("replacedBy", id(job.links().replacedBy()));
        view.set("undo", job.undo() == null ? null : undo(job.undo()));
        view.put("owner", job.owner());
        view.putObject("links")
                .put("self", path(job))
                .put("rejections", path(job) + "/rejections")
                .put("events", path(job) + "/events");
        return view;
    }

    private static void counts(ObjectNode view, Job job) {
        var ledger = job.ledger();
        var complete = job.phase().compareTo(Phase.UPLOADING) > 0;
        view.putObject("rows")
                .put("read", ledger.read())
                .put("written", ledger.written().rows())
                .put("published", published(job))
                .put("rejected", ledger.rejected())
                .put("total", complete ? (Long) job.records() : null);
        view.put("bytes", ledger.bytesRead());
        view.putObject("splits").put("stored", job.splits()).put("loaded", ledger.splits());
    }

    /// The rows that the destination holds; null while, or because, that is not known.
    private static @Nullable Long published(Job job) {
        return switch (job.phase()) {
            case UPLOADING, LOADING, SEALED, AUDITED -> 0L;
            case PUBLISHING -> job.state().isFinal() && !job.isUncertain() ? (Long) 0L : null;
            case PUBLISHED ->
                    job.isUndone()
                            ? (Long) 0L
                            : job.isUndoing() || job.links().replacedBy() != null
                                    ? null
                                    : (Long) job.ledger().written().rows();
        };
    }

    private static void share(ObjectNode view, Job job) {
        view.put("progress", Progress.share(job)).put("percent", Progress.percent(job));
    }

    /// A source in the list of all.
    private static ObjectNode listed(Source source) {
        var upload = source.upload();
        return source(source)
                .put("upload", upload == null ? null : upload.state().name())
                .put("records", source.records())
                .put("sameAs", source.duplicateOf());
    }

    private static ObjectNode source(Source source) {
        var declared = source.declaredBytes() < 0 ? null : source.declaredBytes();
        var view =
                Json.object()
                        .put("ordinal", source.ordinal())
                        .put("name", source.name())
                        .put("declaredBytes", declared)
                        .put("receivedBytes", source.receivedBytes());
        var reading = source.reading();
        if (reading == null) {
            said(view, source.options());
        } else {
            found(view, reading);
        }
        view.put("sheet", source.options().sheet());
        var told = source.options().columns();
        view.set("columns", told == null ? Json.object().nullNode() : Json.texts(told));
        return view.put("contentHash", source.contentHash());
    }

    private static @Nullable ObjectNode upload(Job job) {
        var upload = job.source().upload();
        return upload == null
                ? null
                : Json.object()
                        .put("state", upload.state().name())
                        .put("source", job.uploadSource())
                        .put("offset", upload.offset())
                        .put("expiresAt", Json.time(upload.expiresAt()));
    }

    private static void said(ObjectNode view, SourceOptions options) {
        var escape = options.escape();
        var comment = options.comment();
        view.put("format", options.format() == null ? null : options.format().label())
                .put("encoding", options.encoding() == null ? null : options.encoding().label())
                .putNull("compression")
                .put("delimiter", options.delimiter())
                .put("quote", options.quote() == null ? null : sign(options.quote()))
                .put("escape", escape == null ? null : escape.label())
                .put("comment", comment == null ? null : sign(comment))
                .put("skip", options.skip())
                .put("trailingDelimiter", options.trailing())
                .putNull("confidence")
                .putNull("reasons");
    }

    static void found(ObjectNode view, SourceReading reading) {
        view.put("format", reading.format().label())
                .put("encoding", reading.encoding().label())
                .put("compression", reading.compression().name().toLowerCase(Locale.ROOT));
        if (reading.format().isDelimited()) {
            var dialect = reading.dialect();
            view.put("delimiter", dialect.delimiter())
                    .put("quote", sign(dialect.quote()))
                    .put("escape", dialect.escape().label())
                    .put("comment", sign(dialect.comment()))
                    .put("skip", reading.skipped())
                    .put("trailingDelimiter", dialect.trailing());
        } else {
            view.putNull("delimiter")
                    .putNull("quote")
                    .putNull("escape")
                    .putNull("comment")
                    .putNull("skip")
                    .putNull("trailingDelimiter");
        }
        view.put("confidence", reading.evidence().confidence());
        view.set("reasons", Json.texts(reading.evidence().reasons()));
    }

    private static void putHeader(ObjectNode view, Job job, Source source) {
        var reading = source.reading();
        if (reading == null) {
            view.putNull("header");
            noMatch(view);
            return;
        }
        view.set("header", Json.texts(reading.header()));
        try {
            var model = job.model().definition();
            var match = HeaderMatch.match(reading.header(), model);
            view.set("ignoredColumns", Json.texts(match.ignored()));
            view.set("renamedColumns", renamed(match, reading, model));
            view.set("absentColumns", absent(match, model));
        } catch (MillraceException e) {
            // a job of an earlier Millrace, whose header would be refused today
            noMatch(view);
        }
    }

    private static void noMatch(ObjectNode view) {
        view.putNull("ignoredColumns").putNull("renamedColumns").putNull("absentColumns");
    }

    /// Which names in the header went to columns that are called otherwise.
    private static ArrayNode renamed(
            HeaderMatch match, SourceReading reading, ModelDefinition model) {
        var renamed = Json.array(List.of(), _ -> Json.object());
        for (var i = 0; i < match.fieldOf().length; i++) {
            var column = model.columns().get(i).name();
            var field = match.fieldOf()[i];
            if (field >= 0 && !reading.header().get(field).equals(column)) {
                renamed.addObject()
                        .put("header", reading.header().get(field))
                        .put("column", column);
            }
        }
        return renamed;
    }

    /// The columns that the header lacks, and what their rows get.
    private static ArrayNode absent(HeaderMatch match, ModelDefinition model) {
        var absent = Json.array(List.of(), _ -> Json.object());
        for (var i = 0; i < match.fieldOf().length; i++) {
            if (match.fieldOf()[i] < 0) {
                var column = model.columns().get(i);
                absent.addObject()
                        .put("column", column.name())
                        .put("default", shown(column.reading().defaultText()));
            }
        }
        return absent;
    }

    /// At most the first characters of a default, never half a surrogate pair.
    private static @Nullable String shown(@Nullable String text) {
        if (text == null || text.length() <= SHOWN_CHARACTERS) {
            return text;
        }
        var splits = Character.isHighSurrogate(text.charAt(SHOWN_CHARACTERS - 1));
        return text.substring(0, splits ? SHOWN_CHARACTERS - 1 : SHOWN_CHARACTERS) + "…";
    }

    private static String sign(char sign) {
        return sign == Dialect.NO_QUOTE ? "none" : String.valueOf(sign);
    }

    private static void options(ObjectNode view, LoadOptions options) {
        view.put("mode", SourceParameters.spelled(options.mode()))
                .put("ifLoaded", SourceParameters.spelled(options.ifLoaded()))
                .put("throughViews", options.throughViews())
                .put("dryRun", options.dryRun())
                .put("maxRejected", options.maxRejected().text());
    }

    private static @Nullable String id(@Nullable JobId job) {
        return job == null ? null : job.publicId();
    }

    private static ObjectNode undo(Undo undo) {
        var view = Json.object().put("state", undo.state().name()).put("at", Json.time(undo.at()));
        view.set("cause", undo.cause() == null ? null : cause(undo.cause()));
        return view;
    }

    private static ObjectNode cause(Cause cause) {
        return Json.object()
                .put("code", cause.code().name())
                .put("message", cause.message())
                .put("remedy", cause.remedy());
    }
}
