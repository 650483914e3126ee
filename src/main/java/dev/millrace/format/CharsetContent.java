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
    /// Room for a character of four bytes, which the decoder makes two units of, and for an
    /// undecodable byte behind it.
    private static final int LONGEST = 6 + UndecodableByte.LENGTH;

    private static final int MOST_UNIT_UTF8_BYTES = 3;

    private final CharsetDecoder decoder;
    private final char[] units = new char[8 << 10];

    CharsetContent(Content content, Charset charset) {
        super(content, LONGEST);
        decoder =
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    @Override
    void transcode(byte[] into, int limit) {
        while (from < to && hasRoom(limit)) {
            var most = (limit - written - UndecodableByte.LENGTH) / MOST_UNIT_UTF8_BYTES;
            var room = Math.min(most, units.length);
            var in = ByteBuffer.wrap(raw, from, to - from);
            var out = CharBuffer.wrap(units, 0, room);
            var result = decoder.decode(in, out, ended);
            from = in.position();
            write(into, out.position());
            if (result.isError()) {
                writeUndecodable(into);
            } else if (result.isUnderflow()) {
                return;
            }
        }
    }

    private void write(byte[] into, int count) {
        for (var i = 0; i < count; i++) {
            if (Character.isHighSurrogate(units[i])) { // of a pair, which the decoder never parts
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
