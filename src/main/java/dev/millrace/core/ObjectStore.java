package dev.millrace.core;

import java.io.InputStream;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The objects behind a connection. Thread-safe.
///
/// Every method throws MillraceException: HOST_FORBIDDEN, HOST_UNKNOWN, PORT_CLOSED,
/// CONNECTION_TIMEOUT, TLS_FAILED, NOT_S3 when the server is not reached; ACCESS_KEY_UNKNOWN,
/// LOGIN_REFUSED, TOKEN_REFUSED, CLOCK_SKEWED, REGION_WRONG, BUCKET_MISSING, OBJECT_MISSING,
/// RIGHT_MISSING when it refuses; S3_UNAVAILABLE when another try may help.
public non-sealed interface ObjectStore extends Remote {
    /// Goes the whole way once: reaches the server, signs in, and looks whether what reading takes
    /// is allowed.
    ///
    /// @param where a bucket, perhaps with the beginning of keys; null to look at none
    Visit check(@Nullable ObjectName where);

    /// What was found on a visit.
    ///
    /// @param buckets how many there are, or null when that may not be asked, or was not
    /// @param read an object of which a byte was read, or null when there was none
    record Visit(@Nullable Integer buckets, @Nullable ObjectName read) {}

    /// An object as it is now.
    StoredObject look(ObjectName name);

    /// The content of an object from a byte on. What is read from it throws IOException when the
    /// connection breaks: the rest is to be had from there on. Whatever hinders the way there is
    /// S3_UNAVAILABLE here, and nothing else is.
    ///
    /// @param from at most the object's length
    /// @throws MillraceException OBJECT_CHANGED when it is not the same object any more
    InputStream open(StoredObject object, long from);

    /// A page of a bucket's objects, in the order of their keys' UTF-8 bytes.
    ///
    /// @param prefix with what their keys begin
    /// @param delimiter what ends a part of a key, so that longer keys are told by that part alone,
    ///   once; or null to list them all
    /// @param continued what the page before has said, or null for the first
    Page list(String bucket, String prefix, @Nullable String delimiter, @Nullable String continued);

    /// A page of a list.
    ///
    /// @param prefixes the parts of keys that stand for longer ones, their delimiter at the end
    /// @param next how the next page is asked for, or null when this is the last
    record Page(List<StoredObject> objects, List<String> prefixes, @Nullable String next) {}

    /// Begins to write an object.
    ///
    /// @return to be closed by the caller
    ObjectWriter create(NewObject wanted);

    /// An object as it is now, if it is there and bears the mark.
    @Nullable StoredObject find(ObjectName name, UUID mark);

    /// Drops the parts of an object that is not complete; from then on it cannot become so. Nothing
    /// happens when there are none.
    ///
    /// @param upload as [NewObject#begun] was told
    void abandon(ObjectName name, String upload);

    @Override
    void close();
}
