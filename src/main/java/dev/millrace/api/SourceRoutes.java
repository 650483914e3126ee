package dev.millrace.api;

import dev.millrace.core.Limits;
import dev.millrace.infer.Infer;
import dev.millrace.models.Models;
import io.javalin.http.Context;
import java.io.IOException;

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

    /// The sources are read as they come, one after the other.
    void infer(Context ctx) throws IOException {
        var sent = SentSources.of(ctx, fetching, Limits.MAX_SOURCES, INFER_PARAMETERS);
        var proposal = infer.propose(sent.feed());
        Json.answer(ctx, 200, ProposalView.of(proposal, sent.name()));
    }

    /// The body is the source, or its head. What is sent beyond that is read only of a source that
    /// has to be whole. Of objects that match it is the first.
    void preview(Context ctx) throws IOException {
        var sent = SentSources.of(ctx, fetching, 1, PREVIEW_PARAMETERS);
        var whole = !Boolean.FALSE.equals(sent.parameters().flag("whole"));
        var model = sent.parameters().given().apply("model");
        var definition = model == null ? null : models.get(model).definition();
        var first = sent.first();
        try (var source = first.in()) {
            Json.answer(
                    ctx,
                    200,
                    ProposalView.of(
                            infer.preview(
                                    source, whole, first.asked(), first.hasHeader(), definition)));
        }
    }
}
