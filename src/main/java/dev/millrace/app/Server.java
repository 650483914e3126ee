package dev.millrace.app;

import dev.millrace.api.Api;
import dev.millrace.api.ApiSettings;
import dev.millrace.api.KeyedRequests;
import dev.millrace.api.Monitoring;
import dev.millrace.clickhouse.ClickHouseConnector;
import dev.millrace.connect.Connections;
import dev.millrace.connect.Vault;
import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.Connector;
import dev.millrace.core.HostRules;
import dev.millrace.core.S3Reach;
import dev.millrace.core.UploadReceiver;
import dev.millrace.core.WorkerName;
import dev.millrace.explore.Explore;
import dev.millrace.export.Exports;
import dev.millrace.export.QueryAnswers;
import dev.millrace.infer.Infer;
import dev.millrace.intake.Admission;
import dev.millrace.intake.Intake;
import dev.millrace.intake.Pulls;
import dev.millrace.jobs.Jobs;
import dev.millrace.jobs.Owner;
import dev.millrace.jobs.Retention;
import dev.millrace.jobs.Sweeps;
import dev.millrace.load.SplitLoad;
import dev.millrace.load.Worker;
import dev.millrace.metrics.Metrics;
import dev.millrace.models.Models;
import dev.millrace.s3.S3Connector;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The API and the owner of jobs, and in `up` a worker beside them, on engines that already run.
final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    /// How many sources are looked at at a time; each takes about 20 MB.
    private static final int INFERENCES = 4;

    /// How many sources the server fetches at a time.
    private static final int PULLS = 4;

    /// How long an object store may send nothing before the load fails.
    private static final Duration PULL_PATIENCE = Duration.ofMinutes(5);

    /// How long an export waits for who receives its file.
    private static final Duration EXPORT_WAITING = Duration.ofHours(24);

    private final Adapters adapters;
    private final Owner owner;
    private final Sweeps sweeps;
    private final @Nullable Worker worker;
    private final Connections connections;
    private final Pulls pulls;
    private final Exports exports;
    private final Api api;

    /// What a server is made of.
    ///
    /// @param instance names it among all servers of a catalog, now and after a restart
    /// @param workerThreads splits loaded at a time in this process, or 0 for none
    /// @param sweepEvery the pause between two sweeps
    /// @param maxJobs how many jobs of the catalog may wait or run
    record Plan(
            String instance,
            ApiSettings api,
            int workerThreads,
            Retention retention,
            Duration sweepEvery,
            Admission.Bounds uploads,
            int maxJobs,
            Vault vault,
            HostRules connectionHosts) {
        static Plan of(String instance, Start start, int workerThreads) {
            return new Plan(
                    instance,
                    start.api(),
                    workerThreads,
                    start.retention(),
                    start.sweepEvery(),
                    start.uploads(),
                    start.maxJobs(),
                    start.vault(),
                    start.connectionHosts());
        }
    }

    /// Starts everything; the API answers when this returns.
    Server(Plan plan, Adapters adapters) {
        this.adapters = adapters;
        var catalog = adapters.catalog();
        var metrics = adapters.metrics();
        var holder = plan.instance() + "/" + ProcessHandle.current().pid();
        catalog.jobs().releaseAll(plan.instance() + "/");
        owner = new Owner(holder, catalog, adapters.destination(), metrics.loads());
        sweeps =
                new Sweeps(
                        catalog,
                        adapters.store(),
                        adapters.sink(),
                        plan.retention(),
                        plan.sweepEvery());
        worker = plan.workerThreads() == 0 ? null : worker(plan, adapters);
        connections =
                new Connections(
                        catalog.connections(),
                        plan.vault(),
                        connector(plan.connectionHosts()),
                        adapters.embedded());
        var receiver = new UploadReceiver(holder, host(), adapters.store().identity());
        var intake =
                new Intake(
                        catalog,
                        adapters.store(),
                        receiver,
                        metrics.loads(),
                        new Admission(adapters.store(), adapters.sink(), plan.uploads()));
        catalog.pulls().releaseAll(plan.instance() + "/");
        pulls =
                new Pulls(
                        catalog,
                        connections,
                        new QueryAnswers(connections),
                        intake,
                        receiver,
                        PULLS,
                        PULL_PATIENCE);
        exports =
                new Exports(
                        catalog.exports(),
                        connections,
                        connections,
                        holder,
                        new Exports.Limits(EXPORT_WAITING, plan.retention().history()));
        api =
                new Api(
                        plan.api(),
                        new Models(catalog, adapters.sink()),
                        new Infer(INFERENCES, adapters.store()::newPart),
                        new Jobs(catalog, adapters.store(), adapters.sink(), plan.maxJobs()),
                        intake,
                        pulls,
                        sweeps,
                        new Explore(adapters.queryEngine()),
                        connections,
                        exports,
                        new KeyedRequests(catalog.answers(), holder, plan.api().tokenSecret()),
                        adapters.checks(),
                        new Monitoring(
                                metrics::text,
                                Metrics.CONTENT_TYPE,
                                metrics::answered,
                                metrics::streams));
        exports.start(plan.instance() + "/");
        owner.start();
        sweeps.start();
        if (worker != null) {
            worker.start();
        }
        pulls.start();
        api.start();
    }

    /// What opens connections of every kind.
    private static Connector connector(HostRules hosts) {
        var clickhouse = new ClickHouseConnector(hosts);
        var s3 = new S3Connector(hosts);
        return (reach, secret) ->
                switch (reach) {
                    case ClickHouseReach c -> clickhouse.open(c, secret);
                    case S3Reach s -> s3.open(s, secret);
                };
    }

    /// What people call this machine.
    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            LOG.warn("host=unnamed reason={}", e.getMessage());
            return "localhost";
        }
    }

    private static Worker worker(Plan plan, Adapters adapters) {
        return worker(WorkerName.given(plan.instance()), plan.workerThreads(), adapters);
    }

    /// A worker on its own.
    static Worker worker(WorkerName name, int threads, Adapters adapters) {
        var metrics = adapters.metrics().loads();
        return new Worker(
                name,
                adapters.catalog(),
                adapters.queue(),
                new SplitLoad(adapters.store(), adapters.sink(), metrics),
                metrics,
                threads);
    }

    /// The port that the API listens on.
    int port() {
        return api.port();
    }

    @Override
    public void close() {
        exports.close();
        api.close();
        pulls.close();
        connections.close();
        sweeps.close();
        owner.close();
        if (worker != null) {
            worker.close();
        }
        adapters.close();
    }

    /// A link that signs a browser in once.
    String signInLink() {
        return api.signInLink(System.getProperty("user.name"));
    }
}
