package dev.millrace.format;

/// Brings UTF-32 to UTF-8. Four bytes that are no character, a surrogate's code among them, are
/// undecodable each, and so are those that are left at the end. Not thread-safe.
final class Utf32Content extends Transcoder {
    private static final int LONGEST = Integer.BYTES * UndecodableByte.LENGTH;

    private final boolean bigEndian;

    Utf32Content(Content content, boolean bigEndian) {
        super(content, LONGEST);
        this.bigEndian = bigEndian;
    }

    @Override
    void transcode(byte[] into, int limit) {
        while (to - from >= Integer.BYTES && hasRoom(limit)) {
            var character = character();
            if (!Character.isValidCodePoint(character) || isSurrogate(character)) {
                writeUndecodable(into, Integer.BYTES);
            } else if (Character.isBmpCodePoint(character)) {
                write(into, (char) character);
                from += Integer.BYTES;
            } else {
                write(into, Character.highSurrogate(character), Character.lowSurrogate(character));
                from += Integer.BYTES;
            }
        }
        if (ended && to - from < Integer.BYTES && hasRoom(limit)) {
            writeUndecodable(into, to - from);
        }
    }

    private int character() {
        var value = 0;
        for (var i = 0; i < Integer.BYTES; i++) {
            var at = bigEndian ? from + i : from + Integer.BYTES - 1 - i;
            value = (value << Byte.SIZE) | (raw[at] & 0xFF);
        }
        return value;
    }

    private static boolean isSurrogate(int character) {
        return character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
    }

    private void writeUndecodable(byte[] into, int count) {
        for (var i = 0; i < count; i++) {
            writeUndecodable(into);
        }
    }

    @Override
    long sourceBytes(byte[] text, int start, int end) {
        return 0;
    }
}
