/// The flow that reads a whole source to propose a model for it.
@org.jspecify.annotations.NullMarked
package dev.millrace.infer;
