package dev.millrace.format;

import dev.millrace.core.Compression;
import dev.millrace.core.Encoding;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A source of any length as UTF-8 without a byte-order mark, in constant memory.
///
/// On the way the bytes are counted as received, unpacked when they begin as gzip does (one layer),
/// and hashed as unpacked. [EncodingDetector] says how the encoding is found. UTF-8 is handed on as
/// it is: whether it is valid is judged field by field when the rows are read.
///
/// Not thread-safe. Every reading method throws [MillraceException]: UPLOAD_INTERRUPTED when the
/// stream breaks, SOURCE_DAMAGED, with the place, when gzip is not whole and sound.
public final class SourceDecoder implements AutoCloseable {
    /// How much of the unpacked content decides on its encoding, in bytes.
    private static final int HEAD_BYTES = 64 << 10;

    private final Received received;
    private final @Nullable Gzip gzip;
    private final MessageDigest digest = sha256();
    private final byte[] head;
    private int headFrom;
    private int headTo;
    private final Encoding encoding;
    private final Content text;
    private @Nullable String contentHash;

    private SourceDecoder(InputStream in, SourceOptions asked, int headBytes) {
        head = new byte[headBytes];
        received = new Received(in);
        var first = received.peek();
        gzip = Gzip.begins(first, first.length) ? new Gzip(received) : null;
        readHead();
        if (gzip != null && Gzip.begins(head, headTo)) {
            throw new MillraceException(
                    ErrorCode.SOURCE_DAMAGED,
                    "The source is gzip packed into gzip; Millrace unpacks one layer",
                    "Unpack it once and send it again.",
                    null);
        }
        var found = EncodingDetector.detect(head, headTo, asked.encoding());
        encoding = found.encoding();
        headFrom = found.markBytes();
        text =
                switch (encoding) {
                    case UTF_8 -> this::readContent;
                    case UTF_16LE -> new Utf16Content(this::readContent, false);
                    case UTF_16BE -> new Utf16Content(this::readContent, true);
                };
    }

    /// Takes over `in` and reads as much of it as decides how to read the rest: 64 KiB of content,
    /// or all of it.
    public static SourceDecoder open(InputStream in, SourceOptions asked) {
        return open(in, asked, HEAD_BYTES);
    }

    /// @param headBytes how much of it decides, at least 4
    static SourceDecoder open(InputStream in, SourceOptions asked, int headBytes) {
        return new SourceDecoder(in, asked, headBytes);
    }

    /// Reads UTF-8; a character may be cut by the end of the array.
    ///
    /// @return how many bytes were read, at least one unless `length` is 0; or -1 at the end
    public int read(byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        return length == 0 ? 0 : text.read(into, offset, length);
    }

    public Encoding encoding() {
        return encoding;
    }

    public Compression compression() {
        return gzip == null ? Compression.NONE : Compression.GZIP;
    }

    /// The bytes received so far, packed if they are.
    public long receivedBytes() {
        return received.count();
    }

    /// SHA-256 of the unpacked content, byte-order mark included, in lower-case hex.
    ///
    /// @throws IllegalStateException while the source is not received to its end; it is once
    ///   [#read] has returned -1
    public String contentHash() {
        if (contentHash == null) {
            throw new IllegalStateException("The hash is known once the source is read to its end");
        }
        return contentHash;
    }

    /// Ends reading, and closes the stream.
    @Override
    public void close() {
        if (gzip != null) {
            gzip.close();
        }
        try {
            received.close();
        } catch (IOException _) {
            // What was wanted of the stream has been read or given up: nothing is lost with it.
        }
    }

    private void readHead() {
        while (headTo < head.length) {
            var n = unpack(head, headTo, head.length - headTo);
            if (n < 0) {
                return;
            }
            headTo += n;
        }
    }

    private int readContent(byte[] into, int offset, int length) {
        if (headFrom == headTo) {
            return unpack(into, offset, length);
        }
        var n = Math.min(length, headTo - headFrom);
        System.arraycopy(head, headFrom, into, offset, n);
        headFrom += n;
        return n;
    }

    private int unpack(byte[] into, int offset, int length) {
        if (contentHash != null) {
            return -1;
        }
        var n =
                gzip == null
                        ? received.read(into, offset, length)
                        : gzip.read(into, offset, length);
        if (n < 0) {
            contentHash = HexFormat.of().formatHex(digest.digest());
        } else {
            digest.update(into, offset, n);
        }
        return n;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
