package dev.millrace.catalog;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.ModelId;
import dev.millrace.core.PartitionKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The versions of models that jobs began with. A version never changes, and every look at a job
/// needs one, so that the latest ones used are kept here. Thread-safe.
final class ModelVersions {
    private static final int MOST_KEPT = 64;

    /// Every version of every model; to be narrowed by what the caller appends.
    static final String SELECT =
            """
            select model.id, model.name, model.owner, model.workspace, model.created_at, v.version,
                   v.table_name, v.event_id, v.order_by, v.partition_function, v.partition_column,
                   array(select c.name from model_column c
                         where c.model_id = v.model_id and c.version = v.version
                         order by c.position) as column_names,
                   array(select c.type from model_column c
                         where c.model_id = v.model_id and c.version = v.version
                         order by c.position) as column_types
            from model join model_version v on v.model_id = model.id
            """;

    private final Map<Key, Model> kept =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, Model> eldest) {
                    return size() > MOST_KEPT;
                }
            };

    private record Key(UUID model, int version) {}

    /// One version, which exists: a job refers to it.
    Model get(Handle handle, UUID model, int version) {
        var key = new Key(model, version);
        var known = known(key);
        if (known != null) {
            return known;
        }
        var found =
                handle.createQuery(SELECT + "where model.id = :model and v.version = :version")
                        .bind("model", model)
                        .bind("version", version)
                        .map((rs, _) -> map(rs))
                        .one();
        synchronized (kept) {
            kept.put(key, found);
        }
        return found;
    }

    private @Nullable Model known(Key key) {
        synchronized (kept) {
            return kept.get(key);
        }
    }

    static Model map(ResultSet rs) throws SQLException {
        var names = Rows.texts(rs, "column_names");
        var types = Rows.texts(rs, "column_types");
        var columns =
                IntStream.range(0, names.size())
                        .mapToObj(i -> new Column(names.get(i), ColumnTypes.parse(types.get(i))))
                        .toList();
        var partitionColumn = rs.getString("partition_column");
        var definition =
                new ModelDefinition(
                        columns,
                        rs.getString("table_name"),
                        rs.getString("event_id"),
                        Rows.texts(rs, "order_by"),
                        partitionColumn == null
                                ? null
                                : new PartitionKey(
                                        rs.getString("partition_function"), partitionColumn));
        return new Model(
                new ModelId(Rows.uuid(rs, "id")),
                rs.getString("name"),
                rs.getInt("version"),
                definition,
                rs.getString("owner"),
                rs.getString("workspace"),
                Rows.instant(rs, "created_at"));
    }
}
