package dev.millrace.api;

import static dev.millrace.api.Repeat.ONCE;
import static dev.millrace.api.Repeat.ONCE_STREAMED;
import static dev.millrace.api.Route.admin;
import static dev.millrace.api.Route.load;
import static dev.millrace.api.Route.local;
import static dev.millrace.api.Route.open;
import static dev.millrace.api.Route.read;
import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;
import static io.javalin.http.HandlerType.PUT;

import java.util.List;

/// Everything that the API answers to.
record Routes(
        ModelRoutes models,
        SourceRoutes sources,
        JobRoutes jobs,
        RejectionRoutes rejections,
        JobEvents events,
        SweepRoutes sweeps,
        SqlRoutes sql,
        ConnectionRoutes connections,
        ExportRoutes exports,
        ExploreRoutes explore,
        OldTool old,
        SessionRoutes session,
        ServerRoutes server) {

    List<Route> table() {
        return List.of(
                read(GET, "/api/v1/models", models::list, "cursor", "limit"),
                admin(POST, "/api/v1/models", models::create).repeated(ONCE),
                load(POST, "/api/v1/models/infer", sources::infer, SourceRoutes.INFER_PARAMETERS),
                load(POST, "/api/v1/preview", sources::preview, SourceRoutes.PREVIEW_PARAMETERS),
                read(GET, "/api/v1/models/{model}", models::get, "version"),
                admin(PUT, "/api/v1/models/{model}", models::update),
                admin(DELETE, "/api/v1/models/{model}", models::delete, "table"),
                read(GET, "/api/v1/jobs", jobs::list, "cursor", "limit", "kind"),
                load(POST, "/api/v1/jobs", jobs::create, JobRoutes.SOURCE_PARAMETERS)
                        .repeated(ONCE_STREAMED),
                read(GET, "/api/v1/jobs/{job}", jobs::get, "waitMillis", "seen"),
                read(GET, "/api/v1/jobs/{job}/events", events::stream),
                load(PUT, "/api/v1/jobs/{job}/source", jobs::upload, UploadParameters.NAMES),
                load(POST, "/api/v1/jobs/{job}/cancel", jobs::cancel).repeated(ONCE),
                load(POST, "/api/v1/jobs/{job}/retry", jobs::retry).repeated(ONCE),
                load(POST, "/api/v1/jobs/{job}/undo", jobs::undo).repeated(ONCE),
                load(POST, "/api/v1/jobs/{job}/resolve", jobs::resolve).repeated(ONCE),
                read(GET, "/api/v1/jobs/{job}/rejections", rejections::list, "raw", "source"),
                read(GET, "/api/v1/jobs/{job}/rejections/summary", rejections::summary),
                read(GET, "/api/v1/jobs/{job}/rejections/source", rejections::source, "source"),
                read(GET, "/api/v1/jobs/{job}/splits", jobs::splits),
                read(GET, "/api/v1/sweeps", sweeps::list, "limit"),
                admin(POST, "/api/v1/sweeps", sweeps::run).repeated(ONCE),
                read(GET, "/api/v1/connections", connections::list, "cursor", "limit"),
                admin(POST, "/api/v1/connections", connections::create).repeated(ONCE),
                read(GET, "/api/v1/connections/{connection}", connections::get),
                admin(PUT, "/api/v1/connections/{connection}", connections::update),
                admin(DELETE, "/api/v1/connections/{connection}", connections::delete),
                read(POST, "/api/v1/connections/{connection}/test", connections::test, "uri"),
                read(GET, "/api/v1/connections/{connection}/databases", explore::databases),
                read(
                        GET,
                        "/api/v1/connections/{connection}/tables",
                        explore::tables,
                        ExploreRoutes.TABLE_PARAMETERS),
                read(
                        GET,
                        "/api/v1/connections/{connection}/columns",
                        explore::columns,
                        ExploreRoutes.COLUMN_PARAMETERS),
                read(POST, "/api/v1/connections/{connection}/columns", explore::columnsOfQuery),
                read(POST, "/api/v1/connections/{connection}/join", explore::join),
                read(POST, "/api/v1/connections/{connection}/preview", explore::preview),
                read(GET, "/api/v1/exports", exports::list, "cursor", "limit"),
                read(POST, "/api/v1/exports", exports::create).repeated(ONCE),
                read(GET, "/api/v1/exports/{export}", exports::get),
                read(POST, "/api/v1/exports/{export}/cancel", exports::cancel).repeated(ONCE),
                read(GET, "/api/v1/exports/{export}/file", exports::file),
                read(POST, "/api/v1/exports/{export}/file", exports::write),
                read(POST, "/api/v1/sql", sql::query, "format", "connection"),
                read(POST, "/tables", old.look()::tables),
                read(POST, "/columns", old.look()::columns),
                read(POST, "/join-query", old.look()::joinQuery),
                read(POST, "/preview", old.look()::preview),
                read(POST, "/clickhouse/export", old.exports()::file),
                load(POST, "/file-to-clickhouse", old.loads()::load).repeated(ONCE_STREAMED),
                load(POST, "/start-ingestion", old.jobs()::start).repeated(ONCE_STREAMED),
                read(GET, "/progress/{job}", old.jobs()::progress),
                open(GET, "/sign-in", session::signIn, "code"),
                open(POST, "/sign-out", session::signOut),
                open(GET, "/health", server::health),
                open(GET, "/ready", server::ready),
                local(GET, "/metrics", server::metrics),
                open(GET, "/openapi.yaml", server::contract),
                open(GET, "/docs", server::docs),
                open(GET, "/docs/{file}", server::docsFile),
                open(GET, "/", server::home));
    }
}
