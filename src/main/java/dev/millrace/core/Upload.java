package dev.millrace.core;

/// One time that a job's source is received, from its beginning or from where it was interrupted.
///
/// @param term rises with each, from 1: what the receiver of an earlier one still does is refused,
///   so one that was frozen while another took over changes nothing
public record Upload(JobId job, int term) {}
