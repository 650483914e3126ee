package dev.millrace.catalog;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.ModelCatalog;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.ModelId;
import dev.millrace.core.ModelVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Models and their versions. Thread-safe.
final class PostgresModels implements ModelCatalog {
    static final String WORKSPACE = "default";

    /// The latest version of a model that has not been deleted.
    private static final String LATEST = "v.version = model.version and model.deleted_at is null\n";

    private final Database database;

    PostgresModels(Database database) {
        this.database = database;
    }

    @Override
    public Model create(
            String name, ModelDefinition definition, String owner, @Nullable UUID request) {
        return database.read(
                "create the model '%s'".formatted(name),
                handle ->
                        latest(
                                handle,
                                made(handle, request)
                                        .orElseGet(() -> {
                                            refuseTaken(handle, name);
                                            var id =
                                                    Rows.newId(candidate ->
                                                            insert(
                                                                    handle, candidate, name, owner,
                                                                    request));
                                            insertVersion(handle, id, 1, definition);
                                            return id;
                                        })));
    }

    /// The model that the same request has made before.
    private static Optional<UUID> made(Handle handle, @Nullable UUID request) {
        return request == null
                ? Optional.empty()
                : handle.createQuery(
                                "select id from model where request = :request and deleted_at is null")
                        .bind("request", request)
                        .mapTo(UUID.class)
                        .findOne();
    }

    private static void refuseTaken(Handle handle, String name) {
        var holder =
                handle.createQuery(
                                """
                                select public_id from model
                                where workspace = :workspace and deleted_at is null
                                  and (name = :name or public_id = :name)
                                """)
                        .bind("workspace", WORKSPACE)
                        .bind("name", name)
                        .mapTo(String.class)
                        .findFirst();
        if (holder.isPresent()) {
            throw exists(name, holder.get());
        }
    }

    private static MillraceException exists(String name, String holder) {
        return new MillraceException(
                ErrorCode.MODEL_EXISTS,
                name.equals(holder)
                        ? "'%s' is the id of another model".formatted(name)
                        : "There is a model '%s' already; its id is %s".formatted(name, holder),
                "Choose another name, or change the model that is there.",
                null);
    }

    /// @return false when the id or its public part is taken, be it as a model's name
    private static boolean insert(
            Handle handle, UUID id, String name, String owner, @Nullable UUID request) {
        var publicId = new ModelId(id).publicId();
        var inserted =
                handle.createUpdate(
                                """
                                insert into model (id, name, version, owner, workspace, request)
                                select :id, :name, 1, :owner, :workspace, cast(:request as uuid)
                                where not exists (
                                    select from model
                                    where workspace = :workspace and name = :publicId
                                      and deleted_at is null)
                                on conflict do nothing
                                """)
                        .bind("id", id)
                        .bind("name", name)
                        .bind("owner", owner)
                        .bind("workspace", WORKSPACE)
                        .bind("request", request)
                        .bind("publicId", publicId)
                        .execute();
        if (inserted == 0) {
            refuseTaken(handle, name); // by someone who was a moment quicker
        }
        return inserted == 1;
    }

    private static void insertVersion(
            Handle handle, UUID id, int version, ModelDefinition definition) {
        var partition = definition.partitionBy();
        handle.createUpdate(
                        """
                        insert into model_version
                            (model_id, version, table_name, event_id, key_columns, order_by,
                             partition_function, partition_column, unknown_columns,
                             existing_table, keep)
                        values (:id, :version, :table, :eventId, :key, :orderBy,
                                :function, :column, :unknownColumns, :existing, :keep)
                        """)
                .bind("id", id)
                .bind("version", version)
                .bind("table", definition.table())
                .bind("eventId", definition.eventId())
                .bindArray("key", String.class, definition.key())
                .bindArray("orderBy", String.class, definition.orderBy())
                .bind("function", partition == null ? null : partition.function())
                .bind("column", partition == null ? null : partition.column())
                .bind("unknownColumns", definition.unknownColumns().name())
                .bind("existing", definition.existingTable())
                .bind("keep", definition.keep().name())
                .execute();
        ModelColumns.insert(handle, new ModelVersions.Key(id, version), definition.columns());
    }

    private static Model latest(Handle handle, UUID id) {
        return ModelVersions.list(handle, LATEST + " and model.id = :id", Map.of("id", id))
                .getFirst();
    }

    @Override
    public Optional<Model> find(String idOrName) {
        var text = Rows.storable(idOrName);
        var arguments = new HashMap<String, @Nullable Object>();
        arguments.put("workspace", WORKSPACE);
        arguments.put("text", text);
        arguments.put("uuid", Rows.uuidOrNull(text));
        return database.read(
                "find the model '%s'".formatted(text),
                handle ->
                        first(
                                ModelVersions.list(
                                        handle,
                                        LATEST
                                                + """
                                                 and model.workspace = :workspace
                                                 and (model.public_id = :text or model.name = :text
                                                      or model.id = cast(:uuid as uuid))
                                                order by model.public_id = :text desc, model.name = :text
                                                limit 1
                                                """,
                                        arguments)));
    }

    @Override
    public List<Model> list(@Nullable String afterName, int limit) {
        var arguments = new HashMap<String, @Nullable Object>();
        arguments.put("workspace", WORKSPACE);
        arguments.put("after", Rows.storableOrNull(afterName));
        arguments.put("limit", limit);
        return database.read(
                "list models",
                handle ->
                        ModelVersions.list(
                                handle,
                                LATEST
                                        + """
                                         and model.workspace = :workspace
                                         and (cast(:after as text) is null or model.name > :after)
                                        order by model.name
                                        limit :limit
                                        """,
                                arguments));
    }

    @Override
    public List<Model> ofTable(String table) {
        return database.read(
                "find the models of the table '%s'".formatted(table),
                handle ->
                        ModelVersions.list(
                                handle,
                                LATEST
                                        + """
                                         and coalesce(v.table_name, 'data_' || model.public_id) = :table
                                        order by model.name
                                        """,
                                Map.of("table", Rows.storable(table))));
    }

    @Override
    public Optional<Model> version(ModelId id, int version) {
        return database.read(
                "read version %d of the model %s".formatted(version, id),
                handle ->
                        first(
                                ModelVersions.list(
                                        handle,
                                        "model.id = :id and v.version = :version",
                                        Map.of("id", id.uuid(), "version", version))));
    }

    private static Optional<Model> first(List<Model> models) {
        return models.stream().findFirst();
    }

    @Override
    public List<ModelVersion> versions(ModelId id, int limit) {
        return database.read(
                "list the versions of the model %s".formatted(id),
                handle ->
                        handle.createQuery(
                                        """
                                        select version, created_at from model_version
                                        where model_id = :id
                                        order by version desc
                                        limit :limit
                                        """)
                                .bind("id", id.uuid())
                                .bind("limit", limit)
                                .map((rs, _) ->
                                        new ModelVersion(
                                                rs.getInt("version"),
                                                Rows.instant(rs, "created_at")))
                                .list());
    }

    @Override
    public Model update(ModelId id, int seen, ModelDefinition definition) {
        return database.read(
                "change the model %s".formatted(id),
                handle -> {
                    var latest =
                            handle.createQuery(
                                            """
                                            select version from model
                                            where id = :id and deleted_at is null
                                            for update
                                            """)
                                    .bind("id", id.uuid())
                                    .mapTo(Integer.class)
                                    .findOne()
                                    .orElseThrow(() ->
                                            new MillraceException(
                                                    ErrorCode.NOT_FOUND,
                                                    "There is no model %s".formatted(id)));
                    if (latest != seen) {
                        throw new MillraceException(
                                ErrorCode.MODEL_CHANGED,
                                "The model %s has version %d by now, not %d"
                                        .formatted(id, latest, seen),
                                "Read the model again, and change what it is now.",
                                null);
                    }
                    handle.createUpdate("update model set version = :next where id = :id")
                            .bind("id", id.uuid())
                            .bind("next", seen + 1)
                            .execute();
                    insertVersion(handle, id.uuid(), seen + 1, definition);
                    return latest(handle, id.uuid());
                });
    }

    @Override
    public void delete(ModelId id, Runnable first) {
        database.read(
                "delete the model %s".formatted(id),
                handle -> {
                    // a job that is being made holds this row until it can be seen below
                    var there =
                            handle.createQuery(
                                            """
                                            select id from model
                                            where id = :id and deleted_at is null
                                            for update
                                            """)
                                    .bind("id", id.uuid())
                                    .mapTo(UUID.class)
                                    .findOne();
                    if (there.isEmpty()) {
                        return 0;
                    }
                    var jobs = unfinishedJobs(handle, id);
                    if (!jobs.isEmpty()) {
                        throw new MillraceException(
                                ErrorCode.MODEL_IN_USE,
                                "The model %s is in use by the job %s"
                                        .formatted(id, jobs.getFirst()),
                                "Wait for its jobs, or cancel them.",
                                null);
                    }
                    first.run();
                    return handle.createUpdate("update model set deleted_at = now() where id = :id")
                            .bind("id", id.uuid())
                            .execute();
                });
    }

    private static List<String> unfinishedJobs(Handle handle, ModelId id) {
        return handle.createQuery(
                        """
                        select public_id from job
                        where model_id = :id and not is_final
                        order by number
                        limit 1
                        """)
                .bind("id", id.uuid())
                .mapTo(String.class)
                .list();
    }
}
