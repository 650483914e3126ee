package dev.millrace.format;

import java.nio.charset.StandardCharsets;

/// What stands before a member of a zip archive: its local header.
///
/// @param hasDescriptor whether its checksum and lengths stand behind it, and are not known here
/// @param packedBytes its length as it is packed
/// @param bytes its length as it is unpacked
/// @param isWide whether it says that lengths may have 64 bits
record ZipMember(
        String name,
        int method,
        boolean hasDescriptor,
        int crc,
        long packedBytes,
        long bytes,
        boolean isWide) {
    static final int STORED = 0;
    static final int DEFLATED = 8;

    private static final int ENCRYPTED = 1 | 1 << 6 | 1 << 13;
    private static final int HAS_DESCRIPTOR = 1 << 3;
    private static final int IS_PATCH = 1 << 5;
    private static final int WIDE_LENGTHS = 1;
    private static final long UNSAID = 0xFFFF_FFFFL;
    private static final int MOST_SHOWN = 80;

    /// Takes a local header, but for its signature.
    ///
    /// @throws dev.millrace.core.MillraceException SOURCE_DAMAGED when the member cannot be
    ///   unpacked
    static ZipMember take(Packed packed) {
        packed.skip(2); // version
        var flags = packed.takeShort();
        var method = packed.takeShort();
        packed.skip(4); // time
        var crc = packed.takeInt();
        var packedBytes = packed.takeInt() & UNSAID;
        var bytes = packed.takeInt() & UNSAID;
        var nameLength = packed.takeShort();
        var extraLength = packed.takeShort();
        var name = new String(packed.take(nameLength), StandardCharsets.UTF_8);
        var wide = wideLengths(packed, extraLength);
        if (wide.length > 0 && bytes == UNSAID) {
            bytes = wide[0];
        }
        if (wide.length > 1 && packedBytes == UNSAID) {
            packedBytes = wide[1];
        }
        var hasDescriptor = (flags & HAS_DESCRIPTOR) != 0;
        var member =
                new ZipMember(
                        name, method, hasDescriptor, crc, packedBytes, bytes, wide.length > 0);
        member.check(packed, flags);
        return member;
    }

    /// Takes all the extra fields.
    ///
    /// @return the lengths unpacked and packed, as far as they are said with 64 bits
    private static long[] wideLengths(Packed packed, int extraLength) {
        var wide = new long[0];
        for (var left = extraLength; left > 0; ) {
            if (left < 4) { // some pad
                packed.skip(left);
                return wide;
            }
            var id = packed.takeShort();
            var length = packed.takeShort();
            left -= 4 + length;
            if (left < 0) {
                throw packed.damaged("has a header whose fields are longer than it");
            }
            if (id == WIDE_LENGTHS) {
                wide = new long[Math.min(length / 8, 2)];
                for (var i = 0; i < wide.length; i++) {
                    wide[i] = packed.takeLong();
                }
                length -= 8 * wide.length;
            }
            packed.skip(length);
        }
        return wide;
    }

    private void check(Packed packed, int flags) {
        if ((flags & ENCRYPTED) != 0) {
            throw packed.refused(
                    "is encrypted ('%s')".formatted(shownName()),
                    "Pack the file without a password, or send it unpacked.",
                    null);
        }
        if ((flags & IS_PATCH) != 0 || (method != STORED && method != DEFLATED)) {
            throw packed.refused(
                    "holds '%s' packed by %s, which Millrace does not unpack"
                            .formatted(shownName(), methodName(flags)),
                    "Pack the file by deflate, which is usual, or send it unpacked.",
                    null);
        }
    }

    private String methodName(int flags) {
        if ((flags & IS_PATCH) != 0) {
            return "a patch of another";
        }
        return switch (method) {
            case 9 -> "method 9 (deflate64)";
            case 12 -> "method 12 (bzip2)";
            case 14 -> "method 14 (lzma)";
            case 93 -> "method 93 (zstd)";
            case 95 -> "method 95 (xz)";
            case 98 -> "method 98 (ppmd)";
            default -> "method " + method;
        };
    }

    boolean isFolder() {
        return name.endsWith("/");
    }

    /// Whether it is what macOS packs beside a file: its attributes.
    boolean isBeside() {
        return name.startsWith("__MACOSX/") && name.contains("/._");
    }

    /// The name as a message can show it.
    String shownName() {
        var shown = name.length() > MOST_SHOWN ? name.substring(0, MOST_SHOWN) + "…" : name;
        return shown.replaceAll("\\p{Cntrl}", "·");
    }
}
