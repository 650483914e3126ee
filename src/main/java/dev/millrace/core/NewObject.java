package dev.millrace.core;

import java.util.UUID;
import java.util.function.Consumer;

/// An object that is to be written.
///
/// @param replace whether it takes the place of one that is there
/// @param mark is kept beside its content, and tells it from what others write under its name
/// @param begun is told under what the store collects its parts, before the first is sent: whoever
///   has that can abandon them. Not called for an object that is written at once
public record NewObject(ObjectName name, boolean replace, UUID mark, Consumer<String> begun) {}
