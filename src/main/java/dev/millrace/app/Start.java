package dev.millrace.app;

import dev.millrace.api.ApiSettings;
import dev.millrace.api.Tokens;
import dev.millrace.connect.Vault;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.HostRules;
import dev.millrace.core.MillraceException;
import dev.millrace.intake.Admission;
import dev.millrace.jobs.Retention;
import dev.millrace.kafka.KafkaSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;

/// What `up`, `serve` and `worker` have in common: settings in a data folder, brought to the forms
/// that the parts take.
record Start(DataFolder data, Settings settings) {
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);
    private static final int MAX_THREADS = 256;
    private static final int MAX_UPLOADS = 100_000;
    private static final int MAX_JOBS = 10_000_000;
    private static final int MAX_PARTITIONS = 10_000;

    /// What a thread that loads a split may take: the split, its batch, and its rejections.
    private static final long THREAD_BYTES = 300L << 20;

    static Start of(SettingFlags flags) {
        var data = DataFolder.open(flags.dataFolder(System.getenv()));
        return new Start(data, flags.resolve(data, System.getenv()));
    }

    Path store() {
        var path = settings.text(Setting.STORE_PATH);
        return path.isEmpty() ? data.store() : Path.of(path);
    }

    /// The announcements' place in a Kafka.
    KafkaSettings queue(String bootstrap) {
        var queue = KafkaSettings.of(bootstrap).withTopic(settings.text(Setting.KAFKA_TOPIC));
        return settings.isSet(Setting.KAFKA_PARTITIONS)
                ? queue.withPartitions(settings.number(Setting.KAFKA_PARTITIONS, 1, MAX_PARTITIONS))
                : queue;
    }

    Admission.Bounds uploads() {
        return new Admission.Bounds(
                settings.bytes(Setting.UPLOAD_MAX_BYTES),
                settings.number(Setting.UPLOAD_MAX, 1, MAX_UPLOADS),
                settings.bytes(Setting.STORE_MIN_FREE));
    }

    int maxJobs() {
        return settings.number(Setting.JOBS_MAX, 1, MAX_JOBS);
    }

    Duration uploadExpiry() {
        return settings.duration(Setting.UPLOAD_EXPIRY);
    }

    int workerThreads() {
        return settings.isSet(Setting.WORKER_THREADS)
                ? settings.number(Setting.WORKER_THREADS, 1, MAX_THREADS)
                : Math.clamp(
                        Runtime.getRuntime().maxMemory() / THREAD_BYTES,
                        1,
                        Runtime.getRuntime().availableProcessors());
    }

    String tokenSecret() {
        var secret = settings.text(Setting.TOKEN_SECRET);
        return secret.isEmpty() ? data.secret("token.secret", Tokens.MIN_SECRET_BYTES) : secret;
    }

    /// What encrypts the secrets of connections.
    Vault vault() {
        var key = settings.text(Setting.SECRETS_KEY);
        return new Vault(key.isEmpty() ? data.secret("secrets.key", Vault.KEY_BYTES) : key);
    }

    HostRules connectionHosts() {
        return HostRules.parse(settings.text(Setting.CONNECTIONS_HOSTS));
    }

    Retention retention() {
        return new Retention(
                settings.duration(Setting.RETENTION_SPLITS),
                settings.duration(Setting.RETENTION_REPLACED),
                settings.duration(Setting.RETENTION_REJECTIONS),
                settings.duration(Setting.RETENTION_HISTORY),
                answersKept());
    }

    /// @throws MillraceException INVALID_CONFIGURATION for less than a minute, within which a
    ///   request that is being done may give no sign of life
    private Duration answersKept() {
        var keep = settings.duration(Setting.IDEMPOTENCY_KEEP);
        if (keep.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new MillraceException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "idempotency.keep is '%s'; it must be a minute at least"
                            .formatted(settings.text(Setting.IDEMPOTENCY_KEEP)));
        }
        return keep;
    }

    Duration sweepEvery() {
        return settings.duration(Setting.SWEEP_EVERY);
    }

    /// @throws MillraceException INVALID_CONFIGURATION for an address that is not on loopback:
    ///   there is no TLS yet
    ApiSettings api() {
        var host = settings.text(Setting.HTTP_HOST);
        if (!host.equals("localhost") && !host.startsWith("127.") && !host.equals("::1")) {
            throw new MillraceException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "http.host is '%s', but Millrace listens on loopback only".formatted(host),
                    "Use 127.0.0.1, and a proxy with TLS in front for other hosts.",
                    null);
        }
        return new ApiSettings(
                host, settings.port(Setting.HTTP_PORT), tokenSecret(), DRAIN_LIMIT, clock());
    }

    /// This machine's clock, set wrong by so much as a test wants.
    private static InstantSource clock() {
        var system = InstantSource.system();
        var offset = System.getenv("MILLRACE_CLOCK_OFFSET");
        return offset == null ? system : Clock.offset(Clock.systemUTC(), Duration.parse(offset));
    }

    /// Where the engines are: named in the settings, or those of the `up` that runs in this folder.
    EngineAddresses engines() {
        var named = EngineAddresses.Named.of(settings);
        var running = RunFile.find(data).map(RunFile::engines);
        var clickhouse =
                named.clickhouse() != null
                        ? named.clickhouse()
                        : running.map(EngineAddresses::clickhouse)
                                .orElseThrow(() -> unnamed("ClickHouse", Setting.CLICKHOUSE_URL));
        var kafka =
                named.kafka() != null
                        ? named.kafka()
                        : running.map(EngineAddresses::kafka)
                                .orElseThrow(() -> unnamed("Kafka", Setting.KAFKA_BOOTSTRAP));
        var postgres =
                named.postgres() != null
                        ? named.postgres()
                        : running.map(EngineAddresses::postgres)
                                .orElseThrow(() -> unnamed("PostgreSQL", Setting.POSTGRES_URL));
        return new EngineAddresses(clickhouse, kafka, postgres);
    }

    private MillraceException unnamed(String engine, Setting setting) {
        return new MillraceException(
                ErrorCode.INVALID_CONFIGURATION,
                "It is not said where %s is, and no 'millrace up' runs in %s"
                        .formatted(engine, data.path()),
                "Name it with %s or %s, or name the data folder with --data."
                        .formatted(setting.flag(), setting.environmentName()),
                null);
    }
}
