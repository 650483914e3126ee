package dev.millrace.core;

/// One time that a source of a job is received, from its beginning or from where it was
/// interrupted.
///
/// @param source the ordinal of the source that is received
/// @param term rises with each, from 1, over all sources of the job: what the receiver of an
///   earlier one still does is refused, so one that was frozen while another took over changes
///   nothing
public record Upload(JobId job, int source, int term) {}
