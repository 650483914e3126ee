package dev.millrace.convert;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesReader;

/// Looks through a page before Parquet's own readers do, which make arrays as large as the page
/// says, however little it holds: a few damaged bytes would ask for gigabytes.
final class PageCheck {
    /// More values in a run than a page has left are padding, of so many at most.
    private static final int PADDING = 8 * 64;

    private static final int MAX_DELTA_BLOCK = 1 << 16;

    private final byte[] bytes;
    private final int values;
    private int at;

    /// @param values how many values the page has, nulls included
    PageCheck(byte[] bytes, int at, int values) {
        this.bytes = bytes;
        this.at = at;
        this.values = values;
    }

    /// Goes over levels as data pages of the first version have them before their values.
    ///
    /// @param isPacked whether they are in the encoding of old, of bits without runs
    void levels(boolean isPacked, int maxLevel) throws IOException {
        if (maxLevel == 0) {
            return;
        }
        var bits = Integer.SIZE - Integer.numberOfLeadingZeros(maxLevel);
        if (isPacked) {
            skip((int) (((long) values * bits + 7) / 8));
        } else {
            var length = littleEndian();
            var end = at + length;
            if (length < 0 || end > bytes.length) {
                throw new IOException("levels are longer than their page");
            }
            runs(end, bits);
            at = end;
        }
    }

    /// Looks at the values, which are all of the rest.
    void values(Encoding encoding) throws IOException {
        if (at == bytes.length) {
            return;
        }
        switch (encoding) {
            case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
                var bits = bytes[at++];
                if (bits < 0 || bits > Integer.SIZE) {
                    throw new IOException("dictionary indices of %d bits".formatted(bits));
                }
                runs(bytes.length, bits);
            }
            case RLE -> {
                at += Integer.BYTES;
                runs(bytes.length, 1);
            }
            case DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY -> delta();
            case DELTA_BYTE_ARRAY -> prefixes();
            case PLAIN, BYTE_STREAM_SPLIT, BIT_PACKED -> {
                // What these say of lengths is looked at as it is read.
            }
        }
    }

    /// Goes over runs of equal values, and of groups of eight packed ones.
    void runs(int end, int bits) throws IOException {
        var most = (long) values + PADDING;
        var seen = 0L;
        while (at < end && seen < values) {
            var head = varint();
            var count = head >>> 1;
            if ((head & 1) == 0) {
                seen += count;
                skip((bits + 7) / 8);
            } else {
                seen += 8L * count;
                if (8L * count > most) {
                    throw new IOException("a run of %,d values".formatted(8L * count));
                }
                // The last group may be cut where its values end.
                at = (int) Math.min(end, at + (long) count * bits);
            }
        }
    }

    private long delta() throws IOException {
        var block = varint();
        var parts = varint();
        var total = varint();
        var sound =
                block > 0
                        && block <= MAX_DELTA_BLOCK
                        && parts > 0
                        && parts <= block
                        && block % parts == 0
                        && block / parts % 8 == 0
                        && total >= 0
                        && total <= values;
        if (!sound) {
            throw new IOException(
                    "%d values as differences, in blocks of %d in %d parts"
                            .formatted(total, block, parts));
        }
        return total;
    }

    /// Of texts that begin as the ones before them do: no prefix is longer than the text before.
    private void prefixes() throws IOException {
        var from = at;
        var count = (int) delta();
        var in = ByteBufferInputStream.wrap(ByteBuffer.wrap(bytes, from, bytes.length - from));
        var prefixes = new DeltaBinaryPackingValuesReader();
        prefixes.initFromPage(count, in);
        at = bytes.length - in.available();
        if (delta() != count) {
            throw new IOException("other counts of prefixes than of texts");
        }
        var suffixes = new DeltaBinaryPackingValuesReader();
        at = bytes.length - in.available();
        suffixes.initFromPage(count, in);
        var length = 0L;
        for (var i = 0; i < count; i++) {
            var prefix = prefixes.readInteger();
            var suffix = suffixes.readInteger();
            if (prefix < 0 || prefix > length || suffix < 0 || suffix > bytes.length) {
                throw new IOException("a text has a prefix that the one before does not have");
            }
            length = (long) prefix + suffix;
        }
    }

    private void skip(int count) throws IOException {
        if (count > bytes.length - at) {
            throw new IOException("a page is shorter than what it says");
        }
        at += count;
    }

    private int littleEndian() throws IOException {
        skip(Integer.BYTES);
        return (bytes[at - 4] & 0xFF)
                | (bytes[at - 3] & 0xFF) << 8
                | (bytes[at - 2] & 0xFF) << 16
                | bytes[at - 1] << 24;
    }

    private int varint() throws IOException {
        var value = 0;
        for (var shift = 0; shift < 35; shift += 7) {
            skip(1);
            var b = bytes[at - 1];
            value |= (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IOException("a number of more than five bytes");
    }
}
