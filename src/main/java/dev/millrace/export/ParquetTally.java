package dev.millrace.export;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/// What a Parquet file's footer says: the rows of the file, and of its groups. The bytes that may
/// be the footer are kept as they pass, 64 MiB at most.
final class ParquetTally extends Tally {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_BYTES = 64 << 20;
    private static final int FIRST_BYTES = 8 << 20;

    /// The length of the metadata, and the magic behind it.
    private static final int TRAILER_BYTES = 8;

    private final byte[] head = new byte[MAGIC.length];
    private byte[] tail = new byte[FIRST_BYTES];
    private int filled;
    private long length;

    @Override
    public void write(byte[] bytes, int from, int count) {
        for (var i = 0; i < count && length + i < head.length; i++) {
            head[(int) length + i] = bytes[from + i];
        }
        length += count;
        if (count > tail.length / 2) {
            grow(count * 2);
        }
        if (filled + count > tail.length) {
            var kept = Math.min(filled, tail.length / 2);
            System.arraycopy(tail, filled - kept, tail, 0, kept);
            filled = kept;
        }
        System.arraycopy(bytes, from, tail, filled, count);
        filled += count;
        // a footer has grown with the file: about 100 bytes for each column of a group
        if (length >> 8 > tail.length && tail.length < MOST_BYTES) {
            grow(tail.length * 2);
        }
    }

    private void grow(int room) {
        if (room > tail.length) {
            tail = Arrays.copyOf(tail, room);
        }
    }

    /// Nothing is known before the end.
    @Override
    long rows() {
        return 0;
    }

    @Override
    boolean hasFooter() {
        return true;
    }

    @Override
    long end() {
        var problem = "it does not end as a Parquet file does";
        if (length >= MAGIC.length + TRAILER_BYTES && Arrays.equals(head, MAGIC) && isMarked()) {
            var footer = number(filled - TRAILER_BYTES);
            if (footer > 0 && footer <= filled - TRAILER_BYTES) {
                var rows = rows(footer);
                if (rows != null) {
                    return rows;
                }
                problem = "its footer and its groups have other numbers of rows";
            } else {
                problem = "its footer has %d bytes".formatted(footer);
            }
        }
        throw new MillraceException(
                ErrorCode.EXPORT_INCOMPLETE,
                "What ClickHouse has sent is no whole file: " + problem);
    }

    private boolean isMarked() {
        return Arrays.equals(tail, filled - MAGIC.length, filled, MAGIC, 0, MAGIC.length);
    }

    private int number(int at) {
        return (tail[at] & 0xFF)
                | ((tail[at + 1] & 0xFF) << 8)
                | ((tail[at + 2] & 0xFF) << 16)
                | ((tail[at + 3] & 0xFF) << 24);
    }

    /// Null when the file's number is not the sum of the groups'.
    private @Nullable Long rows(int footer) {
        try {
            var from = filled - TRAILER_BYTES - footer;
            var data = Util.readFileMetaData(new ByteArrayInputStream(tail, from, footer));
            var groups = data.getRow_groups();
            var sum = groups == null ? -1 : groups.stream().mapToLong(RowGroup::getNum_rows).sum();
            return sum == data.getNum_rows() ? (Long) sum : null;
        } catch (IOException e) {
            return null;
        }
    }
}
