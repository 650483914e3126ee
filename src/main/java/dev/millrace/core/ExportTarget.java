package dev.millrace.core;

/// Where the server itself writes an export's file.
///
/// @param connection which it was made with, whatever has its name by now
/// @param connectionName as it was called then
/// @param replace whether it takes the place of an object that is there
public record ExportTarget(
        ConnectionId connection, String connectionName, ObjectName object, boolean replace) {}
