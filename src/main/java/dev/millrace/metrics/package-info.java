/// What a process shows of itself, as Prometheus reads it.
@org.jspecify.annotations.NullMarked
package dev.millrace.metrics;
