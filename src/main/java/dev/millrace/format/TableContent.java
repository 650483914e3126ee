package dev.millrace.format;

import dev.millrace.core.LittleEndian;

/// Brings what a [TableCoding] reads to UTF-8. Not thread-safe.
final class TableContent extends Transcoder {

    /// The bits that eight characters of ASCII do not have.
    private static final long NOT_ASCII = 0x8080808080808080L;

    /// So much is written at a time, whatever of it counts.
    private static final int LONGEST = Long.BYTES;

    private final int[] utf8;

    TableContent(Content content, int[] utf8) {
        super(content, LONGEST);
        this.utf8 = utf8;
    }

    @Override
    void transcode(byte[] into, int limit) {
        var in = from;
        var out = written;
        while (in < to && limit - out >= LONGEST) {
            if (to - in >= Long.BYTES) {
                var word = LittleEndian.getLong(raw, in);
                if ((word & NOT_ASCII) == 0) {
                    LittleEndian.putLong(into, out, word);
                    in += Long.BYTES;
                    out += Long.BYTES;
                    continue;
                }
            }
            var packed = utf8[raw[in] & 0xFF];
            if (packed == 0) {
                UndecodableByte.put(into, out, raw[in]);
                out += UndecodableByte.LENGTH;
            } else {
                into[out] = (byte) packed;
                into[out + 1] = (byte) (packed >> 8);
                into[out + 2] = (byte) (packed >> 16);
                out += packed >>> 24;
            }
            in++;
        }
        from = in;
        written = out;
    }

    @Override
    long sourceBytes(byte[] text, int start, int end) {
        return bytesOf(text, start, end);
    }

    /// How many characters begin in `[from, to)` of a text: each was a byte.
    static long bytesOf(byte[] text, int from, int to) {
        var count = 0L;
        for (var i = from; i < to; i++) {
            count += (text[i] & 0xC0) == 0x80 ? 0 : 1;
        }
        return count;
    }
}
