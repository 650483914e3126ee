package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.models.Models;
import io.javalin.http.Context;
import java.io.IOException;

/// Models over HTTP.
final class ModelRoutes {
    private final Models models;

    ModelRoutes(Models models) {
        this.models = models;
    }

    void list(Context ctx) {
        var limit = QueryParameters.limit(ctx);
        var found = models.list(QueryParameters.text(ctx, "cursor"), limit + 1);
        var page = QueryParameters.page(found, limit);
        Json.answer(
                ctx,
                200,
                Json.items(Json.array(page, ModelRoutes::view))
                        .put("next", found.size() > limit ? page.getLast().name() : null));
    }

    void create(Context ctx) throws IOException {
        var body = Json.read(ctx).withOnly("name", "schema");
        var model =
                models.create(
                        body.requiredText("name"), definition(body), Authentication.owner(ctx));
        ctx.header("Location", path(model));
        Json.answer(ctx, 201, view(model));
    }

    void get(Context ctx) {
        Json.answer(ctx, 200, view(models.get(ctx.pathParam("model"))));
    }

    void update(Context ctx) throws IOException {
        var definition = definition(Json.read(ctx).withOnly("schema"));
        Json.answer(ctx, 200, view(models.update(ctx.pathParam("model"), definition)));
    }

    void delete(Context ctx) {
        Json.answer(ctx, 200, view(models.delete(ctx.pathParam("model"))));
    }

    private static ModelDefinition definition(JsonObject body) {
        return ModelSchema.parse(body.required("schema"));
    }

    private static String path(Model model) {
        return "/api/v1/models/" + model.id().publicId();
    }

    private static ObjectNode view(Model model) {
        var view =
                Json.object()
                        .put("id", model.id().publicId())
                        .put("uuid", model.id().uuid().toString())
                        .put("name", model.name())
                        .put("version", model.version())
                        .put("table", model.table());
        view.set("schema", ModelSchema.view(model.definition()));
        view.put("owner", model.owner()).put("createdAt", Json.time(model.createdAt()));
        view.putObject("links").put("self", path(model));
        return view;
    }
}
