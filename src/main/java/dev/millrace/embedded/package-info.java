/// ClickHouse, Kafka and PostgreSQL as supervised child processes: start, health, restart, stop.
///
/// Each engine's JVM, where it has one, has a class path of its own beside this package, so nothing
/// here may need a library: it imports the JDK, and `core` for its exception alone.
@org.jspecify.annotations.NullMarked
package dev.millrace.embedded;
