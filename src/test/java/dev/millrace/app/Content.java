package dev.millrace.app;

import java.util.List;

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

    /// All together.
    static Content sum(List<Content> contents) {
        return contents.stream().reduce(NOTHING, Content::plus);
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
}
