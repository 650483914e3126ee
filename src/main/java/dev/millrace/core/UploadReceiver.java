package dev.millrace.core;

/// A process that receives uploads.
///
/// @param name unique among living processes; begins with the name of the server, which is the same
///   after a restart
/// @param host where its store is, for people
/// @param storeId the identity of the store that it puts splits into
public record UploadReceiver(String name, String host, String storeId) {}
