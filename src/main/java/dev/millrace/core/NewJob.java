package dev.millrace.core;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a caller asks for.
///
/// @param sources what it says of the sources, in the order in which they are sent; at least one
/// @param parent the job whose rejected rows this one brings back, or null
/// @param request names a request that may be repeated, or null
public record NewJob(
        Model model,
        List<NewSource> sources,
        LoadOptions options,
        @Nullable JobId parent,
        String owner,
        @Nullable UUID request) {
    public NewJob {
        sources = List.copyOf(sources);
    }

    /// Of one source.
    public NewJob(
            Model model,
            String sourceName,
            SourceOptions source,
            LoadOptions options,
            @Nullable JobId parent,
            String owner,
            @Nullable UUID request) {
        this(model, List.of(new NewSource(sourceName, source)), options, parent, owner, request);
    }

    /// Of one source, for a request that is not repeated.
    public NewJob(
            Model model,
            String sourceName,
            SourceOptions source,
            LoadOptions options,
            @Nullable JobId parent,
            String owner) {
        this(model, sourceName, source, options, parent, owner, null);
    }
}
