package dev.millrace.core;

/// What may be there of a job.
///
/// @param ended whether it has ended and was cleaned up some time ago, so that whatever is there
///   besides is left over
/// @param splits whether its splits are kept
/// @param replaced whether the rows that it replaced are kept
/// @param rejections whether its rejections are kept
public record Remains(boolean ended, boolean splits, boolean replaced, boolean rejections) {}
