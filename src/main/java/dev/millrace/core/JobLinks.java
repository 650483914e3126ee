package dev.millrace.core;

import org.jspecify.annotations.Nullable;

/// What a job has to do with others.
///
/// @param parent the job whose rejected rows this one brings back, mended; or null
/// @param duplicateOf the job that had loaded the same content into the same destination before,
///   because of which this one was refused or skipped; or null
/// @param replacedBy the job that put its rows in the place of this one's, or of some of them; or
///   null
public record JobLinks(
        @Nullable JobId parent, @Nullable JobId duplicateOf, @Nullable JobId replacedBy) {
    public static final JobLinks NONE = new JobLinks(null, null, null);
}
