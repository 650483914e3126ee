package dev.millrace.format;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Unpacks gzip (RFC 1952) of any number of members, and takes nothing else for an end than the end
/// of a whole member: what the JDK's own stream passes over in silence (bytes behind the last
/// member, a header's checksum) is damage here. Not thread-safe.
final class Gzip implements Content, AutoCloseable {
    private static final int DEFLATE = 8;
    private static final int HAS_HEADER_CRC = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;
    private static final int RESERVED_FLAGS = 0xE0;

    private final Received packed;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 headerCrc = new CRC32();
    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[64 << 10];
    private int from;
    private int to;
    private boolean inMember;
    private boolean anyMember;

    Gzip(Received packed) {
        this.packed = packed;
    }

    /// Whether content that begins with `head` is gzip, or the beginning of it that was cut short.
    static boolean begins(byte[] head, int length) {
        return length >= 2
                && head[0] == 0x1F
                && head[1] == (byte) 0x8B
                && (length < 3 || head[2] == DEFLATE)
                && (length < 4 || (head[3] & RESERVED_FLAGS) == 0);
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        while (inMember || openMember()) {
            var n = inflate(into, offset, length);
            if (n > 0) {
                crc.update(into, offset, n);
                return n;
            }
            if (inflater.finished()) {
                closeMember();
            } else if (inflater.needsDictionary()) {
                throw damaged("asks for a dictionary, which gzip does not have");
            } else if (!fill()) {
                throw cutShort();
            }
        }
        return -1;
    }

    private int inflate(byte[] into, int offset, int length) {
        inflater.setInput(buffer, from, to - from);
        try {
            return inflater.inflate(into, offset, length);
        } catch (DataFormatException e) {
            throw damaged("cannot be unpacked (%s)".formatted(e.getMessage()));
        } finally {
            from = to - inflater.getRemaining();
        }
    }

    /// @return false at the end of the source
    private boolean openMember() {
        if (from == to && !fill()) {
            return false;
        }
        headerCrc.reset();
        var isGzip = take() == 0x1F && take() == 0x8B && take() == DEFLATE;
        if (!isGzip) {
            throw damaged(
                    anyMember
                            ? "goes on with bytes that are not gzip"
                            : "does not begin as gzip does");
        }
        var flags = take();
        if ((flags & RESERVED_FLAGS) != 0) {
            throw damaged("has a header with unknown flags");
        }
        skip(6); // time, level and system of its making
        if ((flags & HAS_EXTRA) != 0) {
            skip(take() | take() << 8);
        }
        if ((flags & HAS_NAME) != 0) {
            skipText();
        }
        if ((flags & HAS_COMMENT) != 0) {
            skipText();
        }
        if ((flags & HAS_HEADER_CRC) != 0) {
            var expected = (int) headerCrc.getValue() & 0xFFFF;
            if ((take() | take() << 8) != expected) {
                throw damaged("has a header whose checksum does not fit");
            }
        }
        inMember = true;
        anyMember = true;
        return true;
    }

    private void closeMember() {
        if (takeInt() != (int) crc.getValue()) {
            throw damaged("does not have the content that its checksum says");
        }
        if (takeInt() != (int) inflater.getBytesWritten()) {
            throw damaged("does not have the length that it says");
        }
        inflater.reset();
        crc.reset();
        inMember = false;
    }

    private void skip(int count) {
        for (var i = 0; i < count; i++) {
            take();
        }
    }

    private void skipText() {
        while (take() != 0) {}
    }

    private int takeInt() {
        return take() | take() << 8 | take() << 16 | take() << 24;
    }

    private int take() {
        if (from == to && !fill()) {
            throw cutShort();
        }
        headerCrc.update(buffer[from]);
        return buffer[from++] & 0xFF;
    }

    private boolean fill() {
        var n = packed.read(buffer, 0, buffer.length);
        from = 0;
        to = Math.max(n, 0);
        return n > 0;
    }

    private MillraceException cutShort() {
        return damaged("ends in the middle: it was cut short");
    }

    private MillraceException damaged(String how) {
        return new MillraceException(
                ErrorCode.SOURCE_DAMAGED,
                "The gzip source %s, at byte %,d as received"
                        .formatted(how, packed.count() - (to - from)),
                "Pack the file again, or send it unpacked.",
                null);
    }

    @Override
    public void close() {
        inflater.end();
    }
}
