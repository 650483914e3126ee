package dev.millrace.api;

/// The routes of the earlier two-way file tool, by what they are for.
record OldTool(OldRoutes look, OldExports exports, OldLoads loads, OldJobs jobs) {}
