/// The flow that answers read-only queries.
@org.jspecify.annotations.NullMarked
package dev.millrace.explore;
