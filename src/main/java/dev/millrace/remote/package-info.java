/// HTTP to servers that somebody has named.
@org.jspecify.annotations.NullMarked
package dev.millrace.remote;
