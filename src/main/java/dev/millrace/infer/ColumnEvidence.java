package dev.millrace.infer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What led to a column of a proposal.
///
/// @param column its name in the model
/// @param field its name in the source
/// @param values fields that are values, those that will be rejected included
/// @param empty empty fields
/// @param absent how many records have no such field: those of sources that lack it, and those
///   before the first that has it
/// @param nulls how often each null marker stands for no value
/// @param distinct how many different values there are, or one more than are counted
/// @param distinctIsExact whether that is how many, not one more than are counted
/// @param least the least value of a column of numbers, days or times; else null
/// @param greatest the greatest one
/// @param longest the longest field, in bytes of UTF-8
/// @param why what the values are, in a few words
/// @param excluded the first field that no narrower type holds, or null
/// @param misfits how many fields will be rejected
/// @param examples some of these
/// @param notes what a person should know or decide
public record ColumnEvidence(
        String column,
        String field,
        long values,
        long empty,
        long absent,
        Map<String, Long> nulls,
        int distinct,
        boolean distinctIsExact,
        @Nullable String least,
        @Nullable String greatest,
        int longest,
        String why,
        @Nullable String excluded,
        long misfits,
        List<Example> examples,
        List<String> notes) {
    /// The same with another note.
    ColumnEvidence with(String note) {
        var more = new ArrayList<>(notes);
        more.add(note);
        return new ColumnEvidence(
                column,
                field,
                values,
                empty,
                absent,
                nulls,
                distinct,
                distinctIsExact,
                least,
                greatest,
                longest,
                why,
                excluded,
                misfits,
                examples,
                more);
    }

    public ColumnEvidence {
        nulls = Map.copyOf(nulls);
        examples = List.copyOf(examples);
        notes = List.copyOf(notes);
    }
}
