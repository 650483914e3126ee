package dev.millrace.bench.fuzz;

import dev.millrace.core.RecordBlock;
import dev.millrace.core.SourceRecord;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A hash of records: their numbers, and their fields or that they are malformed. It is the same
/// whether they are read in blocks or alone. Not thread-safe.
final class RecordHash {
    private static final byte MALFORMED = -1;
    private static final byte TEXT = 0;

    private final MessageDigest digest;
    private long records;

    RecordHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    long records() {
        return records;
    }

    byte[] digest() {
        return digest.digest();
    }

    void add(SourceRecord record) {
        begin(record.row);
        if (!record.malformed.isEmpty()) {
            digest.update(MALFORMED);
            return;
        }
        for (var field = 0; field < record.fields; field++) {
            var start = record.starts[field];
            add(record.quotes[field], record.bytes, start, record.ends[field] - start);
        }
    }

    /// A record of a block.
    void add(RecordBlock block, int record) {
        begin(block.firstRow + record);
        for (var field = 0; field < block.fields; field++) {
            var place = block.first(field) + record;
            var start = block.starts[place];
            var length = block.ends[place] - start;
            if (block.written(place) == RecordBlock.ESCAPED) {
                var plain = new byte[length];
                add(RecordBlock.ESCAPED, plain, 0, block.unescape(place, plain));
            } else {
                add(block.written(place), block.bytes, start, length);
            }
        }
    }

    private void begin(long row) {
        records++;
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(row).flip());
    }

    private void add(byte written, byte[] bytes, int start, int length) {
        var kind = written == RecordBlock.NULL || written == RecordBlock.NESTED ? written : TEXT;
        digest.update(kind);
        if (kind == RecordBlock.NULL) {
            return;
        }
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).flip());
        digest.update(bytes, start, length);
    }
}
