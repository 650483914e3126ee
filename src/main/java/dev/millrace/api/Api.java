package dev.millrace.api;

import dev.millrace.connect.Connections;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Pull;
import dev.millrace.core.UploadRequest;
import dev.millrace.explore.Discovery;
import dev.millrace.explore.Explore;
import dev.millrace.export.Exports;
import dev.millrace.infer.Infer;
import dev.millrace.intake.Intake;
import dev.millrace.intake.Pulls;
import dev.millrace.jobs.Jobs;
import dev.millrace.jobs.Sweeps;
import dev.millrace.models.Models;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.JettyConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP server: HTTP/1.1, a virtual thread a request. Thread-safe.
public final class Api implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Api.class);

    /// How long a connection may be silent, in the middle of an upload too: a sender may have to
    /// wait for its own source.
    private static final Duration IDLE_LIMIT = Duration.ofMinutes(5);

    /// The route of a request, once it is known, for who counts requests.
    private static final String ROUTE = "millrace.route";

    private static final Duration CHECK_LIMIT = Duration.ofSeconds(5);

    /// The largest buffers that Jetty pools. Its default for input, 8 KiB, costs an upload eight
    /// times as many reads of the socket.
    private static final int BUFFER_BYTES = 64 << 10;

    private static final Pattern LOOPBACK_HOST =
            Pattern.compile("(?i)(127\\.0\\.0\\.1|localhost|\\[::1])(:\\d*)?");

    /// Connections that may wait to be accepted.
    private static final int BACKLOG = 128;

    private final ApiSettings settings;
    private final Monitoring monitoring;
    private final SignInCodes codes;
    private final boolean loopback;
    private final Authentication authentication;
    private final Readiness readiness;
    private final JobEvents events;
    private final KeyedRequests keyed;
    private final Routes routes;
    private final Javalin server;
    private @Nullable ServerSocketChannel socket;
    private volatile int port;

    /// @param keyed does requests with a key once
    /// @param checks by an engine's name: returns when it answers, throws why it does not
    /// @throws MillraceException INVALID_CONFIGURATION when the settings' secret is too short
    public Api(
            ApiSettings settings,
            Models models,
            Infer infer,
            Jobs jobs,
            Intake intake,
            Pulls pulls,
            Sweeps sweeps,
            Explore explore,
            Connections connections,
            Exports exports,
            KeyedRequests keyed,
            Map<String, Runnable> checks,
            Monitoring monitoring) {
        this(
                settings,
                models,
                infer,
                jobs,
                uploads(intake),
                fetching(pulls, connections),
                sweeps,
                explore,
                connections,
                exports,
                keyed,
                checks,
                monitoring,
                CHECK_LIMIT);
    }

    Api(
            ApiSettings settings,
            Models models,
            Infer infer,
            Jobs jobs,
            JobRoutes.Uploads uploads,
            Fetching fetching,
            Sweeps sweeps,
            Explore explore,
            Connections connections,
            Exports exports,
            KeyedRequests keyed,
            Map<String, Runnable> checks,
            Monitoring monitoring,
            Duration checkLimit) {
        this.settings = settings;
        this.monitoring = monitoring;
        this.codes = new SignInCodes(settings.clock());
        var tokens = new Tokens(settings.tokenSecret(), settings.clock());
        this.loopback = settings.isLoopback();
        this.authentication = new Authentication(tokens);
        this.readiness = new Readiness(checks, checkLimit);
        var view = new JobView(settings.clock(), jobs::sourceCounts);
        this.keyed = keyed;
        var discovery = new Discovery(connections);
        var exportRoutes = new ExportRoutes(exports, connections, settings.clock());
        this.events =
                new JobEvents(jobs, exportRoutes, view, monitoring.streams(), settings.clock());
        var jobRoutes = new JobRoutes(jobs, uploads, fetching, view, exportRoutes);
        var oldExports = new OldExports(connections, discovery, exports, exportRoutes);
        var oldLoads = new OldLoads(models, infer, jobRoutes);
        this.routes =
                new Routes(
                        new ModelRoutes(models),
                        new SourceRoutes(infer, models, fetching),
                        jobRoutes,
                        new RejectionRoutes(jobs),
                        events,
                        new SweepRoutes(sweeps),
                        new SqlRoutes(explore, discovery),
                        new ConnectionRoutes(connections),
                        exportRoutes,
                        new ExploreRoutes(discovery),
                        new OldTool(
                                new OldRoutes(connections, discovery),
                                oldExports,
                                oldLoads,
                                new OldJobs(oldExports, oldLoads, jobs, exports, events)),
                        new SessionRoutes(codes, tokens),
                        new ServerRoutes(readiness, monitoring));
        this.server = Javalin.create(this::configure);
    }

    private static Fetching fetching(Pulls pulls, Connections connections) {
        return new Fetching() {
            @Override
            public List<Pull.OfObject> find(String connection, String uri) {
                return pulls.find(connection, uri);
            }

            @Override
            public InputStream content(Pull.OfObject wanted) {
                return pulls.content(wanted);
            }

            @Override
            public Pull.OfQuery answer(String connection, String query) {
                return pulls.answer(connections.find(connection).id(), query);
            }

            @Override
            public void wake() {
                pulls.wake();
            }

            @Override
            public boolean isWanted(Job job) {
                return pulls.isWanted(job);
            }
        };
    }

    private static JobRoutes.Uploads uploads(Intake intake) {
        return new JobRoutes.Uploads() {
            @Override
            public Job receive(Job job, InputStream body, UploadRequest asked) {
                return intake.receive(job, body, asked);
            }

            @Override
            public void requireRoom(long declaredBytes) {
                intake.requireRoom(declaredBytes);
            }
        };
    }

    /// Begins to listen.
    ///
    /// @throws MillraceException PORT_TAKEN; INVALID_CONFIGURATION for a host that is not ours
    public void start() {
        socket = bind();
        server.start();
        port = server.port();
    }

    /// Bound here and not by Jetty, which hides what went wrong behind its own errors.
    private ServerSocketChannel bind() {
        try {
            var channel = ServerSocketChannel.open();
            try {
                return channel.bind(
                        new InetSocketAddress(settings.host(), settings.port()), BACKLOG);
            } catch (IOException | UnresolvedAddressException e) {
                channel.close();
                throw e;
            }
        } catch (BindException e) {
            throw settings.portTaken(e);
        } catch (IOException | UnresolvedAddressException e) {
            throw new MillraceException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Nothing can listen on '%s': %s".formatted(settings.host(), e),
                    e);
        }
    }

    /// The port that it listens on, once started.
    public int port() {
        return port;
    }

    /// A link that signs a browser in, once, within ten minutes.
    ///
    /// @param subject who will own what is made in that session
    public String signInLink(String subject) {
        var host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
        return "http://%s:%d/sign-in?code=%s".formatted(host, port(), codes.issue(subject));
    }

    /// Stops accepting, and lets what runs come to its end within the settings' limit. Events end.
    @Override
    public void close() {
        events.close();
        try {
            server.stop();
        } catch (JavalinException e) {
            log.warn("limit={} requests were cut off", settings.drainLimit());
        } finally {
            readiness.close();
        }
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.prefer405over404 = true;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.requestLogger.http(this::count);
        listen(config.jetty);
        for (var route : routes.table()) {
            config.routes.addHttpHandler(route.method(), route.path(), ctx -> run(route, ctx));
        }
        config.routes.before(Api::refuseHead);
        config.routes.exception(Exception.class, (e, ctx) -> Problems.answer(ctx, e));
        config.routes.exception(HttpResponseException.class, (e, ctx) -> Problems.answer(ctx, e));
    }

    /// Left to itself, Javalin answers 200 to a HEAD of whatever has a GET, without running it and
    /// so without asking for a token.
    private static void refuseHead(Context ctx) {
        if (ctx.method().equals(HandlerType.HEAD)) {
            throw new MethodNotAllowedResponse(
                    "HEAD is not taken here", Map.of("availableMethods", "GET"));
        }
    }

    private void run(Route route, Context ctx) throws Exception {
        ctx.attribute(ROUTE, route.path());
        ctx.header("X-Content-Type-Options", "nosniff");
        var open = route.openOnLoopback() && loopback && namesLoopback(ctx);
        var scope = open ? null : route.scope();
        if (scope != null) {
            ctx.header("Cache-Control", "no-store");
            authentication.admit(ctx, scope);
            QueryParameters.check(ctx, route.parameters());
        }
        keyed.handle(route, ctx);
    }

    /// Whether the client believes that it asks this machine. A page of the web whose name was made
    /// to lead here (DNS rebinding) comes with that name.
    private static boolean namesLoopback(Context ctx) {
        var host = ctx.header("Host");
        return host != null && LOOPBACK_HOST.matcher(host).matches();
    }

    private void count(Context ctx, float millis) {
        var route = ctx.<String>attribute(ROUTE);
        var broken = ctx.<Integer>attribute(Problems.BROKEN);
        var waits = ctx.attribute(Monitoring.WAITS) != null;
        monitoring
                .requests()
                .answered(
                        ctx.method().name(),
                        route == null ? "" : route,
                        broken == null ? ctx.statusCode() : broken,
                        waits ? null : Duration.ofNanos((long) (millis * 1e6)));
    }

    private void listen(JettyConfig jetty) {
        jetty.modifyServer(server -> {
            server.setStopTimeout(settings.drainLimit().toMillis());
            server.setHandler(new GracefulHandler());
            server.setErrorHandler(new ProtocolProblems());
        });
        jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setInputBufferSize(BUFFER_BYTES);
            http.setOutputBufferSize(BUFFER_BYTES);
        });
        jetty.addConnector((server, http) -> {
            var connector = new ServerConnector(server, new HttpConnectionFactory(http));
            connector.setIdleTimeout(IDLE_LIMIT.toMillis());
            open(connector);
            return connector;
        });
    }

    private void open(ServerConnector connector) {
        try {
            connector.open(Objects.requireNonNull(socket, "bound by start"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
