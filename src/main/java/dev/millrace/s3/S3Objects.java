package dev.millrace.s3;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.HostRules;
import dev.millrace.core.MillraceException;
import dev.millrace.core.NewObject;
import dev.millrace.core.ObjectName;
import dev.millrace.core.ObjectStore;
import dev.millrace.core.ObjectWriter;
import dev.millrace.core.S3Reach;
import dev.millrace.core.Secret;
import dev.millrace.core.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// The objects of an S3 that somebody has named. Thread-safe.
final class S3Objects implements ObjectStore, Asking {
    private static final String GET = "s3:GetObject";
    private static final String ABORT = "s3:AbortMultipartUpload";
    private static final String LIST = "s3:ListBucket";
    private static final String LIST_BUCKETS = "s3:ListAllMyBuckets";

    /// How long a part of an object that is written is sent again.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int RANGE_NOT_SATISFIABLE = 416;

    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18})");

    private final S3Reach reach;
    private final S3Client client;

    S3Objects(S3Reach reach, Secret secret, HostRules rules) {
        this.reach = reach;
        this.client = S3Clients.open(reach, secret, rules);
    }

    @Override
    public <T> T ask(String right, @Nullable ObjectName what, Supplier<T> request) {
        try {
            return request.get();
        } catch (SdkException e) {
            throw S3Failure.of(reach, new S3Failure.Request(right, what), e);
        }
    }

    @Override
    public Visit check(@Nullable ObjectName where) {
        return where == null ? new Visit(buckets(), null) : new Visit(null, readable(where));
    }

    /// Whoever may not list buckets has signed in all the same.
    private @Nullable Integer buckets() {
        try {
            var found = ask(LIST_BUCKETS, null, client::listBuckets);
            requireS3(found.sdkHttpResponse());
            return found.buckets().size();
        } catch (MillraceException e) {
            if (e.code() == ErrorCode.RIGHT_MISSING) {
                return null;
            }
            throw e;
        }
    }

    private @Nullable ObjectName readable(ObjectName where) {
        var found =
                ask(
                        LIST,
                        where,
                        () ->
                                client.listObjectsV2(request ->
                                        request.bucket(where.bucket())
                                                .prefix(where.key())
                                                .maxKeys(1)));
        requireS3(found.sdkHttpResponse());
        if (found.contents().isEmpty()) {
            return null;
        }
        var name = new ObjectName(where.bucket(), found.contents().getFirst().key());
        look(name);
        return name;
    }

    /// A page for people may be good XML too.
    private void requireS3(SdkHttpResponse response) {
        if (response.firstMatchingHeader("Content-Type").orElse("").contains("html")) {
            throw S3Failure.strange(reach, "it answers with a page", null);
        }
    }

    @Override
    public StoredObject look(ObjectName name) {
        return see(name).object();
    }

    @Override
    public @Nullable StoredObject find(ObjectName name, UUID mark) {
        try {
            var seen = see(name);
            return mark.toString().equals(seen.metadata().get(S3Writer.MARK))
                    ? seen.object()
                    : null;
        } catch (MillraceException e) {
            if (e.code() == ErrorCode.OBJECT_MISSING) {
                return null;
            }
            throw e;
        }
    }

    /// An object and what is kept beside its content.
    private record Seen(StoredObject object, Map<String, String> metadata) {}

    /// Its first byte is asked for: what S3 says when it refuses that, it does not say when only
    /// the head is wanted.
    private Seen see(ObjectName name) {
        try (var in = ask(GET, name, () -> get(name, "bytes=0-0", null))) {
            in.abort();
            var response = in.response();
            requireS3(response.sdkHttpResponse());
            var range = RANGE.matcher(String.valueOf(response.contentRange()));
            var bytes = range.matches() ? Long.parseLong(range.group(2)) : response.contentLength();
            return new Seen(stored(name, bytes, response.eTag()), response.metadata());
        } catch (EmptyObject _) {
            var head =
                    ask(
                            GET,
                            name,
                            () ->
                                    client.headObject(request ->
                                            request.bucket(name.bucket()).key(name.key())));
            return new Seen(stored(name, head.contentLength(), head.eTag()), head.metadata());
        } catch (IOException e) {
            throw S3Failure.strange(reach, String.valueOf(e.getMessage()), e);
        }
    }

    private StoredObject stored(ObjectName name, @Nullable Long bytes, @Nullable String tag) {
        if (bytes == null || tag == null || tag.isEmpty()) {
            throw S3Failure.strange(reach, "it does not say how long %s is".formatted(name), null);
        }
        return new StoredObject(name, bytes, tag);
    }

    /// An object without a first byte.
    private static final class EmptyObject extends RuntimeException {
        EmptyObject(Throwable cause) {
            super(cause);
        }
    }

    private ResponseInputStream<GetObjectResponse> get(
            ObjectName name, String range, @Nullable String tag) {
        try {
            return client.getObject(request ->
                    request.bucket(name.bucket()).key(name.key()).range(range).ifMatch(tag));
        } catch (S3Exception e) {
            if (e.statusCode() == RANGE_NOT_SATISFIABLE) {
                throw new EmptyObject(e);
            }
            throw e;
        }
    }

    @Override
    public InputStream open(StoredObject object, long from) {
        if (from == object.bytes()) {
            return InputStream.nullInputStream();
        }
        ResponseInputStream<GetObjectResponse> in;
        try {
            in =
                    ask(
                            GET,
                            object.name(),
                            () -> get(object.name(), "bytes=%d-".formatted(from), object.tag()));
        } catch (EmptyObject e) {
            throw changed(object, e);
        } catch (MillraceException e) {
            throw S3Failure.passing(e);
        }
        if (!isFrom(in.response(), object, from)) {
            in.abort();
            throw changed(object, null);
        }
        return new ObjectStream(in);
    }

    /// Whether it begins at the byte, and is of an object that is as long as it was.
    private static boolean isFrom(GetObjectResponse response, StoredObject object, long from) {
        var range = RANGE.matcher(String.valueOf(response.contentRange()));
        var begins = range.matches() ? Long.parseLong(range.group(1)) : 0;
        var length =
                range.matches() ? (Long) Long.parseLong(range.group(2)) : response.contentLength();
        return begins == from && length != null && length == object.bytes();
    }

    private static MillraceException changed(StoredObject object, @Nullable Throwable e) {
        return new MillraceException(
                ErrorCode.OBJECT_CHANGED,
                "%s has not the %,d bytes any more that it had when it was first looked at"
                        .formatted(object.name(), object.bytes()),
                "Load it again once nobody writes it any more.",
                e);
    }

    @Override
    public Page list(
            String bucket, String prefix, @Nullable String delimiter, @Nullable String continued) {
        var found =
                ask(
                        LIST,
                        new ObjectName(bucket, prefix),
                        () ->
                                client.listObjectsV2(request ->
                                        request.bucket(bucket)
                                                .prefix(prefix)
                                                .delimiter(delimiter)
                                                .encodingType(EncodingType.URL)
                                                .continuationToken(continued)));
        requireS3(found.sdkHttpResponse());
        return page(bucket, found);
    }

    /// The client decodes the keys.
    private static Page page(String bucket, ListObjectsV2Response found) {
        return new Page(
                found.contents().stream()
                        .map(object ->
                                new StoredObject(
                                        new ObjectName(bucket, object.key()),
                                        object.size(),
                                        object.eTag()))
                        .toList(),
                found.commonPrefixes().stream().map(CommonPrefix::prefix).toList(),
                Boolean.TRUE.equals(found.isTruncated()) ? found.nextContinuationToken() : null);
    }

    @Override
    public ObjectWriter create(NewObject wanted) {
        return new S3Writer(this, client, wanted, PATIENCE);
    }

    @Override
    public void abandon(ObjectName name, String upload) {
        ask(
                ABORT,
                name,
                () -> {
                    try {
                        return client.abortMultipartUpload(request ->
                                request.bucket(name.bucket()).key(name.key()).uploadId(upload));
                    } catch (NoSuchUploadException e) {
                        return e.getMessage(); // complete, or abandoned before
                    }
                });
    }

    @Override
    public void close() {
        client.close();
    }
}
