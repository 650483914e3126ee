package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Source;
import dev.millrace.jobs.Jobs;
import dev.millrace.jobs.RejectionCause;
import dev.millrace.jobs.RejectionCause.Example;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;

/// Rejections over HTTP.
final class RejectionRoutes {
    private final Jobs jobs;

    RejectionRoutes(Jobs jobs) {
        this.jobs = jobs;
    }

    void list(Context ctx) throws IOException {
        var raw = QueryParameters.flag(ctx, "raw");
        var job = job(ctx);
        var source = source(ctx, job);
        try (var out = RejectionStream.open(ctx, raw, names(job))) {
            jobs.rejections(job, of -> source < 0 || of == source, out::write);
        }
    }

    void summary(Context ctx) {
        var job = job(ctx);
        var names = names(job);
        var causes = jobs.rejectionCauses(job);
        Json.answer(ctx, 200, Json.items(Json.array(causes, cause -> view(cause, names))));
    }

    /// The rejected rows as a file like the one that they came in.
    void source(Context ctx) throws IOException {
        var job = job(ctx);
        var source = source(ctx, job);
        if (source < 0 && job.hasSeveralSources()) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "Job %s has %d sources, whose rejected rows are not of one form"
                            .formatted(job.id(), job.sources().size()),
                    "Say which source it is to be: source=0 to source=%d."
                            .formatted(job.sources().size() - 1),
                    null);
        }
        var of = job.source(Math.max(0, source));
        var rejected = jobs.rejectedSource(job, of.ordinal());
        ctx.contentType("text/csv; charset=" + rejected.reading().encoding().label());
        ctx.header("Content-Disposition", RejectedFileName.of(of.name()).attachment());
        ctx.header("Millrace-Rows", Long.toString(rejected.rows()));
        ctx.header("Millrace-Rows-Omitted", Long.toString(rejected.omitted()));
        rejected.writeTo(ctx.res().getOutputStream());
    }

    private Job job(Context ctx) {
        return jobs.get(ctx.pathParam("job"));
    }

    /// The names of the sources by their ordinals, where there are several; else none.
    private static List<String> names(Job job) {
        return job.hasSeveralSources()
                ? job.sources().stream().map(Source::name).toList()
                : List.of();
    }

    /// The source that is asked for, or -1 for all.
    private static int source(Context ctx, Job job) {
        var source = UploadParameters.ordinal(QueryParameters.text(ctx, "source"));
        if (source >= job.sources().size()) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "Job %s has no source %d".formatted(job.id(), source),
                    "It has the sources 0 to %d.".formatted(job.sources().size() - 1),
                    null);
        }
        return source;
    }

    private static ObjectNode view(RejectionCause cause, List<String> names) {
        var view =
                Json.object()
                        .put("error", cause.count().error().name())
                        .put("column", cause.count().column())
                        .put("count", cause.count().count());
        view.set("examples", Json.array(cause.examples(), example -> view(example, names)));
        return view;
    }

    private static ObjectNode view(Example example, List<String> names) {
        var view =
                Json.object()
                        .put("row", example.row())
                        .put("eventId", example.eventId())
                        .put("observed", example.observed())
                        .put("message", example.message());
        if (!names.isEmpty()) {
            view.put("source", example.source()).put("sourceName", names.get(example.source()));
        }
        return view;
    }
}
