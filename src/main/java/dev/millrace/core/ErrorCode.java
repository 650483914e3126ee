package dev.millrace.core;

import static dev.millrace.core.ErrorCategory.EXTERNAL;
import static dev.millrace.core.ErrorCategory.INSUFFICIENT_RESOURCES;
import static dev.millrace.core.ErrorCategory.INTERNAL;
import static dev.millrace.core.ErrorCategory.USER;

/// Every way in which a request or a job can fail. The names are stable: they are the `code` of
/// problem documents and of a failed job's cause.
public enum ErrorCode {
    INVALID_REQUEST(USER),
    INVALID_CONFIGURATION(USER),
    UNAUTHENTICATED(USER),
    FORBIDDEN(USER),
    NOT_FOUND(USER),
    /// As much of this as may be done at one time is being done.
    TOO_BUSY(INSUFFICIENT_RESOURCES),
    /// The request with this key is being done.
    IDEMPOTENCY_IN_PROGRESS(USER),
    /// The key came with another request before.
    IDEMPOTENCY_KEY_REUSED(USER),

    INVALID_MODEL(USER),
    MODEL_EXISTS(USER),
    MODEL_IN_USE(USER),
    MODEL_CHANGE_REFUSED(USER),
    MODEL_CHANGED(USER),
    TABLE_IN_USE(USER),
    TABLE_NOT_OURS(USER),
    /// Its engine is one whose rows Millrace cannot account for.
    TABLE_ENGINE_REFUSED(USER),
    /// Materialized views hang on the table that would not see a load's rows.
    TABLE_HAS_VIEWS(USER),
    QUERY_REFUSED(USER),

    INVALID_CONNECTION(USER),
    CONNECTION_EXISTS(USER),
    CONNECTION_CHANGED(USER),
    /// It is the connection `embedded`, which is as the server's settings say.
    CONNECTION_FIXED(USER),
    /// It leads to another kind of server than is wanted.
    CONNECTION_KIND(USER),
    /// The secret was encrypted with another key than this server's.
    SECRET_UNREADABLE(USER),
    /// The administrator does not let connections reach this host.
    HOST_FORBIDDEN(USER),
    HOST_UNKNOWN(USER),
    PORT_CLOSED(USER),
    CONNECTION_TIMEOUT(USER),
    TLS_FAILED(USER),
    /// Something answers, and it is not a ClickHouse.
    NOT_CLICKHOUSE(USER),
    /// Something answers, and it is not an S3.
    NOT_S3(USER),
    /// An S3 does not know the access key id.
    ACCESS_KEY_UNKNOWN(USER),
    /// The user is not there, or the password is wrong: ClickHouse does not say which. Or the
    /// secret access key is not that of the access key id.
    LOGIN_REFUSED(USER),
    /// The access token has expired, or is not taken.
    TOKEN_REFUSED(USER),
    /// This server's clock differs too much from an S3's.
    CLOCK_SKEWED(USER),
    DATABASE_MISSING(USER),
    BUCKET_MISSING(USER),
    /// A bucket is in another region than its connection says.
    REGION_WRONG(USER),
    OBJECT_MISSING(USER),
    /// There is an object that is not to be replaced.
    OBJECT_EXISTS(USER),
    /// An object is not the one that it was when it was first looked at.
    OBJECT_CHANGED(USER),
    RIGHT_MISSING(USER),
    SERVER_TOO_OLD(USER),
    /// Tables, columns, conditions or values of a join do not fit what is there.
    INVALID_JOIN(USER),
    /// An S3 refuses something for a reason of its own.
    S3_REFUSED(USER),
    S3_UNAVAILABLE(EXTERNAL),

    /// Its file was received already, or is being received, or will not come.
    EXPORT_NOT_WAITING(USER),
    /// The receiver was gone before the file's end, or the server was.
    EXPORT_INTERRUPTED(USER),
    /// The format cannot hold what the query gives.
    EXPORT_UNSUPPORTED(USER),
    /// This server may not write the file that is named, or there is none here.
    FILE_ELSEWHERE(USER),
    /// The file has another number of rows than the query's result.
    EXPORT_INCOMPLETE(INTERNAL),

    JOB_NOT_CANCELLABLE(USER),
    JOB_NOT_RETRYABLE(USER),
    JOB_NOT_UNCERTAIN(USER),
    UNDO_REFUSED(USER),
    ALREADY_LOADED(USER),
    UPLOAD_NOT_EXPECTED(USER),
    UPLOAD_INTERRUPTED(USER),
    /// The source is longer than this server takes.
    UPLOAD_TOO_LARGE(USER),
    /// The upload goes on at another byte than the sender says.
    UPLOAD_OFFSET(USER),
    /// What is sent is not what was sent before.
    UPLOAD_CHANGED(USER),
    /// Another host has what was sent before.
    UPLOAD_ELSEWHERE(USER),
    EMPTY_SOURCE(USER),
    SOURCE_DAMAGED(USER),
    /// Only the beginning of a source was sent, of which that alone tells nothing.
    SOURCE_INCOMPLETE(USER),
    /// The source is sound, and is or holds what Millrace does not carry exactly.
    SOURCE_UNSUPPORTED(USER),
    HEADER_MISSING_COLUMN(USER),
    AMBIGUOUS_ENCODING(USER),
    AMBIGUOUS_DIALECT(USER),
    HEADER_AMBIGUOUS(USER),
    HEADER_UNKNOWN_COLUMN(USER),
    ALL_ROWS_REJECTED(USER),
    TOO_MANY_REJECTED(USER),
    /// What was kept of a job's rejected rows is there no more, or was never kept.
    REJECTIONS_GONE(USER),
    /// A job's rejected rows would not read as the same rows by themselves.
    REJECTIONS_INSEPARABLE(USER),

    SPLIT_FAILED(INTERNAL),
    AUDIT_FAILED(INTERNAL),
    PUBLISH_UNCERTAIN(INTERNAL),
    /// Somebody has looked, and the rows of an uncertain publish are not there.
    NOT_PUBLISHED(INTERNAL),
    FENCE_TIMEOUT(EXTERNAL),
    INTERNAL_ERROR(INTERNAL),

    STAGING_MISSING(EXTERNAL),
    CLICKHOUSE_UNAVAILABLE(EXTERNAL),
    CLICKHOUSE_REFUSED(INTERNAL),
    SERVER_CHANGED(USER),
    KAFKA_UNAVAILABLE(EXTERNAL),
    CATALOG_UNAVAILABLE(EXTERNAL),
    STORE_UNAVAILABLE(EXTERNAL),
    STORE_DAMAGED(INTERNAL),
    DISK_FULL(INSUFFICIENT_RESOURCES),

    ENGINE_FAILED(EXTERNAL),
    PORT_TAKEN(USER),
    ALREADY_RUNNING(USER),
    NOT_RUNNING(USER),
    /// Another process holds the job by now: leave everything as it is and look again.
    LEASE_LOST(INTERNAL);

    private final ErrorCategory category;

    ErrorCode(ErrorCategory category) {
        this.category = category;
    }

    public ErrorCategory category() {
        return category;
    }
}
