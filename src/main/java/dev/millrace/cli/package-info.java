/// Commands over HTTP: what a person types, asked of a Millrace anywhere. One file a command.
@org.jspecify.annotations.NullMarked
package dev.millrace.cli;
