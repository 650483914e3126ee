package dev.millrace.core;

import org.jspecify.annotations.Nullable;

/// Why a job failed.
public record Cause(ErrorCode code, String message, @Nullable String remedy) {
    public static Cause of(MillraceException e) {
        return new Cause(e.code(), e.what(), e.remedy());
    }
}
