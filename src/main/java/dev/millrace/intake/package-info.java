/// The flow from a byte stream to stored splits.
@org.jspecify.annotations.NullMarked
package dev.millrace.intake;
