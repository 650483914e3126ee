/// The flow that takes the result of a query out into a file.
@org.jspecify.annotations.NullMarked
package dev.millrace.export;
