package dev.millrace.catalog;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnReading.ClockChange;
import dev.millrace.core.ColumnReading.Nested;
import dev.millrace.core.ColumnReading.OuterBlanks;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.NumberForm;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The columns of models' versions: a row each.
final class ModelColumns {
    private ModelColumns() {}

    static void insert(Handle handle, ModelVersions.Key version, List<Column> columns) {
        var batch =
                handle.prepareBatch(
                        """
                        insert into model_column
                            (model_id, version, position, name, type, source_names, null_markers,
                             default_text, date_formats, allow_non_finite, clock_change,
                             outer_blanks, nested, decimal_separator, group_separator, min_value, max_value, pattern, allowed,
                             min_length, max_length)
                        values
                            (:model, :version, :position, :name, :type, :sourceNames, :nullMarkers,
                             :defaultText, :dateFormats, :allowNonFinite, :clockChange,
                             :outerBlanks, :nested, :decimalSeparator, :groupSeparator, :min, :max, :pattern, :allowed,
                             :minLength, :maxLength)
                        """);
        for (var i = 0; i < columns.size(); i++) {
            var column = columns.get(i);
            var reading = column.reading();
            var constraints = column.constraints();
            batch.bind("model", version.model())
                    .bind("version", version.version())
                    .bind("position", i + 1)
                    .bind("name", column.name())
                    .bind("type", column.type().name())
                    .bindArray("sourceNames", String.class, reading.sourceNames())
                    .bindArray("nullMarkers", String.class, reading.nullMarkers())
                    .bind("defaultText", reading.defaultText())
                    .bindArray("dateFormats", String.class, reading.dateFormats())
                    .bind("allowNonFinite", reading.allowNonFinite())
                    .bind("clockChange", reading.clockChange().name())
                    .bind("outerBlanks", reading.outerBlanks().name())
                    .bind("nested", reading.nested().name())
                    .bind("decimalSeparator", JobRows.text(reading.numbers().decimal()))
                    .bind("groupSeparator", JobRows.text(reading.numbers().group()))
                    .bind("min", constraints.min())
                    .bind("max", constraints.max())
                    .bind("pattern", constraints.pattern())
                    .bindArray("allowed", String.class, constraints.allowed())
                    .bind("minLength", constraints.minLength())
                    .bind("maxLength", constraints.maxLength())
                    .add();
        }
        batch.execute();
    }

    /// The columns of each version, in their order.
    static Map<ModelVersions.Key, List<Column>> of(
            Handle handle, List<ModelVersions.Key> versions) {
        var columns = new HashMap<ModelVersions.Key, List<Column>>();
        handle.createQuery(
                        """
                        select c.*
                        from model_column c join unnest(:models, :versions) as v (model, version)
                            on c.model_id = v.model and c.version = v.version
                        order by c.position
                        """)
                .bindArray(
                        "models",
                        UUID.class,
                        versions.stream().map(ModelVersions.Key::model).toList())
                .bindArray(
                        "versions",
                        Integer.class,
                        versions.stream().map(ModelVersions.Key::version).toList())
                .map((rs, _) -> Map.entry(key(rs), map(rs)))
                .forEach(c ->
                        columns.computeIfAbsent(c.getKey(), _ -> new ArrayList<>())
                                .add(c.getValue()));
        return columns;
    }

    private static ModelVersions.Key key(ResultSet rs) throws SQLException {
        return new ModelVersions.Key(Rows.uuid(rs, "model_id"), rs.getInt("version"));
    }

    private static Column map(ResultSet rs) throws SQLException {
        return new Column(
                rs.getString("name"),
                ColumnTypes.parse(rs.getString("type")),
                new ColumnReading(
                        Rows.texts(rs, "source_names"),
                        Rows.texts(rs, "null_markers"),
                        rs.getString("default_text"),
                        Rows.texts(rs, "date_formats"),
                        rs.getBoolean("allow_non_finite"),
                        ClockChange.valueOf(rs.getString("clock_change")),
                        OuterBlanks.valueOf(rs.getString("outer_blanks")),
                        Nested.valueOf(rs.getString("nested")),
                        new NumberForm(
                                JobRows.sign(rs.getString("decimal_separator")),
                                JobRows.sign(rs.getString("group_separator")))),
                new ColumnConstraints(
                        rs.getString("min_value"),
                        rs.getString("max_value"),
                        rs.getString("pattern"),
                        Rows.texts(rs, "allowed"),
                        rs.getObject("min_length", Integer.class),
                        rs.getObject("max_length", Integer.class)));
    }
}
