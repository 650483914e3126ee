package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.models.Models;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Models over HTTP.
final class ModelRoutes {
    private static final Pattern TAG = Pattern.compile("\"(\\d{1,9})\"");

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
                        body.requiredText("name"),
                        definition(body),
                        Authentication.owner(ctx),
                        KeyedRequests.name(ctx));
        ctx.header("Location", path(model));
        answer(ctx, 201, model, view(model));
    }

    void get(Context ctx) {
        var name = ctx.pathParam("model");
        var version = QueryParameters.number(ctx, "version", 1, Integer.MAX_VALUE, 0);
        var model = version == 0 ? models.get(name) : models.get(name, version);
        var view = view(model);
        view.set(
                "versions",
                Json.array(
                        models.versions(model),
                        v ->
                                Json.object()
                                        .put("version", v.version())
                                        .put("createdAt", Json.time(v.createdAt()))));
        answer(ctx, 200, model, view);
    }

    void update(Context ctx) throws IOException {
        var definition = definition(Json.read(ctx).withOnly("schema"));
        var updated = models.update(ctx.pathParam("model"), seen(ctx), definition);
        var view = view(updated.model());
        view.set("changes", Json.texts(updated.changes()));
        answer(ctx, 200, updated.model(), view);
    }

    /// The version that the caller says it has seen, or null.
    private static @Nullable Integer seen(Context ctx) {
        var tag = ctx.header("If-Match");
        if (tag == null || tag.strip().equals("*")) {
            return null;
        }
        var version = TAG.matcher(tag.strip());
        if (!version.matches()) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "If-Match: %s names no version".formatted(tag),
                    "Send the ETag of the model as it came: its version in quotes, such as \"3\".",
                    null);
        }
        return Integer.valueOf(version.group(1));
    }

    void delete(Context ctx) {
        var name = ctx.pathParam("model");
        var table = QueryParameters.text(ctx, "table", "keep");
        var model =
                switch (table) {
                    case "keep" -> models.delete(name);
                    case "drop" -> models.deleteWithTable(name);
                    default ->
                            throw new MillraceException(
                                    ErrorCode.INVALID_REQUEST,
                                    "table=%s is neither keep nor drop".formatted(table));
                };
        Json.answer(ctx, 200, view(model));
    }

    private static void answer(Context ctx, int status, Model model, ObjectNode view) {
        ctx.header("ETag", "\"%d\"".formatted(model.version()));
        Json.answer(ctx, status, view);
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
