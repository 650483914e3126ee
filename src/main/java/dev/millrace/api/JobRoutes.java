package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.MillraceException;
import dev.millrace.core.UploadRequest;
import dev.millrace.jobs.Jobs;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Jobs over HTTP.
final class JobRoutes {
    static final String[] SOURCE_PARAMETERS =
            SourceParameters.and(
                    "model",
                    "name",
                    "maxRejected",
                    "mode",
                    "ifLoaded",
                    "throughViews",
                    "dryRun",
                    "parent");

    static final String PATH = "/api/v1/jobs/";

    private static final int MAX_WAIT_MILLIS = 30_000;

    private final WorkList list;
    private final ExportRoutes exports;
    private final Jobs jobs;
    private final Uploads uploads;
    private final Fetching fetching;
    private final JobView view;

    /// Where bodies go: [dev.millrace.intake.Intake].
    @FunctionalInterface
    interface Uploads {
        Job receive(Job job, InputStream body, UploadRequest asked);

        /// Refuses a source that would not be received.
        default void requireRoom(long declaredBytes) {}
    }

    /// @param exports which are jobs too: each is found here by its id
    JobRoutes(Jobs jobs, Uploads uploads, Fetching fetching, JobView view, ExportRoutes exports) {
        this.list = exports.beside(jobs, view::of);
        this.exports = exports;
        this.jobs = jobs;
        this.uploads = uploads;
        this.fetching = fetching;
        this.view = view;
    }

    void list(Context ctx) {
        list.list(ctx);
    }

    void create(Context ctx) throws IOException {
        var type = RequestBody.mediaType(ctx);
        if (type.equals(Json.CONTENT_TYPE)) {
            describe(ctx);
        } else if (isForm(type)) {
            var form = UploadForm.open(ctx, SOURCE_PARAMETERS);
            var given = new SourceParameters(name -> given(ctx, form, name));
            begin(ctx, made(ctx, given), form.file(), UploadRequest.once(-1));
        } else {
            var given = new SourceParameters(name -> QueryParameters.text(ctx, name));
            begin(ctx, made(ctx, given), body(ctx), UploadRequest.once(length(ctx)));
        }
    }

    /// Makes a job whose source follows, or is fetched by the server itself.
    private void describe(Context ctx) throws IOException {
        var body = described(ctx);
        var source = body.object("source");
        if (source == null) {
            var job = jobs.create(request(ctx, body));
            ctx.header("Location", JobView.path(job));
            Json.answer(ctx, 201, view(job));
            return;
        }
        var fetched = FetchedSources.of(body, source, fetching);
        uploads.requireRoom(fetched.bytes());
        var request =
                parameters(body)
                        .request(
                                fetched.sources(),
                                Authentication.owner(ctx),
                                KeyedRequests.name(ctx));
        var job = jobs.create(request, fetched.wanted());
        fetching.wake();
        ctx.header("Location", JobView.path(job));
        Json.answer(ctx, 202, view(job));
    }

    /// Makes the job for a source that comes at once, when there is room for that.
    private Job made(Context ctx, SourceParameters given) {
        uploads.requireRoom(length(ctx));
        return jobs.create(
                given.request("name", Authentication.owner(ctx), KeyedRequests.name(ctx)));
    }

    void upload(Context ctx) throws IOException {
        requireSent(job(ctx));
        if (isForm(RequestBody.mediaType(ctx))) {
            var form = UploadForm.open(ctx);
            receive(ctx, job(ctx), form.file(), UploadParameters.request(ctx, -1));
        } else {
            receive(ctx, job(ctx), body(ctx), UploadParameters.request(ctx, length(ctx)));
        }
    }

    private void requireSent(Job job) {
        if (fetching.isWanted(job)) {
            throw new MillraceException(
                    ErrorCode.UPLOAD_NOT_EXPECTED,
                    "The source of the job %s is fetched by the server".formatted(job.id()),
                    "Make another job for a source that is sent.",
                    null);
        }
    }

    void get(Context ctx) {
        var waitMillis = QueryParameters.number(ctx, "waitMillis", 0, MAX_WAIT_MILLIS, 0);
        var seen = QueryParameters.text(ctx, "seen");
        var id = ctx.pathParam("job");
        var found = jobs.find(id);
        if (found.isEmpty() && exports.knows(id)) {
            exports.get(ctx, id, Duration.ofMillis(waitMillis), seen);
            return;
        }
        var job = found.orElseGet(() -> jobs.get(id));
        if (waitMillis > 0) {
            ctx.attribute(Monitoring.WAITS, true);
            job = jobs.await(job.id(), now -> hasNews(now, seen), Duration.ofMillis(waitMillis));
        }
        Json.answer(ctx, 200, view(job));
    }

    void cancel(Context ctx) {
        var id = ctx.pathParam("job");
        if (jobs.find(id).isEmpty() && exports.knows(id)) {
            exports.cancel(ctx, id);
        } else {
            Json.answer(ctx, 200, view(jobs.cancel(id)));
        }
    }

    /// What is to be otherwise than before stands in the body, if there is one.
    void retry(Context ctx) throws IOException {
        var body = Json.readIfAny(ctx).withOnly("ifLoaded", "maxRejected", "throughViews");
        Json.answer(ctx, 202, view(jobs.retry(ctx.pathParam("job"), parameters(body).wishes())));
    }

    void undo(Context ctx) {
        Json.answer(ctx, 202, view(jobs.undo(ctx.pathParam("job"))));
    }

    void resolve(Context ctx) throws IOException {
        var published = Json.read(ctx).withOnly("published").flag("published");
        if (published == null) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "'published' is missing",
                    "Say true when the job's rows are in the table, else false.",
                    null);
        }
        Json.answer(ctx, 200, view(jobs.resolve(ctx.pathParam("job"), published)));
    }

    void splits(Context ctx) {
        Json.answer(ctx, 200, Json.items(Json.array(jobs.ledger(job(ctx)), JobRoutes::view)));
    }

    private Job job(Context ctx) {
        return jobs.get(ctx.pathParam("job"));
    }

    /// The server's own stream: its bytes are copied once, from the socket's buffer into the
    /// reader's.
    private static InputStream body(Context ctx) throws IOException {
        return ctx.req().getInputStream();
    }

    /// The body's length, or -1. How long a form's file is, only its end says.
    private static long length(Context ctx) {
        return ctx.req().getContentLengthLong();
    }

    private void receive(Context ctx, Job job, InputStream body, UploadRequest asked) {
        // Said first, so that it also names the job whose source turns out to be at fault.
        ctx.header("Location", JobView.path(job));
        Json.answer(ctx, 202, view(uploads.receive(job, body, asked)));
    }

    /// Receives the source of a job that this request has made. One that it had made before, and
    /// that needs no source any more, is only shown.
    private void begin(Context ctx, Job job, InputStream body, UploadRequest asked) {
        if (job.isReceived() || job.state().isFinal()) {
            ctx.header("Location", JobView.path(job));
            Json.answer(ctx, 202, view(job));
        } else {
            receive(ctx, job, body, asked);
        }
    }

    /// Makes a job for a source that comes at once, and receives that.
    Job load(Context ctx, SourceParameters given, InputStream body) {
        var job = made(ctx, given);
        ctx.header("Location", JobView.path(job));
        return job.isReceived() || job.state().isFinal()
                ? job
                : uploads.receive(job, body, UploadRequest.once(-1));
    }

    /// What the query or a form says; the source's name is the file's unless another is given.
    static @Nullable String given(Context ctx, UploadForm form, String name) {
        var query = QueryParameters.text(ctx, name);
        var field = form.field(name);
        if (query != null && field != null && !query.equals(field)) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "'%s' is '%s' in the query and '%s' in the form".formatted(name, query, field),
                    "Say it once.",
                    null);
        }
        if (query == null && field == null && name.equals("name")) {
            return form.fileName();
        }
        return query == null ? field : query;
    }

    private static JsonObject described(Context ctx) throws IOException {
        if (!ctx.queryParamMap().isEmpty()) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "A job that is described in JSON takes nothing from the query",
                    "Say everything in the body.",
                    null);
        }
        return Json.read(ctx)
                .withOnly(
                        "model",
                        "source",
                        "sourceName",
                        DeclaredSources.KEY,
                        "format",
                        "encoding",
                        "delimiter",
                        "quote",
                        "escape",
                        "comment",
                        "trailingDelimiter",
                        "skip",
                        "sheet",
                        "columns",
                        "maxRejected",
                        "mode",
                        "ifLoaded",
                        "throughViews",
                        "dryRun",
                        "parent");
    }

    /// Of sources that follow.
    private static Jobs.Request request(Context ctx, JsonObject body) {
        var owner = Authentication.owner(ctx);
        var request = KeyedRequests.name(ctx);
        return body.has(DeclaredSources.KEY)
                ? parameters(body).request(DeclaredSources.of(body), owner, request)
                : parameters(body).request("sourceName", owner, request);
    }

    static SourceParameters parameters(JsonObject body) {
        return new SourceParameters(key ->
                switch (key) {
                    case "maxRejected", "skip" -> textOrNumber(body, key);
                    case "throughViews", "dryRun", "trailingDelimiter" ->
                            body.flag(key) == null ? null : "" + body.flag(key);
                    default -> body.text(key);
                });
    }

    private static @Nullable String textOrNumber(JsonObject body, String key) {
        return body.has(key) && body.required(key).isIntegralNumber()
                ? body.required(key).asText()
                : body.text(key);
    }

    /// Any other multipart body would be loaded with its boundaries and headers as if they were
    /// rows.
    static boolean isForm(String mediaType) {
        if (mediaType.startsWith("multipart/") && !mediaType.equals(UploadForm.MEDIA_TYPE)) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "The source came as %s".formatted(mediaType),
                    "Send the file's bytes as the body (curl -T FILE, or --data-binary @FILE), or a"
                            + " form (curl -F file=@FILE).",
                    null);
        }
        return mediaType.equals(UploadForm.MEDIA_TYPE);
    }

    private static boolean hasNews(Job job, @Nullable String seen) {
        return job.isSettled() || (seen != null && !JobView.version(job).equals(seen));
    }

    private ObjectNode view(Job job) {
        return view.of(job);
    }

    private static ObjectNode view(LedgerEntry entry) {
        return Json.object()
                .put("source", entry.split().source())
                .put("number", entry.split().number())
                .put("attempt", entry.attempt())
                .put("worker", entry.worker())
                .put("read", entry.read())
                .put("bytesRead", entry.bytesRead())
                .put("written", entry.written().rows())
                .put("rejected", entry.rejected());
    }
}
