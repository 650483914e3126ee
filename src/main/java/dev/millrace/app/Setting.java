package dev.millrace.app;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Every setting there is. A setting `http.port` is written so in `millrace.yaml`, as
/// `MILLRACE_HTTP_PORT` in the environment, and as its flag on the command line.
enum Setting {
    DATA("data", "--data", "", "The folder of all data; ~/.local/share/millrace if not said"),
    HTTP_HOST("http.host", "--host", "127.0.0.1", "The address that Millrace listens on"),
    HTTP_PORT(
            "http.port", "--port", "8000", "The port that Millrace listens on; 0 takes a free one"),
    TOKEN_SECRET(
            "token.secret",
            "",
            "",
            "Signs tokens (HS256); made on the first start if not said",
            "JWT_SECRET"),
    SECRETS_KEY(
            "secrets.key",
            "",
            "",
            "Encrypts the secrets of connections (64 hex digits); made on the first start if not"
                    + " said"),
    CONNECTIONS_HOSTS(
            "connections.hosts",
            "",
            "public",
            "Which hosts connections may reach: public, names, *.names, addresses, networks, with"
                    + " commas between"),
    STORE_PATH(
            "store.path",
            "",
            "",
            "The folder for splits and rejections; in the data folder if not said",
            "FILE_UPLOAD_DIR"),
    STORE_MIN_FREE(
            "store.minFree",
            "",
            "1GB",
            "What must stay free on the disks of store and ClickHouse beside a source that is taken"),
    UPLOAD_MAX_BYTES(
            "upload.maxBytes", "", "1TB", "The longest source that is taken, such as 500MB or 2TB"),
    UPLOAD_MAX("upload.max", "", "64", "How many uploads a server takes at a time"),
    UPLOAD_EXPIRY(
            "upload.expiry",
            "",
            "24h",
            "How long an upload waits to be begun, or continued when it was interrupted, such as 90m"),
    JOBS_MAX("jobs.max", "", "10000", "How many jobs may wait or run at a time"),
    WORKER_NAME(
            "worker.name",
            "--name",
            "",
            "The worker's name, unique among living workers; made up if not said"),
    WORKER_THREADS(
            "worker.threads",
            "--threads",
            "",
            "How many splits a worker loads at a time; one for each processor if not said"),

    RETENTION_SPLITS(
            "retention.splits",
            "",
            "3d",
            "How long the stored splits of a failed job are kept, for a retry"),
    RETENTION_REPLACED(
            "retention.replaced",
            "",
            "3d",
            "How long the rows that a load replaced are kept, for an undo"),
    RETENTION_REJECTIONS(
            "retention.rejections", "", "90d", "How long the rejections of a job are kept"),
    RETENTION_HISTORY(
            "retention.history",
            "",
            "400d",
            "How long jobs are kept in sight, once nothing else of them is kept"),
    IDEMPOTENCY_KEEP(
            "idempotency.keep",
            "",
            "24h",
            "How long the answer to a request with an Idempotency-Key is kept, to be given again"),
    SWEEP_EVERY(
            "sweep.every",
            "",
            "10m",
            "How often what has expired, or what a crash left, is looked for and removed"),

    METRICS_PORT(
            "metrics.port",
            "--metrics-port",
            "9090",
            "The port of a worker's metrics, or the next free one; 0 takes any free one",
            "METRICS_PORT"),

    CLICKHOUSE_URL("clickhouse.url", "--clickhouse", "", "The HTTP address of a ClickHouse"),
    CLICKHOUSE_HOST(
            "clickhouse.host",
            "",
            "",
            "The host of a ClickHouse, in place of its URL",
            "CLICKHOUSE_HOST"),
    CLICKHOUSE_PORT(
            "clickhouse.port",
            "--clickhouse-port",
            "8123",
            "The HTTP port of ClickHouse; 0 takes a free one for the embedded one",
            "CLICKHOUSE_PORT"),
    CLICKHOUSE_TCP_PORT(
            "clickhouse.tcpPort",
            "--clickhouse-tcp-port",
            "9000",
            "The native port of the embedded ClickHouse; 0 takes a free one"),
    CLICKHOUSE_USER(
            "clickhouse.user",
            "",
            "default",
            "The user of a ClickHouse of your own",
            "CLICKHOUSE_USER"),
    CLICKHOUSE_PASSWORD(
            "clickhouse.password", "", "", "That user's password", "CLICKHOUSE_PASSWORD"),
    CLICKHOUSE_READER_USER(
            "clickhouse.readerUser",
            "",
            "",
            "The user for queries, who may only read; no queries if not said"),
    CLICKHOUSE_READER_PASSWORD("clickhouse.readerPassword", "", "", "That user's password"),
    CLICKHOUSE_DEFAULT_USER(
            "clickhouse.defaultUser",
            "",
            "true",
            "Whether the embedded ClickHouse lets 'default' read without a password, on loopback"),

    KAFKA_BOOTSTRAP(
            "kafka.bootstrap",
            "--kafka",
            "",
            "The addresses of a Kafka, as host:port",
            "KAFKA_BOOTSTRAP"),
    KAFKA_PORT(
            "kafka.port",
            "--kafka-port",
            "9092",
            "The port of the embedded Kafka; 0 takes a free one"),
    KAFKA_TOPIC("kafka.topic", "", "millrace-splits", "The topic of announcements"),
    KAFKA_PARTITIONS(
            "kafka.partitions",
            "",
            "",
            "How many workers can share the splits: the topic gets so many partitions when it has"
                    + " fewer; 12 when it is made if not said"),

    POSTGRES_URL("postgres.url", "--postgres", "", "The JDBC address of a PostgreSQL"),
    POSTGRES_HOST(
            "postgres.host",
            "",
            "",
            "The host of a PostgreSQL, in place of its URL",
            "POSTGRES_HOST"),
    POSTGRES_PORT(
            "postgres.port",
            "--postgres-port",
            "5432",
            "The port of PostgreSQL; 0 takes a free one for the embedded one",
            "POSTGRES_PORT"),
    POSTGRES_DATABASE(
            "postgres.database",
            "",
            "millrace",
            "The database in a PostgreSQL of your own",
            "POSTGRES_DB"),
    POSTGRES_USER(
            "postgres.user",
            "",
            "millrace",
            "The user of a PostgreSQL of your own",
            "POSTGRES_USERNAME"),
    POSTGRES_PASSWORD("postgres.password", "", "", "That user's password", "POSTGRES_PASSWORD");

    private final String key;
    private final String flag;
    private final String standard;
    private final String meaning;
    private final String oldName;

    Setting(String key, String flag, String standard, String meaning) {
        this(key, flag, standard, meaning, "");
    }

    Setting(String key, String flag, String standard, String meaning, String oldName) {
        this.key = key;
        this.flag = flag;
        this.standard = standard;
        this.meaning = meaning;
        this.oldName = oldName;
    }

    /// The name in `millrace.yaml`, with a dot for each level.
    String key() {
        return key;
    }

    /// The flag, or empty when there is none.
    String flag() {
        return flag;
    }

    /// The value when nothing is said, or empty when it is made or found on start.
    String standard() {
        return standard;
    }

    String meaning() {
        return meaning;
    }

    /// The name in the environment.
    String environmentName() {
        return "MILLRACE_"
                + key.replaceAll("([a-z])([A-Z])", "$1_$2")
                        .replace('.', '_')
                        .toUpperCase(Locale.ROOT);
    }

    /// What the systems before Millrace called it in the environment, or empty.
    String oldName() {
        return oldName;
    }

    boolean isSecret() {
        return this == TOKEN_SECRET
                || this == SECRETS_KEY
                || key.toLowerCase(Locale.ROOT).endsWith("password");
    }

    /// Whether it names an engine of the user's own.
    boolean isEngineAddress() {
        return this == CLICKHOUSE_URL
                || this == CLICKHOUSE_HOST
                || this == KAFKA_BOOTSTRAP
                || this == POSTGRES_URL
                || this == POSTGRES_HOST;
    }

    static Optional<Setting> ofKey(String key) {
        return Arrays.stream(values()).filter(s -> s.key.equals(key)).findFirst();
    }
}
