package dev.millrace.s3;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.NewObject;
import dev.millrace.core.ObjectName;
import dev.millrace.core.ObjectWriter;
import dev.millrace.core.Retry;
import dev.millrace.core.StoredObject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/// Writes an object of an S3: a small one by one request, another in parts that become an object
/// when the last has come. It takes the memory of two parts. For one thread.
final class S3Writer extends ObjectWriter {
    private static final Logger LOG = LoggerFactory.getLogger(S3Writer.class);

    /// S3 takes 10,000 parts, none but the last below 5 MiB. So they grow: there is room for 800
    /// GB, and little memory is taken by less.
    static final int FIRST_PART_BYTES = 8 << 20;

    private static final int MAX_PART_BYTES = 128 << 20;

    private static final int PARTS_OF_A_SIZE = 1_250;
    private static final String PUT = "s3:PutObject";

    /// What is kept beside the content, as `x-amz-meta-millrace-export`: whose object it is.
    static final String MARK = "millrace-export";

    private static final String ANYTHING = "*";

    private final S3Objects objects;
    private final S3Client client;
    private final ObjectName name;
    private final NewObject wanted;
    private final Duration patience;
    private final List<CompletedPart> parts = new ArrayList<>();
    private byte[] part;
    private int filled;
    private long bytes;
    private @Nullable String upload;
    private boolean complete;

    /// @param objects of which it becomes one
    /// @param patience how long a request is repeated while the S3 cannot answer
    S3Writer(S3Objects objects, S3Client client, NewObject wanted, Duration patience) {
        this.objects = objects;
        this.client = client;
        this.name = wanted.name();
        this.wanted = wanted;
        this.patience = patience;
        this.part = new byte[FIRST_PART_BYTES];
    }

    private <T> T ask(Supplier<T> request) {
        return Retry.external(
                patience,
                () -> {
                    try {
                        return objects.ask(PUT, name, request);
                    } catch (MillraceException e) {
                        throw S3Failure.passing(e);
                    }
                });
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, from.length);
        var at = offset;
        for (var left = length; left > 0; ) {
            if (filled == part.length) {
                send();
            }
            var n = Math.min(left, part.length - filled);
            System.arraycopy(from, at, part, filled, n);
            filled += n;
            at += n;
            left -= n;
        }
        bytes += length;
    }

    private void send() {
        var id = upload;
        if (id == null) {
            id =
                    ask(() ->
                                    client.createMultipartUpload(request ->
                                            request.bucket(name.bucket())
                                                    .key(name.key())
                                                    .metadata(mark())))
                            .uploadId();
            upload = id;
            wanted.begun().accept(id);
        }
        var known = id;
        var number = parts.size() + 1;
        var content = RequestBody.fromByteBuffer(ByteBuffer.wrap(part, 0, filled));
        var tag =
                ask(() ->
                                client.uploadPart(
                                        request ->
                                                request.bucket(name.bucket())
                                                        .key(name.key())
                                                        .uploadId(known)
                                                        .partNumber(number),
                                        content))
                        .eTag();
        parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
        filled = 0;
        if (parts.size() % PARTS_OF_A_SIZE == 0 && part.length < MAX_PART_BYTES) {
            part = new byte[part.length * 2];
        }
    }

    private Map<String, String> mark() {
        return Map.of(MARK, wanted.mark().toString());
    }

    private @Nullable String unlessThere() {
        return wanted.replace() ? null : ANYTHING;
    }

    @Override
    public StoredObject complete() {
        var tag = upload == null ? putWhole() : putParts(upload);
        complete = true;
        part = new byte[0];
        return new StoredObject(name, bytes, tag);
    }

    private String putWhole() {
        var content = RequestBody.fromBytes(Arrays.copyOf(part, filled));
        return taking(() ->
                client.putObject(
                                request ->
                                        request.bucket(name.bucket())
                                                .key(name.key())
                                                .metadata(mark())
                                                .ifNoneMatch(unlessThere()),
                                content)
                        .eTag());
    }

    private String putParts(String id) {
        send();
        return taking(() ->
                client.completeMultipartUpload(request ->
                                request.bucket(name.bucket())
                                        .key(name.key())
                                        .uploadId(id)
                                        .ifNoneMatch(unlessThere())
                                        .multipartUpload(all -> all.parts(parts)))
                        .eTag());
    }

    private String taking(Supplier<String> request) {
        try {
            return ask(request);
        } catch (MillraceException e) {
            var tag = tagOfOurs(e);
            if (tag != null) {
                return tag;
            }
            if (e.code() != ErrorCode.OBJECT_CHANGED || wanted.replace()) {
                throw e;
            }
            throw new MillraceException(
                    ErrorCode.OBJECT_EXISTS,
                    "There is an object %s already".formatted(name),
                    "Choose another name, or replace it: --force, or \"replace\": true.",
                    e);
        }
    }

    /// Of a request whose answer was lost, the repetition is refused: the parts are gone, or the
    /// object is there.
    private @Nullable String tagOfOurs(MillraceException refused) {
        try {
            var found = objects.find(name, wanted.mark());
            return found == null ? null : found.tag();
        } catch (MillraceException e) {
            refused.addSuppressed(e);
            return null;
        }
    }

    @Override
    public void close() {
        var id = upload;
        if (id == null || complete) {
            return;
        }
        upload = null;
        try {
            objects.abandon(name, id);
        } catch (MillraceException e) {
            LOG.warn("object={} abort=failed code={} what={}", name, e.code(), e.what());
        }
    }
}
