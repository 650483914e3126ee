package dev.millrace.format;

import dev.millrace.convert.Conversion;
import dev.millrace.convert.RowFormat;
import dev.millrace.convert.SheetChoice;
import dev.millrace.core.Compression;
import dev.millrace.core.Encoding;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Format;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Sha256;
import dev.millrace.core.SourceOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A source of any length as UTF-8 without a byte-order mark, in constant memory.
///
/// On the way the bytes are counted as received, unpacked (one layer) when they begin as one of
/// [Compression] does, and hashed as unpacked. [EncodingDetector] says how the encoding is found.
/// UTF-8 is handed on as it is: whether it is valid is judged field by field when the rows are
/// read.
///
/// Not thread-safe. Every reading method throws [MillraceException]: UPLOAD_INTERRUPTED when the
/// stream breaks, SOURCE_DAMAGED, with the place, when what is packed is not whole and sound.
public final class SourceDecoder implements AutoCloseable {
    /// How much of the unpacked content decides on its encoding, in bytes.
    private static final int HEAD_BYTES = 64 << 10;

    /// How much is hashed at a time.
    private static final int HASHED_BYTES = 4 << 10;

    private final Received received;
    private final Compression compression;
    private final Unpacking content;
    private final MessageDigest digest;
    private final byte[] head;
    private final int markBytes;
    private int headFrom;
    private int headTo;
    private final Encoding encoding;
    private final Coding coding;
    private final DecodedContent text;
    private final @Nullable Conversion conversion;

    /// How much of the unpacked content was read, in bytes.
    private long unpacked;

    private @Nullable String contentHash;

    private SourceDecoder(InputStream in, SourceOptions asked, Supplier<Path> part, int headBytes) {
        head = new byte[headBytes];
        digest = Sha256.begin();
        received = new Received(in);
        var first = received.peek();
        compression =
                RowFormat.of(first, first.length).isPresent()
                        ? Compression.NONE
                        : Unpacking.packingOf(first, first.length);
        content = Unpacking.of(compression, received);
        try {
            readHead();
            var format = format(asked);
            if (format == null) {
                if (compression != Compression.NONE) {
                    refuseLayers();
                }
                conversion = null;
                var found = EncodingDetector.detect(head, headTo, asked.encoding());
                encoding = found.encoding();
                markBytes = found.markBytes();
            } else {
                encoding = Encoding.UTF_8;
                markBytes = 0;
                conversion = convert(format, asked, part);
            }
        } catch (RuntimeException e) {
            content.close();
            throw e;
        }
        headFrom = conversion == null ? markBytes : headFrom;
        coding = Coding.of(encoding);
        text = coding.decode(this::readContent);
    }

    /// The format of a source that is no text, or null.
    private @Nullable Format format(SourceOptions asked) {
        if (asked.format() != null && !asked.format().isConverted()) {
            return null;
        }
        var found = RowFormat.of(head, headTo).orElse(null);
        if (asked.format() != null && asked.format() != found) {
            throw new MillraceException(
                    ErrorCode.SOURCE_DAMAGED,
                    "The source does not begin as %s does".formatted(asked.format().label()),
                    "Send the file itself, or leave the format out.",
                    null);
        }
        return found;
    }

    private Conversion convert(Format format, SourceOptions asked, Supplier<Path> part) {
        if (asked.columns() != null && format != Format.XLSX) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "The columns of %s have names of their own".formatted(format.label()),
                    "Leave the columns out, and give the model's columns these names as"
                            + " sourceNames.",
                    null);
        }
        return Conversion.open(
                format,
                new ContentStream(),
                part,
                new SheetChoice(asked.sheet(), asked.skip(), asked.columns()));
    }

    /// The unpacked content, for who reads streams.
    private final class ContentStream extends InputStream {
        @Override
        public int read() {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            return length == 0 ? 0 : readContent(into, offset, length);
        }
    }

    private SourceDecoder(InputStream in, Encoding encoding, SourcePrefix before) {
        head = new byte[0];
        markBytes = 0;
        digest = before.digest();
        received = new Received(in, before.bytes());
        unpacked = before.bytes();
        compression = Compression.NONE;
        content = Unpacking.of(compression, received);
        conversion = null;
        this.encoding = encoding;
        coding = Coding.of(encoding);
        text = coding.decode(this::readContent);
    }

    /// Takes over `in` and reads as much of it as decides how to read the rest: 64 KiB of content,
    /// or all of it.
    ///
    /// @param part gives a path for a file that is gone when this returns: what is no text has to
    ///   be whole before it is read
    public static SourceDecoder open(InputStream in, SourceOptions asked, Supplier<Path> part) {
        return new SourceDecoder(in, asked, part, HEAD_BYTES);
    }

    /// Takes over `in`, which holds what follows the first bytes of an uncompressed source.
    ///
    /// @param before those bytes; whole records
    public static SourceDecoder resume(InputStream in, Encoding encoding, SourcePrefix before) {
        return new SourceDecoder(in, encoding, before);
    }

    /// @param headBytes how much of it decides, at least 4
    static SourceDecoder open(InputStream in, SourceOptions asked, int headBytes) {
        return new SourceDecoder(in, asked, SourceDecoder::noPart, headBytes);
    }

    private static Path noPart() {
        throw new IllegalStateException("There is no folder for a source that has to be whole");
    }

    /// Reads UTF-8; a character may be cut by the end of the array.
    ///
    /// @return how many bytes were read, at least one unless `length` is 0; or -1 at the end
    public int read(byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        return length == 0 ? 0 : text.read(into, offset, length);
    }

    /// Reads a source that is no text, in place of [#read]. Null of a text.
    @Nullable Conversion conversion() {
        return conversion;
    }

    public Encoding encoding() {
        return encoding;
    }

    public Compression compression() {
        return compression;
    }

    /// Where in the source, as received, the bytes stand that what was read last came from: exactly
    /// where the source [#canBeRebuilt], else about, never too small.
    ///
    /// @param text holds what was read last, from a character's first byte at `from` to `to`
    /// @return where the first of them stands
    long positionOf(byte[] text, int from, int to) {
        if (!canBeRebuilt()) {
            return received.count();
        }
        var taken = unpacked - (headTo - headFrom);
        return taken - this.text.untakenBytes() - coding.sourceBytes(text, from, to);
    }

    /// Whether its text tells the source's bytes: it is not packed, and its encoding writes each
    /// character in one way.
    boolean canBeRebuilt() {
        return compression == Compression.NONE && isReversible();
    }

    /// Whether a text in its encoding tells its bytes.
    boolean isReversible() {
        return conversion == null && coding.isReversible();
    }

    /// Whether the source ended with half a unit, which its text does not tell.
    boolean endedInHalf() {
        return text.endedInHalf();
    }

    /// How many bytes of the source a line break's character takes.
    int unitBytes() {
        return coding.unitBytes();
    }

    /// The first bytes of a source that [#canBeRebuilt], as received.
    ///
    /// @param text the first that was read of it
    byte[] sourceBytes(byte[] text, int length) {
        var mark = Arrays.copyOf(head, markBytes);
        var units = new byte[length * coding.mostUnitBytes()];
        var written = coding.encode(text, 0, length, units);
        var bytes = Arrays.copyOf(mark, mark.length + written);
        System.arraycopy(units, 0, bytes, mark.length, written);
        return bytes;
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
        if (conversion != null) {
            conversion.close();
        }
        content.close();
        try {
            received.close();
        } catch (IOException _) {
            // What was wanted of the stream has been read or given up: nothing is lost with it.
        }
    }

    private void refuseLayers() {
        var inner = Unpacking.packingOf(head, headTo);
        if (inner != Compression.NONE) {
            throw new MillraceException(
                    ErrorCode.SOURCE_DAMAGED,
                    "The source is %s packed into %s; Millrace unpacks one layer"
                            .formatted(name(inner), name(compression)),
                    "Unpack it once and send it again.",
                    null);
        }
    }

    private static String name(Compression packing) {
        return packing.name().toLowerCase(Locale.ROOT);
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
        var n = content.read(into, offset, length);
        if (n < 0) {
            contentHash = HexFormat.of().formatHex(digest.digest());
        } else {
            hash(into, offset, n);
            unpacked += n;
        }
        return n;
    }

    /// Hashes piece by piece: only who calls the JDK's hash some thousand times gets the
    /// processor's own instructions for it, and with large pieces that took the first 600 MB.
    private void hash(byte[] bytes, int offset, int length) {
        for (var done = 0; done < length; done += HASHED_BYTES) {
            digest.update(bytes, offset + done, Math.min(HASHED_BYTES, length - done));
        }
    }
}
