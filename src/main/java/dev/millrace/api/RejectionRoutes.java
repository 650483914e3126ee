package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.Job;
import dev.millrace.jobs.Jobs;
import dev.millrace.jobs.RejectionCause;
import dev.millrace.jobs.RejectionCause.Example;
import io.javalin.http.Context;
import java.io.IOException;

/// Rejections over HTTP.
final class RejectionRoutes {
    private final Jobs jobs;

    RejectionRoutes(Jobs jobs) {
        this.jobs = jobs;
    }

    void list(Context ctx) throws IOException {
        var raw = QueryParameters.flag(ctx, "raw");
        var job = job(ctx);
        try (var out = RejectionStream.open(ctx, raw)) {
            jobs.rejections(job, out::write);
        }
    }

    void summary(Context ctx) {
        Json.answer(ctx, 200, Json.items(Json.array(jobs.rejectionCauses(job(ctx)), this::view)));
    }

    /// The rejected rows as a file like the one that they came in.
    void source(Context ctx) throws IOException {
        var job = job(ctx);
        var rejected = jobs.rejectedSource(job);
        ctx.contentType("text/csv; charset=" + rejected.reading().encoding().label());
        ctx.header("Content-Disposition", RejectedFileName.of(job.source().name()).attachment());
        ctx.header("Millrace-Rows", Long.toString(rejected.rows()));
        ctx.header("Millrace-Rows-Omitted", Long.toString(rejected.omitted()));
        rejected.writeTo(ctx.res().getOutputStream());
    }

    private Job job(Context ctx) {
        return jobs.get(ctx.pathParam("job"));
    }

    private ObjectNode view(RejectionCause cause) {
        var view =
                Json.object()
                        .put("error", cause.count().error().name())
                        .put("column", cause.count().column())
                        .put("count", cause.count().count());
        view.set("examples", Json.array(cause.examples(), RejectionRoutes::view));
        return view;
    }

    private static ObjectNode view(Example example) {
        return Json.object()
                .put("row", example.row())
                .put("eventId", example.eventId())
                .put("observed", example.observed())
                .put("message", example.message());
    }
}
