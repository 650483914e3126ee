/// Objects on the local disk of one host.
@org.jspecify.annotations.NullMarked
package dev.millrace.store;
