package dev.millrace.format;

/// What a byte that is no character in its encoding becomes in a text: the three bytes that UTF-8's
/// scheme would give the surrogate U+DC00 plus the byte. That is not valid UTF-8, so whoever reads
/// it as text refuses it, and it tells the byte (as Python's PEP 383 has it, for all 256 bytes).
final class UndecodableByte {
    /// How many bytes of a text it takes.
    static final int LENGTH = 3;

    private static final byte FIRST = (byte) 0xED;

    private UndecodableByte() {}

    /// Writes one.
    static void put(byte[] into, int at, byte value) {
        into[at] = FIRST;
        into[at + 1] = (byte) (0xB0 | (value & 0xFF) >> 6);
        into[at + 2] = (byte) (0x80 | (value & 0x3F));
    }

    /// Whether one stands here.
    static boolean isAt(byte[] text, int at, int to) {
        return to - at >= LENGTH
                && text[at] == FIRST
                && (text[at + 1] & 0xFC) == 0xB0
                && (text[at + 2] & 0xC0) == 0x80;
    }

    /// The byte of the one that stands here.
    static byte at(byte[] text, int at) {
        return (byte) ((text[at + 1] & 0x03) << 6 | (text[at + 2] & 0x3F));
    }
}
