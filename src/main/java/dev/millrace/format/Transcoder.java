package dev.millrace.format;

/// Brings content to UTF-8 by way of an array. Not thread-safe.
abstract class Transcoder implements DecodedContent {
    private static final int RAW_BYTES = 64 << 10;

    private final Content content;

    /// The most bytes of UTF-8 that may have to be written at a time.
    private final int longest;

    /// What was read and not yet brought to UTF-8: from [#from] to [#to].
    final byte[] raw = new byte[RAW_BYTES];

    int from;
    int to;

    /// Whether nothing follows what was read.
    boolean ended;

    /// Where the caller's array is written to next.
    int written;

    /// Takes characters for which the caller's array has no room.
    private final byte[] spill;

    private int spillFrom;
    private int spillTo;

    Transcoder(Content content, int longest) {
        this.content = content;
        this.longest = longest;
        this.spill = new byte[longest];
    }

    /// Brings what there is to UTF-8, from [#from] to [#written], as far as it is whole and while
    /// there is room for the longest character before `limit`.
    abstract void transcode(byte[] into, int limit);

    /// How many bytes of the source stand for a text; 0 when that is not known.
    abstract long sourceBytes(byte[] text, int start, int end);

    @Override
    public long untakenBytes() {
        return to - from + sourceBytes(spill, spillFrom, spillTo);
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (spillFrom == spillTo && length >= longest) {
            return transcodeSome(into, offset, length);
        }
        if (spillFrom == spillTo) {
            spillFrom = 0;
            spillTo = Math.max(transcodeSome(spill, 0, longest), 0);
            if (spillTo == 0) {
                return -1;
            }
        }
        var n = Math.min(length, spillTo - spillFrom);
        System.arraycopy(spill, spillFrom, into, offset, n);
        spillFrom += n;
        return n;
    }

    private int transcodeSome(byte[] into, int offset, int length) {
        written = offset;
        while (true) {
            transcode(into, offset + length);
            if (written > offset) {
                return written - offset;
            }
            if (ended) {
                return -1;
            }
            fill();
        }
    }

    private void fill() {
        var left = to - from;
        System.arraycopy(raw, from, raw, 0, left);
        var n = content.read(raw, left, raw.length - left);
        from = 0;
        to = left + Math.max(n, 0);
        ended = n < 0;
    }

    /// Whether there is room for another character.
    final boolean hasRoom(int limit) {
        return limit - written >= longest;
    }

    /// Writes one unit of UTF-16, half a surrogate pair too.
    final void write(byte[] into, char unit) {
        if (unit < 0x80) {
            into[written++] = (byte) unit;
        } else if (unit < 0x800) {
            into[written++] = (byte) (0xC0 | unit >> 6);
            into[written++] = (byte) (0x80 | (unit & 0x3F));
        } else {
            into[written++] = (byte) (0xE0 | unit >> 12);
            into[written++] = (byte) (0x80 | (unit >> 6 & 0x3F));
            into[written++] = (byte) (0x80 | (unit & 0x3F));
        }
    }

    /// Writes a surrogate pair.
    final void write(byte[] into, char high, char low) {
        var character = Character.toCodePoint(high, low);
        into[written++] = (byte) (0xF0 | character >> 18);
        into[written++] = (byte) (0x80 | (character >> 12 & 0x3F));
        into[written++] = (byte) (0x80 | (character >> 6 & 0x3F));
        into[written++] = (byte) (0x80 | (character & 0x3F));
    }

    /// Writes the next byte as one that is no character.
    final void writeUndecodable(byte[] into) {
        UndecodableByte.put(into, written, raw[from++]);
        written += UndecodableByte.LENGTH;
    }
}
