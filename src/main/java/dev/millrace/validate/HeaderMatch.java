package dev.millrace.validate;

import dev.millrace.core.Column;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ModelDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/// Which field of a source holds which column of a model.
///
/// A header's name is the column of exactly that name; failing that, the one column that differs
/// only in case and in the spaces around it. A name that fits no column is ignored, and so is one
/// that fits loosely a column which another name fits exactly.
///
/// @param fieldOf for each column of the model, in its order, the position of its field, or -1 when
///   the header lacks it, which only a Nullable column may
/// @param ignored the names in the header that the model does not have, in their order
public record HeaderMatch(int[] fieldOf, List<String> ignored) {
    private static final int SHOWN_HEADER_CHARACTERS = 1000;

    public HeaderMatch {
        ignored = List.copyOf(ignored);
    }

    /// @throws MillraceException HEADER_AMBIGUOUS when two names fit one column equally well, or
    ///   one name fits two; HEADER_MISSING_COLUMN, naming all of them, when columns that are not
    ///   Nullable are absent
    public static HeaderMatch match(List<String> header, ModelDefinition definition) {
        var columns = definition.columns();
        var columnOf = new int[header.size()];
        var fieldOf = new int[columns.size()];
        Arrays.fill(columnOf, -1);
        Arrays.fill(fieldOf, -1);

        matchExactly(header, columns, columnOf, fieldOf);
        matchLoosely(header, columns, columnOf, fieldOf);
        refuseMissing(header, columns, fieldOf);
        var ignored =
                IntStream.range(0, header.size())
                        .filter(field -> columnOf[field] < 0)
                        .mapToObj(header::get)
                        .toList();
        return new HeaderMatch(fieldOf, ignored);
    }

    private static void matchExactly(
            List<String> header, List<Column> columns, int[] columnOf, int[] fieldOf) {
        Map<String, Integer> byName = new HashMap<>();
        for (var i = 0; i < columns.size(); i++) {
            byName.put(columns.get(i).name(), i);
        }
        for (var field = 0; field < header.size(); field++) {
            var column = byName.get(header.get(field));
            if (column != null) {
                take(header, columns, columnOf, fieldOf, field, column);
            }
        }
    }

    private static void matchLoosely(
            List<String> header, List<Column> columns, int[] columnOf, int[] fieldOf) {
        Map<String, List<Integer>> byLooseName = new HashMap<>();
        for (var i = 0; i < columns.size(); i++) {
            byLooseName
                    .computeIfAbsent(loose(columns.get(i).name()), _ -> new ArrayList<>())
                    .add(i);
        }
        var exact = fieldOf.clone();
        for (var field = 0; field < header.size(); field++) {
            var fitting = byLooseName.getOrDefault(loose(header.get(field)), List.of());
            if (columnOf[field] >= 0 || fitting.isEmpty()) {
                continue;
            }
            if (fitting.size() > 1) {
                throw ambiguous(
                        "The name '%s' in the header fits the columns '%s' and '%s' equally well"
                                .formatted(
                                        header.get(field),
                                        columns.get(fitting.get(0)).name(),
                                        columns.get(fitting.get(1)).name()));
            }
            if (exact[fitting.getFirst()] < 0) {
                take(header, columns, columnOf, fieldOf, field, fitting.getFirst());
            }
        }
    }

    private static void take(
            List<String> header,
            List<Column> columns,
            int[] columnOf,
            int[] fieldOf,
            int field,
            int column) {
        if (fieldOf[column] >= 0) {
            throw ambiguous(
                    ("The names '%s' (field %d) and '%s' (field %d) in the header both fit"
                                    + " the column '%s'")
                            .formatted(
                                    header.get(fieldOf[column]),
                                    fieldOf[column] + 1,
                                    header.get(field),
                                    field + 1,
                                    columns.get(column).name()));
        }
        fieldOf[column] = field;
        columnOf[field] = column;
    }

    private static void refuseMissing(List<String> header, List<Column> columns, int[] fieldOf) {
        var missing =
                IntStream.range(0, columns.size())
                        .filter(i -> fieldOf[i] < 0 && !columns.get(i).type().isNullable())
                        .mapToObj(i -> "'" + columns.get(i).name() + "'")
                        .toList();
        if (missing.isEmpty()) {
            return;
        }
        var shown = String.join(", ", header);
        if (shown.length() > SHOWN_HEADER_CHARACTERS) {
            shown = FieldText.cut(shown, SHOWN_HEADER_CHARACTERS) + "…";
        }
        throw new MillraceException(
                ErrorCode.HEADER_MISSING_COLUMN,
                "The header lacks %s %s, which cannot be NULL; it has: %s"
                        .formatted(
                                missing.size() == 1 ? "the column" : "the columns",
                                String.join(", ", missing),
                                shown),
                "Name each column of the model in the source's first line, make the absent ones"
                        + " Nullable in the model, or give the right delimiter if the header was"
                        + " cut wrongly.",
                null);
    }

    private static String loose(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    private static MillraceException ambiguous(String message) {
        return new MillraceException(
                ErrorCode.HEADER_AMBIGUOUS,
                message,
                "Spell each name in the header exactly as the model spells its column, once.",
                null);
    }
}
