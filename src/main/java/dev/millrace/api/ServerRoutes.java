package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Properties;

/// What everyone may see: health, readiness, metrics, the contract, and a page to browse it.
final class ServerRoutes {
    private static final String WEBJAR = "/META-INF/resources/webjars/swagger-ui/";
    private static final String WEBJAR_VERSION =
            "/META-INF/maven/org.webjars/swagger-ui/pom.properties";

    /// The page's files and their media types; nothing else of the webjar is served.
    private static final Map<String, String> DOCS_FILES =
            Map.of(
                    "swagger-ui.css", "text/css; charset=utf-8",
                    "swagger-ui-bundle.js", "text/javascript; charset=utf-8",
                    "favicon-32x32.png", "image/png");

    /// The page runs our scripts alone; swagger-ui writes styles into its elements.
    private static final String DOCS_POLICY =
            "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
                    + " frame-ancestors 'none'";

    private final Readiness readiness;
    private final Monitoring monitoring;

    ServerRoutes(Readiness readiness, Monitoring monitoring) {
        this.readiness = readiness;
        this.monitoring = monitoring;
    }

    void health(Context ctx) {
        Json.answer(ctx, 200, Json.object().put("status", "ok"));
    }

    void ready(Context ctx) throws InterruptedException {
        var findings = readiness.look();
        var ready = findings.stream().allMatch(Readiness.Finding::ok);
        var view = Json.object().put("ready", ready);
        view.set("checks", Json.array(findings, ServerRoutes::view));
        Json.answer(ctx, ready ? 200 : 503, view);
    }

    private static ObjectNode view(Readiness.Finding finding) {
        return Json.object()
                .put("name", finding.name())
                .put("ok", finding.ok())
                .put("reason", finding.reason());
    }

    void metrics(Context ctx) {
        ctx.contentType(monitoring.mediaType()).result(monitoring.metrics().get());
    }

    void contract(Context ctx) throws IOException {
        ctx.contentType("application/yaml").result(resource("/openapi.yaml"));
    }

    void docs(Context ctx) throws IOException {
        ctx.header("Content-Security-Policy", DOCS_POLICY)
                .contentType("text/html; charset=utf-8")
                .result(resource("/docs/index.html"));
    }

    void docsFile(Context ctx) throws IOException {
        var file = ctx.pathParam("file");
        if (file.equals("docs.js")) {
            ctx.contentType("text/javascript; charset=utf-8").result(resource("/docs/docs.js"));
            return;
        }
        var type = DOCS_FILES.get(file);
        if (type == null) {
            throw new NotFoundResponse();
        }
        ctx.contentType(type).result(resource(WEBJAR + swaggerVersion() + "/" + file));
    }

    void home(Context ctx) {
        ctx.redirect("/docs", HttpStatus.FOUND);
    }

    private static String swaggerVersion() throws IOException {
        var properties = new Properties();
        try (var in = ServerRoutes.class.getResourceAsStream(WEBJAR_VERSION)) {
            if (in != null) {
                properties.load(in);
            }
        }
        return properties.getProperty("version", "");
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = ServerRoutes.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new MillraceException(
                        ErrorCode.INTERNAL_ERROR,
                        "%s is missing from this installation".formatted(name));
            }
            return in.readAllBytes();
        }
    }
}
