package dev.millrace.validate;

import dev.millrace.core.Column;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.SourceReading;
import dev.millrace.core.UnknownColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Which field of a source holds which column of a model.
///
/// A header's name is the column of exactly that name, or that accepts exactly that source name;
/// failing that, the one column that differs only in case, in the spaces around it, and in `_`, `-`
/// and `.`. A name that fits no column is unknown, and so is one that fits loosely a column which
/// another name fits exactly.
///
/// @param fieldOf for each column of the model, in its order, the position of its field, or -1 when
///   the header lacks it, which only an optional column may
/// @param ignored the names in the header that the model does not have, in their order
public record HeaderMatch(int[] fieldOf, List<String> ignored) {
    private static final int SHOWN_CHARACTERS = 1000;
    private static final Pattern JOINTS = Pattern.compile("[_.-]");

    public HeaderMatch {
        ignored = List.copyOf(ignored);
    }

    /// @throws MillraceException HEADER_AMBIGUOUS when two names fit one column equally well, or
    ///   one name fits two; HEADER_MISSING_COLUMN, naming all of them, when columns are absent that
    ///   may not be, or when all are; HEADER_UNKNOWN_COLUMN when the model refuses names that it
    ///   does not have
    public static HeaderMatch match(List<String> header, ModelDefinition definition) {
        var matching =
                Matching.of(header, definition.columns().stream().map(HeaderMatch::names).toList());
        refuseMissing(header, definition.columns(), matching.fieldOf);
        refuseStranger(header, matching.fieldOf);
        var unknown =
                IntStream.range(0, header.size())
                        .filter(field -> matching.columnOf[field] < 0)
                        .mapToObj(header::get)
                        .toList();
        if (definition.unknownColumns() == UnknownColumns.REJECT && !unknown.isEmpty()) {
            throw refuseUnknown(unknown);
        }
        return new HeaderMatch(matching.fieldOf, unknown);
    }

    /// Which of some columns the names of a header are, if these have no other names.
    ///
    /// @return for each the place of its column, or -1
    /// @throws MillraceException HEADER_AMBIGUOUS as [#match]
    public static int[] places(List<String> header, List<String> columns) {
        return Matching.of(header, columns.stream().map(List::of).toList()).columnOf;
    }

    /// Columns and fields as they find each other.
    private static final class Matching {
        private final List<String> header;
        private final List<List<String>> columns;
        private final int[] columnOf;
        private final int[] fieldOf;

        /// @param columns of each the names that it takes, its own first
        static Matching of(List<String> header, List<List<String>> columns) {
            var matching = new Matching(header, columns);
            matching.match(name -> name, true);
            matching.match(HeaderMatch::loose, false);
            return matching;
        }

        private Matching(List<String> header, List<List<String>> columns) {
            this.header = header;
            this.columns = columns;
            this.columnOf = new int[header.size()];
            this.fieldOf = new int[columns.size()];
            Arrays.fill(columnOf, -1);
            Arrays.fill(fieldOf, -1);
        }

        /// Matches the fields that have no column yet with the columns that had no field before.
        ///
        /// @param form what of a name counts
        /// @param exact whether all of it; an empty name fits no other way
        void match(UnaryOperator<String> form, boolean exact) {
            var byName = columnsByName(form);
            var before = fieldOf.clone();
            for (var field = 0; field < columnOf.length; field++) {
                var name = form.apply(header.get(field));
                var fitting = byName.getOrDefault(name, Set.of());
                if (columnOf[field] >= 0
                        || (name.isEmpty() && !exact)
                        || fitting.stream().allMatch(column -> before[column] >= 0)) {
                    continue;
                }
                var both = fitting.iterator();
                var column = both.next();
                if (both.hasNext()) {
                    throw ambiguous(
                            "The name '%s' in the header fits the columns '%s' and '%s' equally well"
                                    .formatted(
                                            header.get(field),
                                            columns.get(column).getFirst(),
                                            columns.get(both.next()).getFirst()));
                }
                take(field, column);
            }
        }

        private Map<String, Set<Integer>> columnsByName(UnaryOperator<String> form) {
            Map<String, Set<Integer>> byName = new HashMap<>();
            for (var i = 0; i < columns.size(); i++) {
                for (var name : columns.get(i)) {
                    byName.computeIfAbsent(form.apply(name), _ -> new LinkedHashSet<>()).add(i);
                }
            }
            return byName;
        }

        private void take(int field, int column) {
            if (fieldOf[column] >= 0) {
                throw ambiguous(
                        ("The names '%s' (field %d) and '%s' (field %d) in the header both fit"
                                        + " the column '%s'")
                                .formatted(
                                        header.get(fieldOf[column]),
                                        fieldOf[column] + 1,
                                        header.get(field),
                                        field + 1,
                                        columns.get(column).getFirst()));
            }
            fieldOf[column] = field;
            columnOf[field] = column;
        }
    }

    /// How a source is read with a model: as it was found, and of one whose records have keys also
    /// those of the model that its first records lack.
    ///
    /// @throws MillraceException as [#match]
    public static SourceReading matched(SourceReading reading, ModelDefinition definition) {
        if (!reading.format().isDelimited()) {
            return reading.with(withAbsent(reading.header(), definition));
        }
        match(reading.header(), definition);
        return reading;
    }

    /// The names of a source whose records have keys: those that its first records have, and behind
    /// them the columns that none of those is, for later records to have.
    public static List<String> withAbsent(List<String> keys, ModelDefinition definition) {
        var match = match(keys, definition);
        var names = new LinkedHashSet<>(keys);
        for (var i = 0; i < match.fieldOf.length; i++) {
            if (match.fieldOf[i] < 0) {
                names.add(definition.columns().get(i).name());
            }
        }
        return List.copyOf(names);
    }

    /// Which keys a record may not have that are none of the names that were found: those that mean
    /// a column, of which some values would be left out otherwise; and all of them, when the model
    /// takes no unknown ones, or where every record has all columns: what stands beside them is
    /// misplaced.
    public static Predicate<String> refusedKeys(SourceReading reading, ModelDefinition definition) {
        if (reading.format().isConverted()
                || definition.unknownColumns() == UnknownColumns.REJECT) {
            return _ -> true;
        }
        var meant = new HashSet<String>();
        for (var column : definition.columns()) {
            names(column).forEach(name -> meant.add(loose(name)));
        }
        return key -> meant.contains(loose(key));
    }

    private static List<String> names(Column column) {
        return Stream.concat(Stream.of(column.name()), column.reading().sourceNames().stream())
                .toList();
    }

    /// Which keys a record may not have that are none of a source's names, but mean one of them.
    public static Predicate<String> alike(List<String> names) {
        var meant = new HashSet<String>();
        names.forEach(name -> meant.add(loose(name)));
        return key -> meant.contains(loose(key));
    }

    private static String loose(String name) {
        return JOINTS.matcher(name.strip()).replaceAll("").toLowerCase(Locale.ROOT);
    }

    private static void refuseMissing(List<String> header, List<Column> columns, int[] fieldOf) {
        var missing = new ArrayList<String>();
        for (var i = 0; i < fieldOf.length; i++) {
            if (fieldOf[i] < 0 && !columns.get(i).isOptional()) {
                missing.add("'" + String.join("' or '", names(columns.get(i))) + "'");
            }
        }
        if (!missing.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.HEADER_MISSING_COLUMN,
                    "The header lacks %s %s, which cannot be NULL; it has: %s"
                            .formatted(
                                    missing.size() == 1 ? "the column" : "the columns",
                                    String.join(", ", missing),
                                    shown(header)),
                    "Name each column of the model in the source's first line, make the absent"
                            + " ones Nullable in the model or give them a default, add the names"
                            + " that the source has to the column's sourceNames, give the right"
                            + " delimiter if the header was cut wrongly, or say that there is no"
                            + " header: --no-header.",
                    null);
        }
    }

    /// Where every column may be absent, a source that has none of them would become rows of
    /// nothing but NULLs and defaults.
    private static void refuseStranger(List<String> header, int[] fieldOf) {
        if (!header.isEmpty()
                && fieldOf.length > 0
                && Arrays.stream(fieldOf).allMatch(field -> field < 0)) {
            throw new MillraceException(
                    ErrorCode.HEADER_MISSING_COLUMN,
                    "The header has none of the model's columns; it has: " + shown(header),
                    "Give the right delimiter if the header was cut wrongly, add the names that the"
                            + " source has to the columns' sourceNames, or say that there is no"
                            + " header: --no-header.",
                    null);
        }
    }

    private static MillraceException refuseUnknown(List<String> unknown) {
        return new MillraceException(
                ErrorCode.HEADER_UNKNOWN_COLUMN,
                "The header has %s that the model does not have: %s"
                        .formatted(unknown.size() == 1 ? "a column" : "columns", shown(unknown)),
                "Add them to the model, or let it ignore unknown columns.",
                null);
    }

    private static String shown(List<String> names) {
        var shown = String.join(", ", names);
        return shown.length() > SHOWN_CHARACTERS
                ? FieldText.cut(shown, SHOWN_CHARACTERS) + "…"
                : shown;
    }

    private static MillraceException ambiguous(String message) {
        return new MillraceException(
                ErrorCode.HEADER_AMBIGUOUS,
                message,
                "Spell each name in the header exactly as the model spells its column, once.",
                null);
    }
}
