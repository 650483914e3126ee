package dev.millrace.core;

/// Opens what connections lead to. Thread-safe.
public interface Connector {
    /// Reaches nobody yet.
    ///
    /// @throws MillraceException INVALID_CONNECTION when it cannot lead anywhere: a certificate
    ///   that is none
    Remote open(Connection.Reach reach, Secret secret);
}
