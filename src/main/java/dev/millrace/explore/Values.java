package dev.millrace.explore;

import static dev.millrace.explore.Sides.invalid;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Schema;
import dev.millrace.core.Schema.TypedText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The values of a join's filters, each of which the server reads as its column's type. Immutable.
final class Values {
    private final Sides sides;

    private Values(Sides sides) {
        this.sides = sides;
    }

    private record Said(TypedText typed, String place) {}

    /// @throws MillraceException INVALID_JOIN when one is none of its type
    static Values read(JoinWish wish, Sides sides, Schema schema) {
        var said = new ArrayList<Said>();
        for (var filter : wish.filters()) {
            requireCount(filter);
            var type = ValueText.bare(sides.find(filter.column()).column().type());
            for (var i = 0; i < filter.values().size(); i++) {
                var place =
                        filter.place()
                                + (filter.values().size() == 1
                                        ? ".value"
                                        : ".values[%d]".formatted(i));
                requireText(filter.values().get(i), place);
                if (ValueText.isChecked(type) && !filter.operator().takesPattern()) {
                    said.add(new Said(new TypedText(filter.values().get(i), type), place));
                }
            }
        }
        check(said, schema);
        return new Values(sides);
    }

    private static void requireCount(JoinWish.Filter filter) {
        if (!filter.operator().takes(filter.values().size())) {
            throw invalid(
                    filter.place() + ".values",
                    "'%s' takes %s, and there are %d"
                            .formatted(
                                    filter.operator().sql(),
                                    filter.operator().takes(),
                                    filter.values().size()),
                    "Give as many.");
        }
    }

    /// Half of a character that takes two would become a question mark on the way.
    private static void requireText(String value, String place) {
        for (var i = 0; i < value.length(); i++) {
            var c = value.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw invalid(place, "it holds half a character", "Write it whole.");
            }
        }
    }

    private static void check(List<Said> said, Schema schema) {
        List<@Nullable String> read;
        try {
            read = schema.values(said.stream().map(Said::typed).toList());
        } catch (MillraceException e) {
            if (e.code() != ErrorCode.QUERY_REFUSED) {
                throw e;
            }
            said.forEach(each -> requireReadable(each, schema));
            throw e;
        }
        for (var i = 0; i < said.size(); i++) {
            requireKept(said.get(i), read.get(i));
        }
    }

    private static void requireReadable(Said said, Schema schema) {
        try {
            schema.values(List.of(said.typed()));
        } catch (MillraceException e) {
            if (e.code() != ErrorCode.QUERY_REFUSED) {
                throw e;
            }
            throw invalid(
                    said.place(),
                    "'%s' is no %s".formatted(said.typed().text(), said.typed().type()),
                    e.what());
        }
    }

    private static void requireKept(Said said, @Nullable String read) {
        if (!ValueText.isKept(said.typed().text(), said.typed().type(), read)) {
            throw invalid(
                    said.place(),
                    "'%s' is no %s: the server would take it for '%s'"
                            .formatted(said.typed().text(), said.typed().type(), read),
                    "Write it in full, such as 2026-07-18, 2026-07-18 09:30:00 or 12.50, with no"
                            + " more digits than the type has.");
        }
    }

    /// @param column as the SQL has it
    String filter(JoinWish.Filter filter, String column) {
        var type =
                filter.operator().takesPattern()
                        ? "String"
                        : ValueText.bare(sides.find(filter.column()).column().type());
        var values = filter.values().stream().map(value -> ValueText.sql(value, type)).toList();
        var sql = column + " " + filter.operator().sql();
        return switch (filter.operator()) {
            case IN, NOT_IN -> values.stream().collect(Collectors.joining(", ", sql + " (", ")"));
            case BETWEEN -> sql + " " + String.join(" AND ", values);
            case IS_NULL, IS_NOT_NULL -> sql;
            case EQUAL, UNEQUAL, LESS, AT_MOST, MORE, AT_LEAST, LIKE, NOT_LIKE, ILIKE ->
                    sql + " " + values.getFirst();
        };
    }
}
