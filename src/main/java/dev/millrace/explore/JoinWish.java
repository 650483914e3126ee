package dev.millrace.explore;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a join is to be made of. Each part has its place in what was sent, such as
/// `joins[1].conditions[0].right`, for whoever has to be told what is wrong with it. Immutable.
///
/// @param columns all that the tables show when there are none
/// @param joins the first joins the second table to the first one, the next the third to these
/// @param filters all of them have to hold
/// @param limit null for all rows
public record JoinWish(
        List<Table> tables,
        List<Chosen> columns,
        List<Link> joins,
        List<Filter> filters,
        List<Ordering> orderBy,
        @Nullable Long limit) {

    /// @param database null for the connection's
    /// @param alias what it is called here; null for its name
    public record Table(
            @Nullable String database, String table, @Nullable String alias, String place) {
        String name() {
            return alias == null ? table : alias;
        }
    }

    /// A column of a table.
    ///
    /// @param table by its alias; null when only one of the tables has such a column
    public record Ref(@Nullable String table, String column, String place) {}

    /// @param as its name in the answer, or null
    public record Chosen(Ref column, @Nullable String as) {}

    public enum Kind {
        INNER,
        LEFT,
        RIGHT,
        FULL
    }

    /// @param conditions all of them have to hold
    public record Link(Kind kind, List<Condition> conditions, String place) {}

    /// @param operator one of those that compare
    public record Condition(Ref left, Operator operator, Ref right) {}

    /// @param values as many as the operator takes, in the way that their column's type is written
    public record Filter(Ref column, Operator operator, List<String> values, String place) {}

    public record Ordering(Ref column, boolean descending) {}
}
