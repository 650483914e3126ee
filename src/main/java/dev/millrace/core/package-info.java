/// The nouns of a load, and the interfaces at the boundaries of its flows.
///
/// Nothing here knows an outside system: this package imports the JDK alone.
@org.jspecify.annotations.NullMarked
package dev.millrace.core;
