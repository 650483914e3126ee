package dev.millrace.core;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Rejected records of one split as they stand in it, one behind the other, each with its line
/// break (the source's last one with none, if it has none), so that their rows can be given back
/// whole. They are the content of an object: a version byte, how many there are, and their bytes.
/// The same records give the same bytes. Immutable, but for its bytes, which nobody may change.
public final class RejectedRecords {
    private static final byte VERSION = 1;
    private static final int HEAD_BYTES = 1 + Integer.BYTES;

    private final ByteBuffer object;

    private RejectedRecords(ByteBuffer object) {
        this.object = object;
    }

    /// Reads the records that a ledger entry speaks of.
    ///
    /// @throws MillraceException STORE_DAMAGED when the object holds something else
    public static RejectedRecords read(Store store, LedgerEntry entry) {
        var object = store.get(entry.rejectedRecordsName()).slice();
        if (object.remaining() < HEAD_BYTES || object.get(0) != VERSION) {
            throw new MillraceException(
                    ErrorCode.STORE_DAMAGED,
                    "The object of the rejected records of split %s holds something else"
                            .formatted(entry.split()));
        }
        return new RejectedRecords(object);
    }

    /// How many there are.
    public int count() {
        return object.getInt(1);
    }

    /// The records' bytes, in UTF-8 as far as the source's are characters.
    public ByteBuffer bytes() {
        return object.slice(HEAD_BYTES, object.remaining() - HEAD_BYTES);
    }

    /// The content of the object that keeps them.
    public ByteBuffer object() {
        return object.duplicate();
    }

    /// Collects records. Not thread-safe.
    public static final class Builder {
        private byte[] object = new byte[HEAD_BYTES];
        private int length = HEAD_BYTES;
        private int count;

        /// Appends the record that stands in `[start, end)`, its line break included.
        public void add(byte[] bytes, int start, int end) {
            var longer = Math.addExact(length, end - start);
            if (longer > object.length) {
                var doubled = (int) Math.min(2L * object.length, Integer.MAX_VALUE - 8);
                object = Arrays.copyOf(object, Math.max(longer, doubled));
            }
            System.arraycopy(bytes, start, object, length, end - start);
            length = longer;
            count++;
        }

        /// Takes what was collected; nothing may be added after that.
        public RejectedRecords build() {
            var whole = ByteBuffer.wrap(object, 0, length).slice();
            whole.put(0, VERSION).putInt(1, count);
            return new RejectedRecords(whole);
        }
    }
}
