package dev.millrace.core;

/// A split that a worker has begun.
///
/// @param starts how often it was begun, this time included
public record Started(Job job, Split split, int starts) {}
