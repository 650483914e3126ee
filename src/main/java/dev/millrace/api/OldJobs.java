package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.Cause;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Export;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.MillraceException;
import dev.millrace.export.Exports;
import dev.millrace.jobs.Jobs;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Work as users of the earlier tool begin and follow it.
final class OldJobs {
    private final OldExports fromClickHouse;
    private final OldLoads toClickHouse;
    private final Jobs jobs;
    private final Exports exports;
    private final JobEvents events;

    OldJobs(
            OldExports fromClickHouse,
            OldLoads toClickHouse,
            Jobs jobs,
            Exports exports,
            JobEvents events) {
        this.fromClickHouse = fromClickHouse;
        this.toClickHouse = toClickHouse;
        this.jobs = jobs;
        this.exports = exports;
        this.events = events;
    }

    /// `POST /start-ingestion`: JSON makes an export, whose file is then asked for; a form brings a
    /// file and makes a load.
    void start(Context ctx) throws IOException {
        if (JobRoutes.isForm(RequestBody.mediaType(ctx))) {
            toClickHouse.load(ctx);
            return;
        }
        var body = Json.read(ctx).withOnly(OldExports.known());
        var source = body.text("source");
        if (source != null && !source.equals("clickhouse")) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "'source' is '%s', and JSON brings no file".formatted(source),
                    "From ClickHouse to a file say clickhouse; a file comes in a form: curl -F"
                            + " table=purchases -F file=@purchases.csv",
                    null);
        }
        var export = fromClickHouse.make(ctx, body);
        ctx.header("Location", "/progress/" + export.id().publicId());
        Json.answer(
                ctx,
                202,
                started(export.id(), export.state())
                        .put(
                                "download",
                                "/api/v1/exports/%s/file".formatted(export.id().publicId())));
    }

    static ObjectNode started(JobId id, JobState state) {
        return Json.object()
                .put("job_id", id.publicId())
                .put("status", state.name())
                .put("progress", "/progress/" + id.publicId());
    }

    /// `GET /progress/{job}`: how it is, or with `Accept: text/event-stream` how it goes on.
    void progress(Context ctx) throws IOException {
        var accept = ctx.header("Accept");
        if (accept != null && accept.contains("text/event-stream")) {
            events.stream(ctx);
            return;
        }
        var id = ctx.pathParam("job");
        var load = jobs.find(id);
        var export = load.isPresent() || id.equals("last") ? null : exports.find(id).orElse(null);
        Json.answer(
                ctx, 200, export != null ? view(export) : view(load.orElseGet(() -> jobs.get(id))));
    }

    private static ObjectNode view(Job job) {
        var rows = job.ledger().read();
        return view(
                "load",
                job.id(),
                job.state(),
                Progress.percent(job),
                rows,
                job.source().receivedBytes(),
                message(job.state(), rows, job.cause()));
    }

    private static ObjectNode view(Export export) {
        var progress = export.progress();
        var share = ExportRoutes.share(export);
        return view(
                "export",
                export.id(),
                export.state(),
                share == null ? null : (Double) (100 * share),
                progress.rows(),
                progress.bytes(),
                message(export.state(), progress.rows(), export.cause()));
    }

    private static ObjectNode view(
            String kind,
            JobId id,
            JobState state,
            @Nullable Double percent,
            long rows,
            long bytes,
            String message) {
        return Json.object()
                .put("job_id", id.publicId())
                .put("kind", kind)
                .put("status", state.name())
                .put("progress", percent)
                .put("rows", rows)
                .put("bytes", bytes)
                .put("message", message);
    }

    private static String message(JobState state, long rows, @Nullable Cause cause) {
        return cause != null
                ? cause.message()
                : String.format(
                        Locale.ROOT, "%s, %,d rows", state.name().toLowerCase(Locale.ROOT), rows);
    }
}
