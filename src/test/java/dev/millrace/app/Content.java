package dev.millrace.app;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a table or a file holds, as a multiset of rows: how many there are, and the sums, modulo
/// 2⁶⁴, of either half of the MD5 of each row's text. Two contents that differ in a row, or in how
/// often they have it, are equal by accident once in 2¹²⁸.
record Content(long rows, long firstHalves, long secondHalves) {
    static final Content NOTHING = new Content(0, 0, 0);

    /// Both together; a row of both is there twice.
    Content plus(Content other) {
        return new Content(
                rows + other.rows,
                firstHalves + other.firstHalves,
                secondHalves + other.secondHalves);
    }

    /// The query that asks a table for its content.
    ///
    /// @param row an expression that gives a row's text
    static String query(String table, String row) {
        return """
        SELECT count(), sum(reinterpretAsInt64(substring(h, 1, 8))),
               sum(reinterpretAsInt64(substring(h, 9, 8)))
        FROM (SELECT MD5(%s) AS h FROM %s)
        """
                .formatted(row, table);
    }

    /// Reads the answer to [#query].
    static Content parse(String line) {
        var sums = line.split("\t", -1);
        return new Content(
                Long.parseLong(sums[0]), Long.parseLong(sums[1]), Long.parseLong(sums[2]));
    }

    /// What a load does to a table, seen from the table.
    ///
    /// @param replaces whether it takes the place of all that was there before
    record Change(Content content, boolean replaces) {
        Content on(Content before) {
            return replaces ? content : before.plus(content);
        }
    }

    /// What an empty table may hold after changes that were made one after another, in an order
    /// that nobody prescribed.
    static Set<Content> after(List<Change> changes) {
        return after(NOTHING, changes);
    }

    private static Set<Content> after(Content before, List<Change> changes) {
        if (changes.isEmpty()) {
            return Set.of(before);
        }
        var outcomes = new HashSet<Content>();
        for (var i = 0; i < changes.size(); i++) {
            var others = new ArrayList<>(changes);
            outcomes.addAll(after(others.remove(i).on(before), others));
        }
        return outcomes;
    }
}
