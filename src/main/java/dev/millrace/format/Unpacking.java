package dev.millrace.format;

import dev.millrace.core.Compression;

/// A source's content, unpacked as it is read, in constant memory. It ends only where all that was
/// packed is whole and sound; anything else is SOURCE_DAMAGED, with the place. Not thread-safe.
@FunctionalInterface
interface Unpacking extends Content, AutoCloseable {
    /// How content that begins with `head` is packed, or the beginning of it that was cut short.
    static Compression packingOf(byte[] head, int length) {
        for (var packing : Compression.values()) {
            if (begins(packing, head, length)) {
                return packing;
            }
        }
        return Compression.NONE;
    }

    private static boolean begins(Compression packing, byte[] head, int length) {
        return switch (packing) {
            case NONE -> false;
            case GZIP -> Gzip.begins(head, length);
            case ZSTD -> Zstandard.begins(head, length);
            case BZIP2 -> Bzip2.begins(head, length);
            case ZIP -> Zip.begins(head, length);
        };
    }

    static Unpacking of(Compression packing, Received received) {
        return switch (packing) {
            case NONE -> received::read;
            case GZIP -> new Gzip(new Packed(received, packing));
            case ZSTD -> new Zstandard(new Packed(received, packing));
            case BZIP2 -> new Bzip2(new Packed(received, packing));
            case ZIP -> new Zip(new Packed(received, packing));
        };
    }

    /// Gives back what unpacking took.
    @Override
    default void close() {}
}
