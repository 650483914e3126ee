package dev.millrace.core;

/// What can be asked of the database behind a connection. Nothing here changes anything there.
/// Thread-safe.
///
/// Every method throws MillraceException: HOST_FORBIDDEN, HOST_UNKNOWN, PORT_CLOSED,
/// CONNECTION_TIMEOUT, TLS_FAILED, NOT_CLICKHOUSE when the server is not reached; LOGIN_REFUSED,
/// TOKEN_REFUSED, DATABASE_MISSING, RIGHT_MISSING; QUERY_REFUSED with the server's own words for
/// everything else that it refuses; CLICKHOUSE_UNAVAILABLE when it breaks off.
public non-sealed interface Database extends QueryEngine, Extractor, Remote {
    /// Goes the whole way once: reaches the server, signs in, and looks whether what reading takes
    /// is allowed.
    ///
    /// @throws MillraceException also SERVER_TOO_OLD
    Greeting check();

    /// What there is.
    Schema schema();

    /// The first rows of a query, at once: the server stops at what the bounds say, and what it has
    /// by then is the answer. An interrupt ends it.
    Sample sample(String query, Sample.Bounds bounds);

    @Override
    void close();

    /// What a server says of itself.
    ///
    /// @param version such as `25.8.1.1`
    /// @param user as whom it has let us in
    /// @param readOnly whether that user's profile lets it only read, whatever it was granted
    record Greeting(String version, String user, boolean readOnly) {}
}
