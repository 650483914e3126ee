/// The flow that makes, changes and removes models.
@org.jspecify.annotations.NullMarked
package dev.millrace.models;
