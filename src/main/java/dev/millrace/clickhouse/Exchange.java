package dev.millrace.clickhouse;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.Journal;
import dev.millrace.core.MillraceException;
import java.util.Optional;
import java.util.UUID;

/// What is noted before a table and another trade names: which is which. Repeating the trade would
/// bring the old table back, so that whoever comes next looks which of the two has the name.
///
/// @param before the table that had the name when this was noted
/// @param after the one that is to have it
record Exchange(UUID before, UUID after) {
    private static final String WORD = "exchange";

    static Optional<Exchange> noted(Journal journal) {
        return journal.last().map(Exchange::parse);
    }

    void note(Journal journal) {
        journal.note("%s %s %s".formatted(WORD, before, after));
    }

    private static Exchange parse(String note) {
        var parts = note.split(" ", -1);
        if (parts.length != 3 || !parts[0].equals(WORD)) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR,
                    "'%s' is not the note of an exchange".formatted(note));
        }
        return new Exchange(UUID.fromString(parts[1]), UUID.fromString(parts[2]));
    }
}
