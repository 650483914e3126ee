package dev.millrace.format;

import java.util.zip.CRC32;

/// Unpacks gzip (RFC 1952) of any number of members, and takes nothing else for an end than the end
/// of a whole member: what the JDK's own stream passes over in silence (bytes behind the last
/// member, a header's checksum) is damage here. Not thread-safe.
final class Gzip implements Unpacking {
    private static final int DEFLATE = 8;
    private static final int HAS_HEADER_CRC = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;
    private static final int RESERVED_FLAGS = 0xE0;

    private final Packed packed;
    private final Deflate deflate;
    private final CRC32 headerCrc = new CRC32();
    private final CRC32 crc = new CRC32();
    private boolean inMember;
    private boolean anyMember;

    Gzip(Packed packed) {
        this.packed = packed;
        deflate = new Deflate(packed);
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
            var n = deflate.read(into, offset, length);
            if (n > 0) {
                crc.update(into, offset, n);
                return n;
            }
            closeMember();
        }
        return -1;
    }

    /// @return false at the end of the source
    private boolean openMember() {
        if (!packed.hasMore()) {
            return false;
        }
        headerCrc.reset();
        var isGzip = take() == 0x1F && take() == 0x8B && take() == DEFLATE;
        if (!isGzip) {
            throw packed.damaged(
                    anyMember
                            ? "goes on with bytes that are not gzip"
                            : "does not begin as gzip does");
        }
        var flags = take();
        if ((flags & RESERVED_FLAGS) != 0) {
            throw packed.damaged("has a header with unknown flags");
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
            if (packed.takeShort() != expected) {
                throw packed.damaged("has a header whose checksum does not fit");
            }
        }
        inMember = true;
        anyMember = true;
        return true;
    }

    private void closeMember() {
        if (packed.takeInt() != (int) crc.getValue()) {
            throw packed.damaged("does not have the content that its checksum says");
        }
        if (packed.takeInt() != (int) deflate.unpackedBytes()) {
            throw packed.damaged("does not have the length that it says");
        }
        deflate.reset();
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

    private int take() {
        var taken = packed.take();
        headerCrc.update(taken);
        return taken;
    }

    @Override
    public void close() {
        deflate.close();
    }
}
