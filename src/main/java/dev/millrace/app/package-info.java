/// The program: configuration, wiring and the commands that start and stop things.
@org.jspecify.annotations.NullMarked
package dev.millrace.app;
