package dev.millrace.explore;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Schema;
import dev.millrace.core.Schema.ColumnEntry;
import dev.millrace.explore.Join.Found;
import dev.millrace.explore.Join.Side;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The tables of a join as the server has them, and their columns by how a wish names them. For one
/// thread.
final class Sides {
    private static final int MOST_NAMES = 1000;

    private final Schema schema;
    private final List<Side> sides = new ArrayList<>();

    /// @throws MillraceException INVALID_JOIN when one is not there
    Sides(Schema schema, JoinWish wish) {
        this.schema = schema;
        var known = wish.tables().stream().map(this::read).toList();
        var names = new HashSet<String>();
        for (var side : known) {
            if (!names.add(side.name())) {
                throw invalid(
                        side.wish().place(),
                        "two tables are called '%s'".formatted(side.name()),
                        "Give one of them an alias.");
            }
        }
        var taken = taken(wish, known);
        for (var i = 0; i < known.size(); i++) {
            var side = known.get(i);
            var others = new HashSet<>(taken);
            for (var other : known) {
                if (!other.name().equals(side.name())) {
                    others.add(other.name());
                    others.add(other.wish().table());
                }
            }
            sides.forEach(each -> others.add(each.alias()));
            sides.add(
                    new Side(
                            side.wish(),
                            side.database(),
                            side.name(),
                            free(side.name(), others),
                            side.columns(),
                            mayMiss(wish, i)));
        }
    }

    private Side read(JoinWish.Table wish) {
        var database = wish.database() == null ? schema.database() : wish.database();
        var columns = schema.columns(database, wish.table());
        if (columns.isEmpty()) {
            throw missing(wish, database);
        }
        var name = wish.name();
        return new Side(wish, database, name, name, columns, false);
    }

    private MillraceException missing(JoinWish.Table wish, String database) {
        var tables = schema.tables(database, new Schema.TableWish(null, null, MOST_NAMES));
        if (tables.isEmpty()) {
            var databases = schema.databases().stream().map(Schema.DatabaseEntry::name).toList();
            if (!databases.contains(database)) {
                return invalid(
                        wish.place() + ".database",
                        "there is no database '%s'".formatted(database),
                        NearNames.of(database, databases));
            }
        }
        return invalid(
                wish.place() + ".table",
                "there is no table '%s' in '%s'".formatted(wish.table(), database),
                NearNames.of(wish.table(), tables.stream().map(Schema.TableEntry::name).toList()));
    }

    /// What the server might take the first part of a column's full name for, if it were that.
    private static Set<String> taken(JoinWish wish, List<Side> sides) {
        var names = new ArrayList<String>();
        for (var side : sides) {
            names.add(side.database());
            side.columns().forEach(column -> names.add(column.name()));
        }
        wish.columns().stream().flatMap(each -> Stream.ofNullable(each.as())).forEach(names::add);
        var taken = new HashSet<String>();
        for (var name : names) {
            taken.add(name);
            taken.add(name.split("\\.", 2)[0]);
        }
        return taken;
    }

    /// The name itself, or the first of `name_1`, `name_2`, … that is none of the others'.
    private static String free(String name, Set<String> taken) {
        var plain = name.contains(".") ? "t" : name;
        var free = plain;
        for (var n = 1; taken.contains(free); n++) {
            free = plain + "_" + n;
        }
        return free;
    }

    /// Whether a join after a table, or its own, keeps rows that have none in it.
    private static boolean mayMiss(JoinWish wish, int table) {
        for (var i = 0; i < wish.joins().size(); i++) {
            var misses =
                    switch (wish.joins().get(i).kind()) {
                        case INNER -> false;
                        case LEFT -> table == i + 1;
                        case RIGHT -> table <= i;
                        case FULL -> table <= i + 1;
                    };
            if (misses) {
                return true;
            }
        }
        return false;
    }

    List<Side> all() {
        return List.copyOf(sides);
    }

    /// @throws MillraceException INVALID_JOIN
    Found find(JoinWish.Ref ref) {
        var table = ref.table();
        if (table == null) {
            return findAnywhere(ref);
        }
        var side =
                sides.stream()
                        .filter(each -> each.name().equals(table))
                        .findFirst()
                        .orElseThrow(() ->
                                invalid(
                                        ref.place() + ".table",
                                        "no table is called '%s' here".formatted(table),
                                        NearNames.of(table, names())));
        return new Found(side, column(side, ref));
    }

    private Found findAnywhere(JoinWish.Ref ref) {
        var found =
                sides.stream()
                        .flatMap(side ->
                                side.columns().stream()
                                        .filter(column -> column.name().equals(ref.column()))
                                        .map(column -> new Found(side, column)))
                        .toList();
        if (found.isEmpty()) {
            throw invalid(
                    ref.place() + ".column",
                    "no table here has a column '%s'".formatted(ref.column()),
                    NearNames.of(
                            ref.column(),
                            sides.stream()
                                    .flatMap(side -> side.columns().stream())
                                    .map(ColumnEntry::name)
                                    .distinct()
                                    .toList()));
        }
        if (found.size() > 1) {
            throw invalid(
                    ref.place() + ".table",
                    "'%s' is a column of %d tables".formatted(ref.column(), found.size()),
                    "Say which: '%s'."
                            .formatted(
                                    String.join(
                                            "' or '",
                                            found.stream().map(f -> f.side().name()).toList())));
        }
        return new Found(found.getFirst().side(), readable(found.getFirst().column(), ref));
    }

    private static ColumnEntry column(Side side, JoinWish.Ref ref) {
        return readable(
                side.columns().stream()
                        .filter(each -> each.name().equals(ref.column()))
                        .findFirst()
                        .orElseThrow(() ->
                                invalid(
                                        ref.place() + ".column",
                                        "there is no column '%s' in '%s' (%s.%s)"
                                                .formatted(
                                                        ref.column(),
                                                        side.name(),
                                                        side.database(),
                                                        side.wish().table()),
                                        NearNames.of(
                                                ref.column(),
                                                side.columns().stream()
                                                        .map(ColumnEntry::name)
                                                        .toList()))),
                ref);
    }

    private static ColumnEntry readable(ColumnEntry column, JoinWish.Ref ref) {
        if (!column.isReadable()) {
            throw invalid(
                    ref.place() + ".column",
                    "'%s' is EPHEMERAL: it takes part in inserts and cannot be read"
                            .formatted(column.name()),
                    "Leave it out.");
        }
        return column;
    }

    private List<String> names() {
        return sides.stream().map(Side::name).toList();
    }

    static MillraceException invalid(String place, String what, String remedy) {
        return new MillraceException(
                ErrorCode.INVALID_JOIN, "%s: %s".formatted(place, what), remedy, null);
    }
}
