package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.Before;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Export;
import dev.millrace.core.Job;
import dev.millrace.core.MillraceException;
import dev.millrace.export.Exports;
import dev.millrace.jobs.Jobs;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Loads and exports as one list, newest first; of those of one moment the loads come first.
/// Thread-safe.
final class WorkList {
    private static final String USUAL_KIND = "load";

    /// Before this in a list comes all that was made at its moment, and after it nothing of that.
    private static final long ALL_OF_MOMENT = Long.MAX_VALUE;

    private static final long NONE_OF_MOMENT = Long.MIN_VALUE;

    private final Jobs jobs;
    private final Exports exports;
    private final Function<Job, ObjectNode> loadView;
    private final Function<Export, ObjectNode> exportView;

    WorkList(
            Jobs jobs,
            Exports exports,
            Function<Job, ObjectNode> loadView,
            Function<Export, ObjectNode> exportView) {
        this.jobs = jobs;
        this.exports = exports;
        this.loadView = loadView;
        this.exportView = exportView;
    }

    /// How something that is listed is shown, which is asked of what a page has only.
    private record Entry(Instant createdAt, String id, Runnable addTo) {}

    /// Where the lists of both kinds go on.
    private record Places(@Nullable Before loads, @Nullable Before exports) {}

    void list(Context ctx) {
        var limit = QueryParameters.limit(ctx);
        var kind = QueryParameters.text(ctx, "kind", USUAL_KIND);
        var places = places(QueryParameters.text(ctx, "cursor"));
        var shown = Json.array(List.<Job>of(), loadView::apply);
        var found = new ArrayList<Entry>();
        if (has(kind, "load")) {
            jobs.list(places.loads(), limit + 1)
                    .forEach(job ->
                            found.add(
                                    new Entry(
                                            job.createdAt(),
                                            job.id().publicId(),
                                            () -> shown.add(loadView.apply(job)))));
        }
        if (has(kind, "export")) {
            exports.list(places.exports(), limit + 1)
                    .forEach(export ->
                            found.add(
                                    new Entry(
                                            export.createdAt(),
                                            export.id().publicId(),
                                            () -> shown.add(exportView.apply(export)))));
        }
        // stable: each kind stays in its order, and loads before exports
        found.sort(Comparator.comparing(Entry::createdAt).reversed());
        var page = QueryParameters.page(found, limit);
        page.forEach(entry -> entry.addTo().run());
        Json.answer(
                ctx,
                200,
                Json.items(shown).put("next", found.size() > limit ? page.getLast().id() : null));
    }

    private static boolean has(String kind, String one) {
        return switch (kind) {
            case "load", "export" -> kind.equals(one);
            case "all" -> true;
            default ->
                    throw new MillraceException(
                            ErrorCode.INVALID_REQUEST,
                            "'%s' is no kind of job".formatted(kind),
                            "Say load, export or all.",
                            null);
        };
    }

    private Places places(@Nullable String cursor) {
        if (cursor == null) {
            return new Places(null, null);
        }
        var load = jobs.find(cursor);
        if (load.isPresent()) {
            var at = load.get().createdAt();
            return new Places(new Before(at, load.get().number()), new Before(at, ALL_OF_MOMENT));
        }
        var export = exports.find(cursor).orElse(null);
        if (export == null) {
            jobs.get(cursor); // says that there is none
            return new Places(null, null);
        }
        return new Places(
                new Before(export.createdAt(), NONE_OF_MOMENT),
                new Before(export.createdAt(), export.number()));
    }
}
