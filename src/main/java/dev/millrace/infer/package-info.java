/// The flow that reads whole sources to propose a model for them.
@org.jspecify.annotations.NullMarked
package dev.millrace.infer;
