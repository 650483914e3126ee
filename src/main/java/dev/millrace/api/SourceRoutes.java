package dev.millrace.api;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import dev.millrace.infer.Infer;
import dev.millrace.models.Models;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// What can be said of a source before it is loaded. Nothing of it is kept.
final class SourceRoutes {
    static final String[] INFER_PARAMETERS =
            SourceParameters.and("name", "header", "connection", "uri");
    static final String[] PREVIEW_PARAMETERS =
            SourceParameters.and("model", "whole", "header", "connection", "uri");

    private final Infer infer;
    private final Models models;
    private final Fetching fetching;

    SourceRoutes(Infer infer, Models models, Fetching fetching) {
        this.infer = infer;
        this.models = models;
        this.fetching = fetching;
    }

    void infer(Context ctx) throws IOException {
        try (var sent = sent(ctx, INFER_PARAMETERS)) {
            var proposal = infer.propose(sent.body(), sent.options(), sent.hasHeader());
            Json.answer(ctx, 200, ProposalView.of(proposal, sent.name()));
        }
    }

    /// The body is the source, or its head. What is sent beyond that is read only of a source that
    /// has to be whole.
    void preview(Context ctx) throws IOException {
        try (var sent = sent(ctx, PREVIEW_PARAMETERS)) {
            var whole = !Boolean.FALSE.equals(sent.parameters().flag("whole"));
            var model = sent.parameters().given().apply("model");
            var definition = model == null ? null : models.get(model).definition();
            Json.answer(
                    ctx,
                    200,
                    ProposalView.of(
                            infer.preview(
                                    sent.body(),
                                    whole,
                                    sent.options(),
                                    sent.hasHeader(),
                                    definition)));
        }
    }

    /// A source as it comes, or as the server fetches it.
    private Sent sent(Context ctx, String[] known) throws IOException {
        var uri = QueryParameters.text(ctx, "uri");
        var connection = QueryParameters.text(ctx, "connection");
        if (uri == null && connection == null) {
            return Sent.of(ctx, known);
        }
        if (uri == null || connection == null || ctx.req().getInputStream().read() >= 0) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "A source that the server fetches takes 'uri' and 'connection', and no body",
                    null);
        }
        var wanted = fetching.find(connection, uri).getFirst();
        var given = new SourceParameters(name -> QueryParameters.text(ctx, name));
        return new Sent(fetching.content(wanted), given, wanted.object().name().last());
    }

    /// A source as it comes: as the body, or as the part of a form.
    private record Sent(InputStream body, SourceParameters parameters, @Nullable String fileName)
            implements AutoCloseable {
        static Sent of(Context ctx, String[] known) throws IOException {
            if (!JobRoutes.isForm(RequestBody.mediaType(ctx))) {
                var given = new SourceParameters(name -> QueryParameters.text(ctx, name));
                return new Sent(ctx.req().getInputStream(), given, null);
            }
            var form = UploadForm.open(ctx, known);
            var given = new SourceParameters(name -> JobRoutes.given(ctx, form, name));
            return new Sent(form.file(), given, form.fileName());
        }

        SourceOptions options() {
            return parameters.options();
        }

        /// Whether the caller says that there is one. That there is none is said by `columns`.
        boolean hasHeader() {
            return Boolean.TRUE.equals(parameters.flag("header"));
        }

        @Override
        public void close() throws IOException {
            body.close();
        }

        @Nullable String name() {
            var name = parameters.given().apply("name");
            return name == null ? fileName : name;
        }
    }
}
