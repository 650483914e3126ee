package dev.millrace.format;

import dev.millrace.core.Sha256;
import dev.millrace.core.SourceReading;
import java.security.MessageDigest;
import java.util.HexFormat;

/// The first bytes of an unpacked source, rebuilt from what is stored of them, and their hash. So
/// an upload goes on in another process without the state of any hash being kept.
///
/// Add the head of the source and then every exact cut in order. Not thread-safe.
public final class SourcePrefix {
    private final Coding coding;
    private final MessageDigest digest = Sha256.begin();
    private final byte[] units = new byte[64 << 10];
    private long bytes;
    private long cutBytes;
    private long records;

    /// @param head the bytes before the first record, as [Cutter#head] gave them
    public SourcePrefix(SourceReading reading, byte[] head) {
        coding = Coding.of(reading.encoding());
        update(head, 0, head.length);
    }

    /// Adds the content of a cut that is exact.
    public void add(byte[] text, int from, int length, int cutRecords) {
        cutBytes += length;
        records += cutRecords;
        if (coding instanceof Utf8Coding) {
            update(text, from, length);
            return;
        }
        var at = from;
        var to = from + length;
        while (at < to) {
            var most = Math.min(to, at + units.length / coding.mostUnitBytes());
            var end = most == to ? to : Coding.characterStart(text, at, most);
            update(units, 0, coding.encode(text, at, end, units));
            at = end;
        }
    }

    private void update(byte[] source, int from, int length) {
        digest.update(source, from, length);
        bytes += length;
    }

    /// How many bytes of the source they are.
    public long bytes() {
        return bytes;
    }

    /// SHA-256 of what was added so far, in lower-case hex.
    public String sha256() {
        return HexFormat.of().formatHex(digest().digest());
    }

    /// A hash of what was added so far that can go on.
    MessageDigest digest() {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The JDK's SHA-256 can be copied", e);
        }
    }

    /// The bytes of all cuts.
    long cutBytes() {
        return cutBytes;
    }

    /// The records of all cuts.
    long records() {
        return records;
    }
}
