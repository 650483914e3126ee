package dev.millrace.api;

import dev.millrace.explore.JoinWish;
import dev.millrace.explore.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Joins as users of the earlier tool write them: `table` alone, or `tables` with `columns` and
/// `join_conditions` such as `{"left": "a.id", "right": "b.a", "type": "LEFT"}`, each of which
/// brings in the next table.
final class OldJoin {
    private OldJoin() {}

    static JoinWish of(JsonObject body) {
        var table = body.text("table");
        var names = table != null ? List.of(table) : body.texts("tables");
        if (names.isEmpty()) {
            throw JoinBody.invalid("tables", "there is none", "Name one table or more.");
        }
        var database = body.text("database");
        var columns = body.texts("columns");
        var links = body.objects("join_conditions", "join_conditions");
        return new JoinWish(
                IntStream.range(0, names.size())
                        .mapToObj(i -> table(names.get(i), database, "tables[%d]".formatted(i)))
                        .toList(),
                IntStream.range(0, columns.size())
                        .mapToObj(i ->
                                new JoinWish.Chosen(
                                        ref(columns.get(i), names, "columns[%d]".formatted(i)),
                                        null))
                        .toList(),
                links(links, names),
                List.of(),
                List.of(),
                null);
    }

    /// `orders`, or `shop.orders`; the rest calls it as it is written.
    private static JoinWish.Table table(String text, @Nullable String database, String place) {
        var parts = text.split("\\.", -1);
        return parts.length == 2
                ? new JoinWish.Table(parts[0], parts[1], text, place)
                : new JoinWish.Table(database, text, null, place);
    }

    private static List<JoinWish.Link> links(List<JsonObject> conditions, List<String> names) {
        var links = new ArrayList<JoinWish.Link>();
        for (var each : conditions) {
            each.withOnly("left", "right", "operator", "type");
            links.add(
                    new JoinWish.Link(
                            JoinBody.kind(each, "type"),
                            List.of(
                                    new JoinWish.Condition(
                                            ref(
                                                    each.requiredText("left"),
                                                    names,
                                                    each.what() + ".left"),
                                            operator(each),
                                            ref(
                                                    each.requiredText("right"),
                                                    names,
                                                    each.what() + ".right"))),
                            each.what()));
        }
        return links;
    }

    private static Operator operator(JsonObject condition) {
        var operator = JoinBody.operator(condition);
        if (!operator.joins()) {
            throw JoinBody.invalid(
                    condition.what() + ".operator",
                    "'%s' does not join".formatted(operator.sql()),
                    "Known: =, <, <=, >, >=.");
        }
        return operator;
    }

    /// `column`, or `table.column` of one of the tables.
    private static JoinWish.Ref ref(String text, List<String> tables, String place) {
        return tables.stream()
                .filter(table -> text.startsWith(table + "."))
                .findFirst()
                .map(table -> new JoinWish.Ref(table, text.substring(table.length() + 1), place))
                .orElseGet(() -> new JoinWish.Ref(null, text, place));
    }
}
