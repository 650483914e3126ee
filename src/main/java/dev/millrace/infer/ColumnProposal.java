package dev.millrace.infer;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnReading.ClockChange;
import dev.millrace.core.ColumnReading.Nested;
import dev.millrace.core.ColumnReading.OuterBlanks;
import dev.millrace.core.ColumnType;
import dev.millrace.infer.TypeChoice.Choice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A column of a model, made of what its fields are.
///
/// @param unique whether no value is there twice, as far as that is known
record ColumnProposal(Column column, ColumnEvidence evidence, List<Tally> misfits, boolean unique) {
    private static final int FEW_IDS = 100;
    private static final int SHOWN_EXAMPLES = 3;
    private static final String NO_ELEMENTS = "[]";

    /// @param field the column's name in the source
    /// @param name a name that a column can have
    /// @param absent how many records have no such field
    static ColumnProposal of(String field, String name, ColumnProfile profile, long absent) {
        var choice = TypeChoice.of(profile);
        var notes = new ArrayList<>(choice.notes());
        var markers = markers(profile, choice);
        var type = type(field, profile, choice, markers, absent > 0);
        var column =
                new Column(
                        name,
                        type,
                        new ColumnReading(
                                name.equals(field) ? List.of() : List.of(field),
                                markers,
                                absent > 0 && choice.isArray() ? NO_ELEMENTS : null,
                                choice.dateFormats(),
                                choice.nonFinite(),
                                ClockChange.REJECT,
                                OuterBlanks.KEEP,
                                choice.isText() && profile.nested > 0 ? Nested.JSON : Nested.REJECT,
                                choice.numbers()),
                        ColumnConstraints.NONE);
        var misfits = choice.misfits().stream().mapToLong(tally -> tally.count).sum();
        var examples = choice.misfits().stream().flatMap(t -> t.examples().stream()).toList();
        if (misfits > 0) {
            notes.add(misfitNote(misfits, examples, profile.sources));
        }
        var nulls = nulls(profile, choice);
        return new ColumnProposal(
                column,
                new ColumnEvidence(
                        name,
                        field,
                        choice.isText()
                                ? profile.filled - profile.backslashN()
                                : profile.filled - nulls.values().stream().mapToLong(n -> n).sum(),
                        profile.empty + profile.quotedEmpty,
                        absent,
                        nulls,
                        profile.distinct.count(),
                        !profile.distinct.isMany(),
                        choice.least(),
                        choice.greatest(),
                        profile.longest,
                        choice.why(),
                        choice.excluded(),
                        misfits,
                        examples,
                        notes),
                choice.misfits(),
                isUnique(profile, choice));
    }

    /// The same with more to be known.
    ColumnProposal with(List<String> notes) {
        var more = evidence;
        for (var note : notes) {
            more = more.with(note);
        }
        return new ColumnProposal(column, more, misfits, unique);
    }

    private static String misfitNote(long misfits, List<Example> examples, SourceNames sources) {
        var shown =
                examples.stream()
                        .limit(SHOWN_EXAMPLES)
                        .map(sources::shown)
                        .collect(Collectors.joining(", "));
        return misfits == 1
                ? "One field does not fit, and its row will be rejected: %s.".formatted(shown)
                : "%,d fields do not fit, and their rows will be rejected: %s%s."
                        .formatted(misfits, shown, misfits > SHOWN_EXAMPLES ? " and others" : "");
    }

    private static boolean isUnique(ColumnProfile profile, Choice choice) {
        var values = profile.values();
        if (values == 0 || choice.isArray()) {
            return false;
        }
        return profile.distinct.isMany()
                ? choice.type() instanceof ColumnType.Uuid
                        || (choice.type() instanceof ColumnType.Whole && profile.numbers.rising)
                : profile.distinct.count() == values;
    }

    /// A text column has none: there `N/A` is a text like others, and an empty field the empty
    /// text.
    private static List<String> markers(ColumnProfile profile, Choice choice) {
        if (choice.isText() || choice.isArray()) {
            return List.of();
        }
        var markers = new ArrayList<>(profile.markersSeen(!choice.nonFinite()));
        if (profile.quotedEmpty > 0) {
            markers.add("");
        }
        return markers;
    }

    private static ColumnType type(
            String field,
            ColumnProfile profile,
            Choice choice,
            List<String> markers,
            boolean isOptional) {
        var scalar = choice.type();
        if (choice.isArray()) {
            return new ColumnType.Array(
                    choice.isElementNullable() ? new ColumnType.Nullable(scalar) : scalar);
        }
        var nullable =
                isOptional
                        || profile.backslashN() > 0
                        || (!choice.isText() && (profile.empty > 0 || !markers.isEmpty()));
        ColumnType type = nullable ? new ColumnType.Nullable(scalar) : scalar;
        return choice.isText() && TypeChoice.isLowCardinality(profile, mostDistinct(field))
                ? new ColumnType.LowCardinality(type)
                : type;
    }

    /// There will be more of what is called an id.
    private static int mostDistinct(String field) {
        return OrderChoice.isCalledId(field) ? FEW_IDS : Distinct.MOST;
    }

    private static Map<String, Long> nulls(ColumnProfile profile, Choice choice) {
        var nulls = new LinkedHashMap<String, Long>();
        for (var i = 0; i < profile.markers.length; i++) {
            var marker = ColumnProfile.MARKERS.get(i);
            var isNull =
                    choice.isText()
                            ? marker.equals("\\N") && profile.backslashN() > 0
                            : !choice.isArray()
                                    && (!choice.nonFinite() || !marker.equalsIgnoreCase("nan"));
            var isOfJson = marker.equals("\\N") && profile.nulls == profile.markers[i];
            if (isNull && profile.markers[i] > 0) {
                nulls.merge(isOfJson ? "null" : marker, profile.markers[i], Long::sum);
            }
        }
        return nulls;
    }
}
