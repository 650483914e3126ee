package dev.millrace.infer;

import dev.millrace.core.SourceReading;
import java.util.List;

/// What one of the sources of a proposal is.
///
/// @param name what its sender calls it
/// @param reading how it is read
/// @param rows its records, the header not counted
/// @param damaged of them those that cannot be read, or have more or fewer fields than the header
/// @param absent the model's columns that it lacks, in the model's order
public record SourceEvidence(
        String name, SourceReading reading, long rows, long damaged, List<String> absent) {
    public SourceEvidence {
        absent = List.copyOf(absent);
    }
}
