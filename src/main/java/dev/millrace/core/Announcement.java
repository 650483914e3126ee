package dev.millrace.core;

/// What a queue's message says: there is a split to load in an attempt. The catalog knows the rest.
public record Announcement(SplitId split, int attempt) {}
