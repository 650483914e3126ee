package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.Sweep;
import dev.millrace.jobs.Sweeps;
import io.javalin.http.Context;

/// Sweeps over HTTP.
final class SweepRoutes {
    private final Sweeps sweeps;

    SweepRoutes(Sweeps sweeps) {
        this.sweeps = sweeps;
    }

    void list(Context ctx) {
        var found = sweeps.list(QueryParameters.limit(ctx));
        Json.answer(ctx, 200, Json.items(Json.array(found, SweepRoutes::view)));
    }

    void run(Context ctx) {
        Json.answer(ctx, 200, view(sweeps.run()));
    }

    private static ObjectNode view(Sweep sweep) {
        var view = Json.object().put("at", Json.time(sweep.at())).put("more", sweep.more());
        view.set("found", Json.array(sweep.found(), SweepRoutes::view));
        return view;
    }

    private static ObjectNode view(Sweep.Found found) {
        return Json.object()
                .put("kind", found.kind().name())
                .put("job", found.job())
                .put("name", found.name())
                .put("removed", found.removed());
    }
}
