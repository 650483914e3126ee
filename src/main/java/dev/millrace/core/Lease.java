package dev.millrace.core;

/// The right to decide about a job, held by one process until it expires by the catalog's clock.
///
/// @param holder names the process
/// @param term rises whenever the job is taken, so that a thread that was frozen holds nothing even
///   when its own process has taken the job again
public record Lease(JobId job, String holder, long term) {}
