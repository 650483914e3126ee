package dev.millrace.format;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;

/// Brings what a [CharsetCoding] reads to UTF-8. Of bytes that are no character the first alone is
/// taken for undecodable and the next is looked at anew, as the WHATWG Encoding Standard has it: so
/// half a character swallows no line break. Not thread-safe.
final class CharsetContent extends Transcoder {
    /// Room for a character of four bytes, or the two units that the decoder makes of it.
    private static final int LONGEST = 6;

    private static final int MOST_UNIT_UTF8_BYTES = 3;

    private final CharsetDecoder decoder;
    private final int unitBytes;
    private final char[] units = new char[8 << 10];

    /// How many of the next bytes are known to be no characters.
    private int undecodable;

    CharsetContent(Content content, Charset charset, int unitBytes) {
        super(content, LONGEST);
        this.unitBytes = unitBytes;
        decoder =
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    @Override
    void transcode(byte[] into, int limit) {
        while (from < to && hasRoom(limit)) {
            if (undecodable > 0) {
                writeUndecodable(into);
                undecodable--;
                continue;
            }
            var room = Math.min((limit - written) / MOST_UNIT_UTF8_BYTES, units.length);
            var in = ByteBuffer.wrap(raw, from, to - from);
            var out = CharBuffer.wrap(units, 0, room);
            var result = decoder.decode(in, out, ended);
            from = in.position();
            write(into, out.position());
            if (result.isError()) {
                undecodable = unitBytes == 1 ? 1 : result.length();
            } else if (result.isUnderflow()) {
                return;
            }
        }
    }

    private void write(byte[] into, int count) {
        for (var i = 0; i < count; i++) {
            if (Character.isHighSurrogate(units[i])) {
                write(into, units[i], units[i + 1]);
                i++;
            } else {
                write(into, units[i]);
            }
        }
    }

    @Override
    long sourceBytes(byte[] text, int start, int end) {
        return 0;
    }
}
