package dev.millrace.infer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A column of some sources: what it is called, and what its fields are. Not thread-safe.
final class FieldProfile {
    private final String name;
    private final ColumnProfile fields;
    private final SourceNames sources;

    /// By which other name a source has it, or null.
    private @Nullable String otherwise;

    /// The identity of the first row that has it, when that comes late; else 0.
    private long firstRow;

    /// @param name as the first source that has it spells it
    FieldProfile(String name, int mostDistinct, SourceNames sources) {
        this.name = name;
        this.sources = sources;
        this.fields = new ColumnProfile(mostDistinct, sources);
    }

    /// The same of a key that first comes in a row.
    FieldProfile firstIn(long id) {
        firstRow = id;
        return this;
    }

    String name() {
        return name;
    }

    ColumnProfile fields() {
        return fields;
    }

    @Nullable String otherwise() {
        return otherwise;
    }

    /// A source has it by a name.
    void isCalled(String spelled) {
        if (!spelled.equals(name)) {
            otherwise = spelled;
        }
    }

    /// @param column a name that a column can have
    /// @param rows the records of all sources that can be read
    /// @param lacking the sources that have no such column
    ColumnProposal propose(String column, long rows, List<Integer> lacking) {
        var absent = rows - fields.count();
        var proposal = ColumnProposal.of(name, column, fields, absent);
        if (absent == 0) {
            return proposal;
        }
        var notes = new ArrayList<String>();
        var isArray = proposal.column().reading().defaultText() != null;
        if (!lacking.isEmpty()) {
            notes.add(
                    "%s %s no such column: it is %s there."
                            .formatted(
                                    sources.shown(lacking),
                                    lacking.size() == 1 ? "has" : "have",
                                    isArray ? "empty" : "NULL"));
        }
        if (firstRow != 0) {
            notes.add(
                    "It first comes in %s: before that it is %s."
                            .formatted(
                                    sources.row(Example.of(firstRow, "")),
                                    isArray ? "empty" : "NULL"));
        }
        if (notes.isEmpty()) {
            notes.add(
                    "%,d records come before the first of their source that has it: it is %s there."
                            .formatted(absent, isArray ? "empty" : "NULL"));
        }
        return proposal.with(notes);
    }
}
