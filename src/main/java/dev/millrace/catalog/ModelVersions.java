package dev.millrace.catalog;

import dev.millrace.core.Column;
import dev.millrace.core.Keep;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.ModelId;
import dev.millrace.core.PartitionKey;
import dev.millrace.core.UnknownColumns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The versions of models that jobs began with. A version never changes, and every look at a job
/// needs one, so that the latest ones used are kept here. Thread-safe.
final class ModelVersions {
    /// Columns are what a version weighs; one may have 10,000.
    private static final int MOST_KEPT_COLUMNS = 50_000;

    /// Every version of every model; to be narrowed by a condition.
    private static final String SELECT =
            """
            select model.id, model.name, model.owner, model.workspace, model.created_at, v.version,
                   v.table_name, v.event_id, v.key_columns, v.order_by, v.partition_function,
                   v.partition_column, v.unknown_columns, v.existing_table, v.keep
            from model join model_version v on v.model_id = model.id
            where
            """;

    /// The latest used last.
    private final Map<Key, Model> kept = new LinkedHashMap<>(16, 0.75f, true);

    private int keptColumns;

    /// What tells a version from all others.
    record Key(UUID model, int version) {}

    /// One version, which exists: a job refers to it.
    Model get(Handle handle, UUID model, int version) {
        var key = new Key(model, version);
        var known = known(key);
        if (known != null) {
            return known;
        }
        var found =
                list(
                                handle,
                                "model.id = :model and v.version = :version",
                                Map.of("model", model, "version", version))
                        .getFirst();
        keep(key, found);
        return found;
    }

    private void keep(Key key, Model found) {
        synchronized (kept) {
            if (kept.put(key, found) != null) {
                return;
            }
            keptColumns += columns(found);
            var eldest = kept.values().iterator();
            while (keptColumns > MOST_KEPT_COLUMNS) {
                keptColumns -= columns(eldest.next());
                eldest.remove();
            }
        }
    }

    private static int columns(Model model) {
        return model.definition().columns().size();
    }

    private @Nullable Model known(Key key) {
        synchronized (kept) {
            return kept.get(key);
        }
    }

    /// The versions for which a condition on `model` and `v` holds, in the order that it ends with.
    ///
    /// @param arguments what the condition's names stand for
    static List<Model> list(
            Handle handle, String condition, Map<String, ? extends @Nullable Object> arguments) {
        var versions =
                handle.createQuery(SELECT + condition)
                        .bindMap(arguments)
                        .map((rs, _) -> Version.map(rs))
                        .list();
        var columns = ModelColumns.of(handle, versions.stream().map(Version::key).toList());
        return versions.stream()
                .map(v -> v.with().apply(columns.getOrDefault(v.key(), List.of())))
                .toList();
    }

    /// A version as its own row has it, waiting for the columns that other rows have.
    private record Version(Key key, Function<List<Column>, Model> with) {
        static Version map(ResultSet rs) throws SQLException {
            var key = new Key(Rows.uuid(rs, "id"), rs.getInt("version"));
            var name = rs.getString("name");
            var owner = rs.getString("owner");
            var workspace = rs.getString("workspace");
            var createdAt = Rows.instant(rs, "created_at");
            var definition = definition(rs);
            return new Version(
                    key,
                    columns ->
                            new Model(
                                    new ModelId(key.model()),
                                    name,
                                    key.version(),
                                    definition.apply(columns),
                                    owner,
                                    workspace,
                                    createdAt));
        }

        private static Function<List<Column>, ModelDefinition> definition(ResultSet rs)
                throws SQLException {
            var table = rs.getString("table_name");
            var existing = rs.getBoolean("existing_table");
            var eventId = rs.getString("event_id");
            var keep = Keep.valueOf(rs.getString("keep"));
            var key = Rows.texts(rs, "key_columns");
            var orderBy = Rows.texts(rs, "order_by");
            var function = rs.getString("partition_function");
            var column = rs.getString("partition_column");
            var partition = column == null ? null : new PartitionKey(function, column);
            var unknown = UnknownColumns.valueOf(rs.getString("unknown_columns"));
            return columns ->
                    new ModelDefinition(
                            columns, table, existing, eventId, key, keep, orderBy, partition,
                            unknown);
        }
    }
}
