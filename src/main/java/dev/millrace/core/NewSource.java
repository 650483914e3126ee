package dev.millrace.core;

/// What a caller says of a source of a job that it makes.
///
/// @param name what the user calls it; no other source of the job is called so
/// @param declaredBytes its length as it will be sent, or -1 when the caller does not say
public record NewSource(String name, SourceOptions options, long declaredBytes) {
    /// Of a length that is said when it is sent.
    public NewSource(String name, SourceOptions options) {
        this(name, options, -1);
    }
}
