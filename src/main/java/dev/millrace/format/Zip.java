package dev.millrace.format;

import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Unpacks a zip archive (PKWARE's APPNOTE.TXT) of one file, stored or deflated, from its front to
/// its end. Folders are passed over, and the attributes that macOS packs beside a file. What
/// readers from the front pass over in silence is damage here: a directory at the end that says
/// something else, bytes behind it, a checksum that does not fit. Not thread-safe.
final class Zip implements Unpacking {
    private static final int MEMBER = 0x04034B50;
    private static final int DESCRIPTOR = 0x08074B50;
    private static final int ENTRY = 0x02014B50;
    private static final int WIDE_END = 0x06064B50;
    private static final int WIDE_END_PLACE = 0x07064B50;
    private static final int END = 0x06054B50;

    private final Packed packed;
    private final Deflate deflate;
    private final CRC32 crc = new CRC32();

    /// The one that is being read.
    private @Nullable ZipMember member;

    private long members;

    /// How much of the member was read as it stands there, because it is stored.
    private long stored;

    private boolean anyFile;
    private int fileCrc;
    private long fileBytes;
    private boolean ended;

    Zip(Packed packed) {
        this.packed = packed;
        deflate = new Deflate(packed);
    }

    /// Whether content that begins with `head` is a zip archive, or the beginning of it that was
    /// cut short.
    static boolean begins(byte[] head, int length) {
        if (length < 3 || head[0] != 'P' || head[1] != 'K') {
            return false;
        }
        return switch (head[2]) {
            case 3 -> length == 3 || head[3] == 4;
            case 5 -> length > 3 && head[3] == 6;
            case 7 -> length > 3 && head[3] == 8;
            default -> false;
        };
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        while (true) {
            if (member == null) {
                member = openMember();
                if (member == null) {
                    return -1;
                }
            }
            var n = readMember(member, into, offset, length);
            if (n < 0) {
                closeMember(member);
                member = null;
            } else if (member.isFolder()) {
                throw packed.damaged(
                        "has content in its folder '%s'".formatted(member.shownName()));
            } else {
                crc.update(into, offset, n);
                if (!member.isBeside()) {
                    return n;
                }
            }
        }
    }

    private int readMember(ZipMember open, byte[] into, int offset, int length) {
        if (open.method() == ZipMember.DEFLATED) {
            return deflate.read(into, offset, length);
        }
        if (stored == open.packedBytes()) {
            return -1;
        }
        if (!packed.hasMore()) {
            throw packed.cutShort();
        }
        var most = Math.min(length, packed.bytes().remaining());
        var n = (int) Math.min(most, open.packedBytes() - stored);
        packed.bytes().get(into, offset, n);
        stored += n;
        return n;
    }

    /// @return null at the end of the archive
    private @Nullable ZipMember openMember() {
        if (ended) {
            return null;
        }
        var signature = packed.takeInt();
        if (signature == DESCRIPTOR && members == 0) {
            throw packed.refused(
                    "is one of the parts of an archive",
                    "Join them, or send the file alone.",
                    null);
        }
        if (signature != MEMBER) {
            takeDirectory(signature);
            ended = true;
            return null;
        }
        var opened = ZipMember.take(packed);
        members++;
        if (!opened.isFolder() && !opened.isBeside()) {
            if (anyFile) {
                throw packed.refused(
                        "holds a second file, '%s'".formatted(opened.shownName()),
                        "Pack each file alone, or send them unpacked.",
                        null);
            }
            anyFile = true;
        }
        return opened;
    }

    private void closeMember(ZipMember open) {
        var isStored = open.method() == ZipMember.STORED;
        var bytes = isStored ? stored : deflate.unpackedBytes();
        var packedBytes = isStored ? stored : deflate.packedBytes();
        if (open.hasDescriptor()) {
            takeDescriptor(open, packedBytes, bytes);
        } else {
            checkCrc(open.crc());
            checkLength(packedBytes == open.packedBytes() && bytes == open.bytes());
        }
        if (!open.isFolder() && !open.isBeside()) {
            fileCrc = (int) crc.getValue();
            fileBytes = bytes;
        }
        deflate.reset();
        crc.reset();
        stored = 0;
    }

    /// What is told behind a member. Its own signature may be left out, and the lengths may have 32
    /// bits or 64: that is seen only by what they should be.
    private void takeDescriptor(ZipMember open, long packedBytes, long bytes) {
        var first = packed.takeInt();
        if (first != DESCRIPTOR && open.method() == ZipMember.STORED && open.packedBytes() == 0) {
            throw packed.refused(
                    "stores '%s' without saying before it how long it is"
                            .formatted(open.shownName()),
                    "Pack the file by deflate, which is usual, or send it unpacked.",
                    null);
        }
        checkCrc(first == DESCRIPTOR ? packed.takeInt() : first);
        checkLength(packed.takeInt() == (int) packedBytes);
        var second = packed.takeInt();
        var canBeWide = second == (int) (packedBytes >>> 32);
        var canBeNarrow = second == (int) bytes;
        if (canBeWide && (!canBeNarrow || open.isWide() || bytes >>> 32 != 0)) {
            checkLength(packed.takeLong() == bytes);
        } else {
            checkLength(canBeNarrow);
        }
    }

    private void checkCrc(int expected) {
        if ((int) crc.getValue() != expected) {
            throw packed.damaged("does not have the content that its checksum says");
        }
    }

    private void checkLength(boolean isRight) {
        if (!isRight) {
            throw packed.damaged("does not have the length that it says");
        }
    }

    /// Takes what stands behind the members, and sees that it lists them: another program would go
    /// by it, and take what it does not list for deleted.
    private void takeDirectory(int firstSignature) {
        var signature = firstSignature;
        var entries = 0L;
        var listsFile = false;
        while (signature == ENTRY) {
            listsFile |= takeEntry();
            entries++;
            signature = packed.takeInt();
        }
        if (signature == WIDE_END) {
            packed.skip(Math.max(0, packed.takeLong()));
            signature = packed.takeInt();
        }
        if (signature == WIDE_END_PLACE) {
            packed.skip(16);
            signature = packed.takeInt();
        }
        if (signature != END) {
            throw packed.damaged("goes on with bytes that are not zip");
        }
        packed.skip(6); // numbers of parts, entries in this one
        var said = packed.takeShort();
        packed.skip(8); // where the directory is
        packed.skip(packed.takeShort());
        if (packed.hasMore()) {
            throw packed.damaged("goes on behind its end");
        }
        if (!anyFile) {
            throw packed.refused("holds no file", "Pack the file again.", null);
        }
        var isWhole = said == 0xFFFF || said == (int) (entries & 0xFFFF);
        if (entries != members || !isWhole || !listsFile) {
            throw packed.damaged("does not hold what its directory lists");
        }
    }

    /// @return whether the entry is the file's
    private boolean takeEntry() {
        packed.skip(12); // versions, flags, method, time
        var entryCrc = packed.takeInt();
        packed.skip(4); // length as packed
        var length = packed.takeInt();
        var rest = packed.takeShort() + packed.takeShort() + packed.takeShort();
        packed.skip(12 + rest); // part, attributes, place; name, fields, comment
        return entryCrc == fileCrc && (length == -1 || length == (int) fileBytes);
    }

    @Override
    public void close() {
        deflate.close();
    }
}
