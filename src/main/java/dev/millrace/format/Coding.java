package dev.millrace.format;

import dev.millrace.core.Encoding;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// How the characters of one encoding become UTF-8, and go back. Stateless and thread-safe.
///
/// What is no character in its encoding stays none, so that the validator rejects just the record
/// that holds it, and it can be given back: an undecodable byte becomes an [UndecodableByte].
sealed interface Coding permits Utf8Coding, Utf16Coding, TableCoding, CharsetCoding {
    static Coding of(Encoding encoding) {
        return switch (encoding) {
            case UTF_8 -> new Utf8Coding();
            case UTF_16LE -> new Utf16Coding(false);
            case UTF_16BE -> new Utf16Coding(true);
            case UTF_32LE, UTF_32BE -> new CharsetCoding(encoding.charset(), Integer.BYTES);
            case GB18030, BIG5, SHIFT_JIS, EUC_JP, EUC_KR ->
                    new CharsetCoding(encoding.charset(), 1);
            case WINDOWS_874,
                    WINDOWS_1250,
                    WINDOWS_1251,
                    WINDOWS_1252,
                    WINDOWS_1253,
                    WINDOWS_1254,
                    WINDOWS_1255,
                    WINDOWS_1256,
                    WINDOWS_1257,
                    WINDOWS_1258,
                    ISO_8859_1,
                    ISO_8859_2,
                    ISO_8859_3,
                    ISO_8859_4,
                    ISO_8859_5,
                    ISO_8859_6,
                    ISO_8859_7,
                    ISO_8859_8,
                    ISO_8859_9,
                    ISO_8859_13,
                    ISO_8859_15,
                    ISO_8859_16,
                    KOI8_R,
                    KOI8_U,
                    MACINTOSH,
                    IBM437,
                    IBM850,
                    IBM852,
                    IBM866 ->
                    TableCoding.of(encoding);
        };
    }

    /// Content in this encoding as UTF-8.
    DecodedContent decode(Content content);

    /// Whether a text tells the source's bytes, so that a source can be rebuilt from it.
    default boolean isReversible() {
        return true;
    }

    /// How many bytes of the source stand for the characters that begin in `[from, to)` of a text,
    /// where [#isReversible].
    long sourceBytes(byte[] text, int from, int to);

    /// How many bytes of the source a line break's character takes.
    default int unitBytes() {
        return 1;
    }

    /// The most bytes of the source that stand for one of UTF-8, where [#isReversible].
    default int mostUnitBytes() {
        return 1;
    }

    /// Brings whole characters back, as they were, where [#isReversible].
    ///
    /// @param into with room for [#mostUnitBytes] a byte
    /// @return how many bytes were written to its start
    int encode(byte[] text, int from, int to, byte[] into);

    /// Writes characters in this encoding. What is neither a character nor what undecodable bytes
    /// became is the end of a line that was cut off, and becomes a character that stands for it.
    ///
    /// @param text in UTF-8, in a buffer with an array
    void write(ByteBuffer text, OutputStream out) throws IOException;

    /// The start of the character of UTF-8 that stands at a place, which is behind `from`.
    static int characterStart(byte[] text, int from, int place) {
        var at = place;
        while (at > from && (text[at] & 0xC0) == 0x80) {
            at--;
        }
        return at;
    }
}
