package dev.millrace.api;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.explore.JoinWish;
import dev.millrace.explore.Operator;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A join as JSON has it. Whatever is wrong with it begins with its place.
final class JoinBody {
    private final JsonObject body;
    private final String prefix;

    /// @param prefix of places, such as `join.`, or empty
    private JoinBody(JsonObject body, String prefix) {
        this.body = body;
        this.prefix = prefix;
    }

    /// @throws MillraceException INVALID_JOIN
    static JoinWish read(JsonObject body, String prefix) {
        var object = new JsonObject(body.node(), body.what(), ErrorCode.INVALID_JOIN);
        return new JoinBody(
                        object.withOnly(
                                "tables", "columns", "joins", "filters", "orderBy", "limit"),
                        prefix)
                .wish();
    }

    private JoinWish wish() {
        var tables = objects("tables").stream().map(JoinBody::table).toList();
        if (tables.isEmpty()) {
            throw invalid(prefix + "tables", "there is none", "Name one table or more.");
        }
        return new JoinWish(
                tables,
                objects("columns").stream().map(JoinBody::chosen).toList(),
                objects("joins").stream().map(this::link).toList(),
                objects("filters").stream().map(JoinBody::filter).toList(),
                objects("orderBy").stream().map(JoinBody::ordering).toList(),
                limit());
    }

    private List<JsonObject> objects(String key) {
        return body.objects(key, prefix + key);
    }

    private @Nullable Long limit() {
        var limit = body.count("limit");
        if (limit != null && limit < 1) {
            throw invalid(prefix + "limit", "it is %d".formatted(limit), "Give 1 or more.");
        }
        return limit == null ? null : (Long) limit.longValue();
    }

    private static JoinWish.Table table(JsonObject table) {
        table.withOnly("database", "table", "alias");
        var alias = table.text("alias");
        if (alias != null && alias.isEmpty()) {
            throw invalid(table.what() + ".alias", "it is empty", "Leave it out, or name it.");
        }
        return new JoinWish.Table(
                table.text("database"), table.requiredText("table"), alias, table.what());
    }

    private static JoinWish.Chosen chosen(JsonObject chosen) {
        chosen.withOnly("table", "column", "as");
        var as = chosen.text("as");
        if (as != null && as.isEmpty()) {
            throw invalid(chosen.what() + ".as", "it is empty", "Leave it out, or name it.");
        }
        return new JoinWish.Chosen(ref(chosen), as);
    }

    private static JoinWish.Ref ref(JsonObject ref) {
        return new JoinWish.Ref(ref.text("table"), ref.requiredText("column"), ref.what());
    }

    private JoinWish.Link link(JsonObject link) {
        link.withOnly("kind", "conditions");
        return new JoinWish.Link(
                kind(link, "kind"),
                link.objects("conditions", link.what() + ".conditions").stream()
                        .map(JoinBody::condition)
                        .toList(),
                link.what());
    }

    /// @param key where the kind of join stands
    static JoinWish.Kind kind(JsonObject link, String key) {
        var text = link.text(key);
        var kind = text == null ? "INNER" : text.strip().toUpperCase(Locale.ROOT);
        return Arrays.stream(JoinWish.Kind.values())
                .filter(each -> each.name().equals(kind))
                .findFirst()
                .orElseThrow(() ->
                        invalid(
                                link.what() + "." + key,
                                "there is no join '%s'".formatted(text),
                                "Known: INNER, LEFT, RIGHT, FULL."));
    }

    private static JoinWish.Condition condition(JsonObject condition) {
        condition.withOnly("left", "operator", "right");
        var operator = operator(condition);
        if (!operator.joins()) {
            throw invalid(
                    condition.what() + ".operator",
                    "'%s' does not join".formatted(operator.sql()),
                    "Known: =, <, <=, >, >=.");
        }
        return new JoinWish.Condition(side(condition, "left"), operator, side(condition, "right"));
    }

    private static JoinWish.Ref side(JsonObject condition, String key) {
        var side =
                JsonObject.of(
                        condition.required(key),
                        condition.what() + "." + key,
                        ErrorCode.INVALID_JOIN);
        return ref(side.withOnly("table", "column"));
    }

    static Operator operator(JsonObject object) {
        var text = object.text("operator");
        return Operator.find(text == null ? "=" : text)
                .orElseThrow(() ->
                        invalid(
                                object.what() + ".operator",
                                "there is no operator '%s'".formatted(text),
                                "Known: %s.".formatted(Operator.known())));
    }

    private static JoinWish.Filter filter(JsonObject filter) {
        filter.withOnly("table", "column", "operator", "value", "values");
        if (filter.says("value") && filter.says("values")) {
            throw invalid(
                    filter.what() + ".value", "there are values besides it", "Give one of them.");
        }
        var value = filter.spelled("value");
        return new JoinWish.Filter(
                ref(filter),
                operator(filter),
                value != null ? List.of(value) : filter.spelledList("values"),
                filter.what());
    }

    private static JoinWish.Ordering ordering(JsonObject ordering) {
        ordering.withOnly("table", "column", "descending");
        return new JoinWish.Ordering(
                ref(ordering), Boolean.TRUE.equals(ordering.flag("descending")));
    }

    /// A table alone, as a join of one.
    ///
    /// @param table has `database`, `table` and `columns`
    static JoinWish alone(JsonObject table, String place) {
        table.withOnly("database", "table", "columns");
        var columns = table.texts("columns");
        return new JoinWish(
                List.of(
                        new JoinWish.Table(
                                table.text("database"), table.requiredText("table"), null, place)),
                IntStream.range(0, columns.size())
                        .mapToObj(i ->
                                new JoinWish.Chosen(
                                        new JoinWish.Ref(
                                                null,
                                                columns.get(i),
                                                "%s.columns[%d]".formatted(place, i)),
                                        null))
                        .toList(),
                List.of(),
                List.of(),
                List.of(),
                null);
    }

    static MillraceException invalid(String place, String what, String remedy) {
        return new MillraceException(
                ErrorCode.INVALID_JOIN, "%s: %s".formatted(place, what), remedy, null);
    }
}
