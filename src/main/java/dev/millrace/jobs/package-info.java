/// The flow that owns a job: announce, seal, audit, publish, clean up.
@org.jspecify.annotations.NullMarked
package dev.millrace.jobs;
