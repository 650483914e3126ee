package dev.millrace.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnReading.ClockChange;
import dev.millrace.core.ColumnReading.Nested;
import dev.millrace.core.ColumnReading.OuterBlanks;
import dev.millrace.core.ColumnType;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.NumberForm;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A column of a model's definition in JSON: its type alone, or an object that says more. What
/// comes back is an object that holds what was said and nothing else.
///
/// @param nullMarkers those of columns that say none themselves
/// @param dateFormats the same, for columns of days and times
/// @param outerBlanks the same, for columns of texts
record ColumnSchema(List<String> nullMarkers, List<String> dateFormats, OuterBlanks outerBlanks) {
    /// For a document that says nothing for all columns.
    static final ColumnSchema PLAIN = new ColumnSchema(List.of(), List.of(), OuterBlanks.KEEP);

    private static final String[] KEYS = {
        "type",
        "nullable",
        "sourceNames",
        "nullMarkers",
        "default",
        "dateFormats",
        "allowNonFinite",
        "clockChange",
        "outerBlanks",
        "nested",
        "decimalSeparator",
        "groupSeparator",
        "constraints"
    };

    /// Those of an object in an array, which says its name too.
    private static final String[] NAMED_KEYS =
            Stream.concat(Stream.of("name"), Stream.of(KEYS)).toArray(String[]::new);

    /// @param said a type's name, or an object
    /// @throws MillraceException INVALID_MODEL naming the column
    Column parse(String name, JsonNode said) {
        if (said.isTextual()) {
            var type = type(name, said.textValue());
            return new Column(
                    name, type, reading(object(name, Json.object()), type), ColumnConstraints.NONE);
        }
        if (!said.isObject()) {
            throw invalid(
                    name,
                    "its type is not a text such as \"String\", nor an object with a type, but "
                            + JsonObject.kind(said));
        }
        return parse(name, object(name, said), KEYS);
    }

    /// The same of an object in an array, which says its name too.
    ///
    /// @param number from 1, for an error before the name is known
    Column parse(int number, JsonNode said) {
        var what = "Column %d".formatted(number);
        var name = JsonObject.of(said, what, ErrorCode.INVALID_MODEL).requiredText("name");
        return parse(name, object(name, said), NAMED_KEYS);
    }

    private Column parse(String name, JsonObject said, String[] known) {
        said.withOnly(known);
        var type = type(name, said.requiredText("type"), said.flag("nullable"));
        var constraints =
                said.says("constraints")
                        ? constraints(name, said.required("constraints"))
                        : ColumnConstraints.NONE;
        return new Column(name, type, reading(said, type), constraints);
    }

    private static JsonObject object(String name, JsonNode said) {
        return JsonObject.of(said, "Column '%s'".formatted(name), ErrorCode.INVALID_MODEL);
    }

    private static ColumnType type(String name, String text) {
        try {
            return ColumnTypes.parse(text);
        } catch (MillraceException e) {
            throw new MillraceException(
                    e.code(), "Column '%s': %s".formatted(name, e.what()), e.remedy(), e);
        }
    }

    private static ColumnType type(String name, String text, @Nullable Boolean nullable) {
        var type = type(name, text);
        if (nullable == null || nullable == type.isNullable()) {
            return type;
        }
        if (!nullable) {
            throw invalid(
                    name, "its type %s is Nullable, and it says that it is not".formatted(text));
        }
        return nullable(name, type);
    }

    private static ColumnType nullable(String name, ColumnType type) {
        return switch (type) {
            case ColumnType.Scalar scalar -> new ColumnType.Nullable(scalar);
            case ColumnType.Nullable already -> already;
            case ColumnType.LowCardinality(var of) ->
                    new ColumnType.LowCardinality(nullable(name, of));
            case ColumnType.Array _ ->
                    throw invalid(name, "an array cannot be Nullable; it can have no elements");
        };
    }

    private ColumnReading reading(JsonObject said, ColumnType type) {
        return new ColumnReading(
                said.texts("sourceNames"),
                said.says("nullMarkers") ? said.texts("nullMarkers") : nullMarkers,
                said.spelled("default"),
                said.says("dateFormats")
                        ? said.texts("dateFormats")
                        : type.isDated() ? dateFormats : List.of(),
                Boolean.TRUE.equals(said.flag("allowNonFinite")),
                word(said, "clockChange", ClockChange.values(), ClockChange.REJECT),
                word(
                        said,
                        "outerBlanks",
                        OuterBlanks.values(),
                        type.isText() ? outerBlanks : OuterBlanks.KEEP),
                word(said, "nested", Nested.values(), Nested.REJECT),
                new NumberForm(
                        sign(said, "decimalSeparator", '.'),
                        sign(said, "groupSeparator", NumberForm.NO_GROUP)));
    }

    private static char sign(JsonObject said, String key, char otherwise) {
        var text = said.text(key);
        if (text == null) {
            return otherwise;
        }
        if (text.length() != 1) {
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "%s: %s '%s' is not one character".formatted(said.what(), key, text));
        }
        return text.charAt(0);
    }

    /// The outer blanks of all columns, as a model says them.
    static OuterBlanks outerBlanks(JsonObject said) {
        return word(said, "outerBlanks", OuterBlanks.values(), OuterBlanks.KEEP);
    }

    /// One of a few words, such as `earlierOffset`, which its constant is named after.
    private static <W extends Enum<W>> W word(JsonObject said, String key, W[] words, W otherwise) {
        var text = said.text(key);
        if (text == null) {
            return otherwise;
        }
        return Arrays.stream(words)
                .filter(word -> name(word).equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.INVALID_MODEL,
                                "%s: '%s' is no %s".formatted(said.what(), text, key),
                                Arrays.stream(words)
                                        .map(ColumnSchema::name)
                                        .collect(Collectors.joining(", ", "Use one of ", ".")),
                                null));
    }

    private static String name(Enum<?> word) {
        var parts = word.name().toLowerCase(Locale.ROOT).split("_", -1);
        var name = new StringBuilder(parts[0]);
        for (var i = 1; i < parts.length; i++) {
            name.append(parts[i].substring(0, 1).toUpperCase(Locale.ROOT))
                    .append(parts[i].substring(1));
        }
        return name.toString();
    }

    private static ColumnConstraints constraints(String name, JsonNode said) {
        var constraints =
                JsonObject.of(
                                said,
                                "Column '%s': 'constraints'".formatted(name),
                                ErrorCode.INVALID_MODEL)
                        .withOnly("min", "max", "pattern", "allowed", "minLength", "maxLength");
        return new ColumnConstraints(
                constraints.spelled("min"),
                constraints.spelled("max"),
                constraints.text("pattern"),
                constraints.spelledList("allowed"),
                constraints.count("minLength"),
                constraints.count("maxLength"));
    }

    static ObjectNode view(Column column) {
        var view = Json.object().put("name", column.name()).put("type", column.type().name());
        var reading = column.reading();
        putTexts(view, "sourceNames", reading.sourceNames());
        putTexts(view, "nullMarkers", reading.nullMarkers());
        putText(view, "default", reading.defaultText());
        putTexts(view, "dateFormats", reading.dateFormats());
        if (reading.allowNonFinite()) {
            view.put("allowNonFinite", true);
        }
        if (reading.clockChange() != ClockChange.REJECT) {
            view.put("clockChange", name(reading.clockChange()));
        }
        if (reading.outerBlanks() != OuterBlanks.KEEP) {
            view.put("outerBlanks", name(reading.outerBlanks()));
        }
        if (reading.nested() != Nested.REJECT) {
            view.put("nested", name(reading.nested()));
        }
        if (reading.numbers().decimal() != '.') {
            view.put("decimalSeparator", String.valueOf(reading.numbers().decimal()));
        }
        if (reading.numbers().group() != NumberForm.NO_GROUP) {
            view.put("groupSeparator", String.valueOf(reading.numbers().group()));
        }
        if (!column.constraints().isNone()) {
            view.set("constraints", view(column.constraints()));
        }
        return view;
    }

    private static ObjectNode view(ColumnConstraints constraints) {
        var view = Json.object();
        putText(view, "min", constraints.min());
        putText(view, "max", constraints.max());
        putText(view, "pattern", constraints.pattern());
        putTexts(view, "allowed", constraints.allowed());
        if (constraints.minLength() != null) {
            view.put("minLength", constraints.minLength());
        }
        if (constraints.maxLength() != null) {
            view.put("maxLength", constraints.maxLength());
        }
        return view;
    }

    private static void putText(ObjectNode view, String key, @Nullable String text) {
        if (text != null) {
            view.put(key, text);
        }
    }

    private static void putTexts(ObjectNode view, String key, List<String> texts) {
        if (!texts.isEmpty()) {
            view.set(key, Json.texts(texts));
        }
    }

    private static MillraceException invalid(String name, String what) {
        return new MillraceException(
                ErrorCode.INVALID_MODEL, "Column '%s': %s".formatted(name, what));
    }
}
