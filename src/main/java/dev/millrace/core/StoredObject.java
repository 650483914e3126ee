package dev.millrace.core;

/// An object as it was at a moment.
///
/// @param bytes how long it is
/// @param tag changes when its content does: the entity tag, as the store has it
public record StoredObject(ObjectName name, long bytes, String tag) {}
