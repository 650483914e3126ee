package dev.millrace.core;

/// How often one column was rejected for one reason.
public record RejectionCount(RejectionCode error, String column, long count) {}
