package dev.millrace.infer;

import dev.millrace.core.ModelDefinition;
import dev.millrace.core.SourceReading;
import java.util.List;

/// A model for a source, and what led to it.
///
/// @param definition rejects of the source exactly `rejected` rows
/// @param columns the evidence of each column, in the model's order
/// @param reading how the source is read
/// @param rows the records of the source, the header not counted
/// @param damaged of them those that cannot be read, or have more or fewer fields than the header
/// @param damagedExamples some of these
/// @param rejected the rows that a load with the model rejects, the damaged ones included
/// @param orderedBy why the ordering key is what it is
/// @param notes what a person should know or decide
public record Proposal(
        ModelDefinition definition,
        List<ColumnEvidence> columns,
        SourceReading reading,
        long rows,
        long damaged,
        List<Example> damagedExamples,
        long rejected,
        String orderedBy,
        List<String> notes) {
    public Proposal {
        columns = List.copyOf(columns);
        damagedExamples = List.copyOf(damagedExamples);
        notes = List.copyOf(notes);
    }
}
