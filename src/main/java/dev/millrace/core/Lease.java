package dev.millrace.core;

/// The right to decide about a job, held by one process until it expires by the catalog's clock.
///
/// @param holder names the process
public record Lease(JobId job, String holder) {}
