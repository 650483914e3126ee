package dev.millrace.jobs;

import dev.millrace.core.Cause;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Source;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/// A source of a job that has the content of an earlier one of the same job.
///
/// @param first the name of the one that came first
/// @param second the name of the other
record RepeatedSource(String first, String second) {
    /// The first of them that is not left out already.
    static Optional<RepeatedSource> of(List<Source> sources) {
        var names = new HashMap<String, String>();
        for (var source : sources) {
            var hash = source.contentHash();
            if (hash == null || source.duplicateOf() != null) {
                continue;
            }
            var before = names.putIfAbsent(hash, source.name());
            if (before != null) {
                return Optional.of(new RepeatedSource(before, source.name()));
            }
        }
        return Optional.empty();
    }

    Cause cause() {
        return new Cause(
                ErrorCode.ALREADY_LOADED,
                "'%s' and '%s' have the same content".formatted(first, second),
                "Leave one of them out. To have its rows twice, use --if-loaded load; to pass the"
                        + " second over, --if-loaded skip.");
    }
}
