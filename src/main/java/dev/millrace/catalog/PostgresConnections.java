package dev.millrace.catalog;

import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.Connection;
import dev.millrace.core.ConnectionCatalog;
import dev.millrace.core.ConnectionId;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.S3Reach;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/// Connections and their encrypted secrets. Thread-safe.
final class PostgresConnections implements ConnectionCatalog {
    private static final String SELECT =
            """
            select id, name, revision, kind, url, database_name, user_name, has_secret, ca, region,
                   path_style, has_token, connect_millis, answer_millis, owner, workspace,
                   created_at, updated_at
            from connection
            """;

    private static final String CLICKHOUSE = "CLICKHOUSE";
    private static final String S3 = "S3";

    private final Database database;

    PostgresConnections(Database database) {
        this.database = database;
    }

    @Override
    public Connection create(
            String name,
            Connection.Reach reach,
            String owner,
            @Nullable UUID request,
            Function<ConnectionId, byte[]> secret) {
        return database.read(
                "create the connection '%s'".formatted(name),
                handle -> {
                    var made = made(handle, request);
                    if (made.isPresent()) {
                        return made.get();
                    }
                    refuseTaken(handle, name, null);
                    var id =
                            Rows.newId(candidate -> {
                                var inserted =
                                        insert(
                                                handle,
                                                name,
                                                reach,
                                                owner,
                                                request,
                                                candidate,
                                                secret.apply(new ConnectionId(candidate)));
                                if (!inserted) {
                                    refuseTaken(handle, name, null);
                                }
                                return inserted;
                            });
                    return get(handle, id);
                });
    }

    /// The connection that the same request has made before.
    private static Optional<Connection> made(Handle handle, @Nullable UUID request) {
        return request == null
                ? Optional.empty()
                : handle.createQuery(SELECT + "where request = :request")
                        .bind("request", request)
                        .map((rs, _) -> connection(rs))
                        .findFirst();
    }

    /// @return false when the id, its public part or the name is taken
    private static boolean insert(
            Handle handle,
            String name,
            Connection.Reach reach,
            String owner,
            @Nullable UUID request,
            UUID id,
            byte[] secret) {
        var update =
                handle.createUpdate(
                                """
                                insert into connection
                                    (id, name, kind, url, database_name, user_name, secret,
                                     has_secret, ca, region, path_style, has_token,
                                     connect_millis, answer_millis, owner, workspace, request)
                                select :id, :name, :kind, :url, :database, :user, :secret,
                                       :hasSecret, :ca, :region, :pathStyle, :hasToken,
                                       :connect, :answer, :owner, :workspace,
                                       cast(:request as uuid)
                                where not exists (
                                    select from connection
                                    where workspace = :workspace and name = :publicId)
                                on conflict do nothing
                                """)
                        .bind("id", id)
                        .bind("publicId", new ConnectionId(id).publicId())
                        .bind("name", name)
                        .bind("secret", secret)
                        .bind("owner", owner)
                        .bind("workspace", PostgresModels.WORKSPACE)
                        .bind("request", request);
        return bind(update, reach).execute() == 1;
    }

    private static Update bind(Update update, Connection.Reach reach) {
        return switch (reach) {
            case ClickHouseReach c ->
                    update.bind("kind", CLICKHOUSE)
                            .bind("url", c.url().toString())
                            .bind("database", c.database())
                            .bind("user", c.user())
                            .bind("hasSecret", c.hasSecret())
                            .bind("ca", c.ca())
                            .bindNull("region", Types.VARCHAR)
                            .bindNull("pathStyle", Types.BOOLEAN)
                            .bind("hasToken", false)
                            .bind("connect", c.connectLimit().toMillis())
                            .bind("answer", c.answerLimit().toMillis());
            case S3Reach s ->
                    update.bind("kind", S3)
                            .bind("url", s.endpoint() == null ? null : s.endpoint().toString())
                            .bindNull("database", Types.VARCHAR)
                            .bind("user", s.accessKeyId())
                            .bind("hasSecret", s.hasSecret())
                            .bind("ca", s.ca())
                            .bind("region", s.region())
                            .bind("pathStyle", s.pathStyle())
                            .bind("hasToken", s.hasSessionToken())
                            .bind("connect", s.connectLimit().toMillis())
                            .bind("answer", s.answerLimit().toMillis());
        };
    }

    /// @param self who may have the name, or null
    private static void refuseTaken(Handle handle, String name, @Nullable UUID self) {
        handle.createQuery(
                        """
                        select public_id from connection
                        where workspace = :workspace and (name = :name or public_id = :name)
                          and id is distinct from cast(:self as uuid)
                        """)
                .bind("workspace", PostgresModels.WORKSPACE)
                .bind("name", name)
                .bind("self", self)
                .mapTo(String.class)
                .findFirst()
                .ifPresent(holder -> {
                    throw new MillraceException(
                            ErrorCode.CONNECTION_EXISTS,
                            name.equals(holder)
                                    ? "'%s' is the id of another connection".formatted(name)
                                    : "There is a connection '%s' already; its id is %s"
                                            .formatted(name, holder),
                            "Choose another name, or change the connection that is there.",
                            null);
                });
    }

    private static Connection get(Handle handle, UUID id) {
        return handle.createQuery(SELECT + "where id = :id")
                .bind("id", id)
                .map((rs, _) -> connection(rs))
                .one();
    }

    private static Connection connection(ResultSet rs) throws SQLException {
        return new Connection(
                new ConnectionId(Rows.uuid(rs, "id")),
                rs.getString("name"),
                rs.getInt("revision"),
                reach(rs),
                rs.getString("owner"),
                rs.getString("workspace"),
                Rows.instant(rs, "created_at"),
                Rows.instant(rs, "updated_at"));
    }

    private static Connection.Reach reach(ResultSet rs) throws SQLException {
        var connectLimit = Duration.ofMillis(rs.getInt("connect_millis"));
        var answerLimit = Duration.ofMillis(rs.getInt("answer_millis"));
        var url = rs.getString("url");
        if (rs.getString("kind").equals(S3)) {
            return new S3Reach(
                    url == null ? null : URI.create(url),
                    rs.getString("region"),
                    rs.getBoolean("path_style"),
                    rs.getString("user_name"),
                    rs.getBoolean("has_token"),
                    rs.getString("ca"),
                    connectLimit,
                    answerLimit);
        }
        return new ClickHouseReach(
                URI.create(url),
                rs.getString("database_name"),
                rs.getString("user_name"),
                rs.getBoolean("has_secret"),
                rs.getString("ca"),
                connectLimit,
                answerLimit);
    }

    @Override
    public Optional<Connection> find(String idOrName) {
        var text = Rows.storable(idOrName);
        return database.read(
                "find the connection '%s'".formatted(text),
                handle ->
                        handle.createQuery(
                                        SELECT
                                                + """
                                                where workspace = :workspace
                                                  and (public_id = :text or name = :text
                                                       or id = cast(:uuid as uuid))
                                                order by public_id = :text desc, name = :text
                                                limit 1
                                                """)
                                .bind("workspace", PostgresModels.WORKSPACE)
                                .bind("text", text)
                                .bind("uuid", Rows.uuidOrNull(text))
                                .map((rs, _) -> connection(rs))
                                .findFirst());
    }

    @Override
    public List<Connection> list(@Nullable String afterName, int limit) {
        return database.read(
                "list connections",
                handle ->
                        handle.createQuery(
                                        SELECT
                                                + """
                                                where workspace = :workspace
                                                  and (cast(:after as text) is null or name > :after)
                                                order by name
                                                limit :limit
                                                """)
                                .bind("workspace", PostgresModels.WORKSPACE)
                                .bind("after", Rows.storableOrNull(afterName))
                                .bind("limit", limit)
                                .map((rs, _) -> connection(rs))
                                .list());
    }

    @Override
    public Optional<byte[]> secret(ConnectionId id, int revision) {
        return database.read(
                "read the secret of the connection %s".formatted(id),
                handle ->
                        handle.createQuery(
                                        """
                                        select secret from connection
                                        where id = :id and revision = :revision
                                        """)
                                .bind("id", id.uuid())
                                .bind("revision", revision)
                                .map((rs, _) -> rs.getBytes("secret"))
                                .findFirst());
    }

    @Override
    public Connection update(
            ConnectionId id,
            int seen,
            String name,
            Connection.Reach reach,
            byte @Nullable [] secret) {
        return database.read(
                "change the connection %s".formatted(id),
                handle -> {
                    requireSeen(handle, id, seen);
                    refuseTaken(handle, name, id.uuid());
                    var update =
                            handle.createUpdate(
                                            """
                                            update connection
                                            set name = :name, revision = :seen + 1,
                                                kind = :kind, url = :url, region = :region,
                                                path_style = :pathStyle, has_token = :hasToken,
                                                database_name = :database, user_name = :user,
                                                secret = coalesce(:secret, secret),
                                                has_secret = :hasSecret, ca = :ca,
                                                connect_millis = :connect,
                                                answer_millis = :answer, updated_at = now()
                                            where id = :id
                                            """)
                                    .bind("id", id.uuid())
                                    .bind("seen", seen)
                                    .bind("name", name)
                                    .bind("secret", secret);
                    bind(update, reach).execute();
                    return get(handle, id.uuid());
                });
    }

    private static void requireSeen(Handle handle, ConnectionId id, int seen) {
        var latest =
                handle.createQuery("select revision from connection where id = :id for update")
                        .bind("id", id.uuid())
                        .mapTo(Integer.class)
                        .findOne()
                        .orElseThrow(() ->
                                new MillraceException(
                                        ErrorCode.NOT_FOUND,
                                        "There is no connection %s".formatted(id)));
        if (latest != seen) {
            throw new MillraceException(
                    ErrorCode.CONNECTION_CHANGED,
                    "The connection %s was changed meanwhile".formatted(id),
                    "Read it again, and change what it is now.",
                    null);
        }
    }

    @Override
    public void delete(ConnectionId id) {
        database.read(
                "delete the connection %s".formatted(id),
                handle ->
                        handle.createUpdate("delete from connection where id = :id")
                                .bind("id", id.uuid())
                                .execute());
    }
}
