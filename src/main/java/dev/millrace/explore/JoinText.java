package dev.millrace.explore;

import static dev.millrace.explore.Sides.invalid;

import dev.millrace.core.Schema;
import dev.millrace.core.Schema.ColumnEntry;
import dev.millrace.core.SqlText;
import dev.millrace.explore.Join.Found;
import dev.millrace.explore.Join.Side;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Writes a join. Names stand in backquotes and values as literals of their columns' types, so that
/// each is what it is, whatever characters it holds.
///
/// A missing row gives NULL: the columns of a table that may have none beside others are made
/// nullable before the join. The setting `join_use_nulls` says the same, but a user who may only
/// read may not say it, and the text would mean something else where somebody has changed it. For
/// one thread.
final class JoinText {
    private final JoinWish wish;
    private final Sides sides;
    private final Values values;

    /// The columns that are used, by the alias of their table.
    private final Map<String, Set<String>> used = new LinkedHashMap<>();

    /// @throws dev.millrace.core.MillraceException INVALID_JOIN
    JoinText(JoinWish wish, Schema schema) {
        this.wish = wish;
        this.sides = new Sides(schema, wish);
        this.values = Values.read(wish, sides, schema);
    }

    /// @param columns without their types yet
    record Written(String sql, List<Output> columns) {}

    record Output(String name, Found found) {}

    Written write() {
        var outputs = outputs();
        var select = outputs.stream().map(this::selected).collect(Collectors.joining(",\n    "));
        var joins = new ArrayList<String>();
        for (var i = 0; i < wish.joins().size(); i++) {
            joins.add(conditions(i));
        }
        var filters =
                wish.filters().stream()
                        .map(each -> values.filter(each, full(sides.find(each.column()))))
                        .toList();
        var ordering =
                wish.orderBy().stream()
                        .map(each ->
                                full(sides.find(each.column()))
                                        + (each.descending() ? " DESC" : ""))
                        .toList();

        var sql = new StringBuilder("SELECT\n    ").append(select);
        sql.append("\nFROM ").append(table(sides.all().getFirst()));
        for (var i = 0; i < joins.size(); i++) {
            sql.append(
                    "\n%s JOIN %s ON %s"
                            .formatted(
                                    wish.joins().get(i).kind(),
                                    table(sides.all().get(i + 1)),
                                    joins.get(i)));
        }
        if (!filters.isEmpty()) {
            sql.append("\nWHERE ").append(String.join("\n  AND ", filters));
        }
        if (!ordering.isEmpty()) {
            sql.append("\nORDER BY ").append(String.join(", ", ordering));
        }
        if (wish.limit() != null) {
            sql.append("\nLIMIT ").append(wish.limit());
        }
        return new Written(sql.toString(), outputs);
    }

    private List<Output> outputs() {
        var chosen = new ArrayList<Found>();
        var said = new ArrayList<JoinWish.Chosen>();
        if (wish.columns().isEmpty()) {
            for (var side : sides.all()) {
                for (var column : side.columns()) {
                    if (column.isShown()) {
                        chosen.add(new Found(side, column));
                        said.add(new JoinWish.Chosen(new JoinWish.Ref(null, "", ""), null));
                    }
                }
            }
        } else {
            for (var each : wish.columns()) {
                chosen.add(sides.find(each.column()));
                said.add(each);
            }
        }
        return named(chosen, said);
    }

    /// A name that comes twice has its table's before it, unless it was said.
    private List<Output> named(List<Found> chosen, List<JoinWish.Chosen> said) {
        var plain =
                chosen.stream()
                        .map(each -> each.column().name())
                        .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
        var taken = new HashSet<String>();
        sides.all().forEach(side -> taken.add(side.alias()));
        for (var each : said) {
            if (each.as() != null && !taken.add(each.as())) {
                throw invalid(
                        each.column().place() + ".as",
                        "two columns are called '%s'".formatted(each.as()),
                        "Give it another name.");
            }
        }
        var outputs = new ArrayList<Output>();
        for (var i = 0; i < chosen.size(); i++) {
            var found = chosen.get(i);
            var as = said.get(i).as();
            outputs.add(
                    new Output(
                            as != null
                                    ? as
                                    : free(
                                            found,
                                            plain.getOrDefault(found.column().name(), 0L) > 1,
                                            taken),
                            found));
        }
        return outputs;
    }

    private static String free(Found found, boolean twice, Set<String> taken) {
        var plain = found.column().name();
        var wanted = twice ? found.side().name() + "_" + plain : plain;
        var name = wanted;
        for (var n = 2; !taken.add(name); n++) {
            name = wanted + "_" + n;
        }
        return name;
    }

    /// Always with its name: of joined tables ClickHouse calls a column after its table too where
    /// another one has a column of that name, also one that was not chosen.
    private String selected(Output output) {
        return full(output.found()) + " AS " + SqlText.identifier(output.name());
    }

    private String conditions(int join) {
        var link = wish.joins().get(join);
        var joined = sides.all().get(join + 1);
        if (link.conditions().isEmpty()) {
            throw invalid(
                    link.place() + ".conditions",
                    "the table '%s' is joined by none".formatted(joined.name()),
                    "Say which columns go together.");
        }
        if (link.kind() != JoinWish.Kind.INNER
                && link.conditions().stream()
                        .noneMatch(each -> each.operator() == Operator.EQUAL)) {
            throw invalid(
                    link.place() + ".conditions",
                    "a %s join needs an equality".formatted(link.kind()),
                    "Add a condition with '=', or use an INNER join.");
        }
        return link.conditions().stream()
                .map(each -> condition(each, join))
                .collect(Collectors.joining(" AND "));
    }

    private String condition(JoinWish.Condition condition, int join) {
        var left = sides.find(condition.left());
        var right = sides.find(condition.right());
        var joined = sides.all().get(join + 1);
        requireThere(condition.left(), left, join);
        requireThere(condition.right(), right, join);
        var leftIsNew = isOf(left, joined);
        if (leftIsNew == isOf(right, joined)) {
            throw invalid(
                    condition.right().place() + ".table",
                    leftIsNew
                            ? "both columns are of '%s'".formatted(joined.name())
                            : "neither column is of '%s', which this join brings in"
                                    .formatted(joined.name()),
                    "Name a column of '%s' and one of a table before it.".formatted(joined.name()));
        }
        return "%s %s %s".formatted(full(left), condition.operator().sql(), full(right));
    }

    private static boolean isOf(Found found, Side side) {
        return found.side().alias().equals(side.alias());
    }

    private void requireThere(JoinWish.Ref ref, Found found, int join) {
        var at = sides.all().stream().map(Side::alias).toList().indexOf(found.side().alias());
        if (at > join + 1) {
            throw invalid(
                    ref.place() + ".table",
                    "'%s' is joined only later".formatted(found.side().name()),
                    "Use it in a condition of joins[%d], or after it.".formatted(at - 1));
        }
    }

    /// A column by the name that nothing else has.
    private String full(Found found) {
        used.computeIfAbsent(found.side().alias(), _ -> new LinkedHashSet<>())
                .add(found.column().name());
        return SqlText.identifier(found.side().alias())
                + "."
                + SqlText.identifier(found.column().name());
    }

    /// Called last, when it is known which columns are used.
    private String table(Side side) {
        var name =
                SqlText.identifier(side.database()) + "." + SqlText.identifier(side.wish().table());
        var alias = SqlText.identifier(side.alias());
        if (!side.mayMiss()) {
            return name + " AS " + alias;
        }
        var columns =
                side.columns().stream()
                        .filter(each ->
                                used.getOrDefault(side.alias(), Set.of()).contains(each.name()))
                        .map(JoinText::nullable)
                        .collect(Collectors.joining(", "));
        return "(SELECT %s FROM %s) AS %s".formatted(columns, name, alias);
    }

    private static String nullable(ColumnEntry column) {
        var name = SqlText.identifier(column.name());
        return ValueText.mayBeNull(column.type())
                ? "toNullable(%1$s) AS %1$s".formatted(name)
                : name;
    }
}
