/// The flow that makes, changes and removes connections, and opens what they lead to.
@org.jspecify.annotations.NullMarked
package dev.millrace.connect;
