package dev.millrace.infer;

import dev.millrace.core.ModelDefinition;
import dev.millrace.core.SourceReading;
import java.util.List;

/// A model for some sources, and what led to it.
///
/// @param definition rejects of the sources exactly `rejected` rows
/// @param columns the evidence of each column, in the model's order
/// @param sources what each of them is; one at least
/// @param rows the records of all sources, the headers not counted
/// @param damaged of them those that cannot be read, or have more or fewer fields than the header
/// @param damagedExamples some of these
/// @param rejected the rows that a load with the model rejects, the damaged ones included
/// @param orderedBy why the ordering key is what it is
/// @param notes what a person should know or decide
public record Proposal(
        ModelDefinition definition,
        List<ColumnEvidence> columns,
        List<SourceEvidence> sources,
        long rows,
        long damaged,
        List<Example> damagedExamples,
        long rejected,
        String orderedBy,
        List<String> notes) {
    public Proposal {
        columns = List.copyOf(columns);
        sources = List.copyOf(sources);
        damagedExamples = List.copyOf(damagedExamples);
        notes = List.copyOf(notes);
    }

    /// How the first source is read.
    public SourceReading reading() {
        return sources.getFirst().reading();
    }
}
