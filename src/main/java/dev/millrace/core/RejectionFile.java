package dev.millrace.core;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The content of a rejections object: a version byte, a count, and that many rejections, each
/// field in the order of the record. The same rejections give the same bytes.
public final class RejectionFile {
    private static final int VERSION = 1;

    private RejectionFile() {}

    public static ByteBuffer write(List<Rejection> rejections) {
        var bytes = new Bytes(128 * rejections.size() + 16);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(rejections.size());
            for (var r : rejections) {
                out.writeInt(r.source());
                out.writeLong(r.row());
                out.writeUTF(r.eventId());
                out.writeUTF(r.column());
                out.writeUTF(r.type());
                out.writeUTF(r.error().name());
                out.writeUTF(r.observed());
                out.writeUTF(r.message());
                out.writeUTF(r.raw());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.content();
    }

    /// Hands out what was written without a copy.
    private static final class Bytes extends ByteArrayOutputStream {
        Bytes(int size) {
            super(size);
        }

        synchronized ByteBuffer content() {
            return ByteBuffer.wrap(buf, 0, count);
        }
    }

    /// Reads the rejections that a ledger entry speaks of.
    ///
    /// @throws MillraceException STORE_DAMAGED when the object holds something else
    public static List<Rejection> read(Store store, LedgerEntry entry) {
        var kept = read(store.get(entry.rejectionsName()));
        if (kept.size() != entry.keptRejections()) {
            throw new MillraceException(
                    ErrorCode.STORE_DAMAGED,
                    "Split %s has %,d rejections by the ledger, its object holds %,d"
                            .formatted(entry.split(), entry.keptRejections(), kept.size()));
        }
        return kept;
    }

    /// Reads what [#write] wrote, out of a buffer with an array.
    ///
    /// @throws MillraceException STORE_DAMAGED when it is something else
    public static List<Rejection> read(ByteBuffer content) {
        var rejections = new ArrayList<Rejection>();
        read(content, rejections::add);
        return rejections;
    }

    /// Hands over one rejection after the other, and stops after the one at which `goesOn` says no.
    ///
    /// @param content a buffer with an array
    /// @throws MillraceException STORE_DAMAGED when it is something else, as far as it was read
    public static void read(ByteBuffer content, Predicate<Rejection> goesOn) {
        var bytes =
                new ByteArrayInputStream(
                        content.array(),
                        content.arrayOffset() + content.position(),
                        content.remaining());
        try (var in = new DataInputStream(bytes)) {
            var version = in.readByte();
            if (version != VERSION) {
                throw new MillraceException(
                        ErrorCode.STORE_DAMAGED, "Rejections of version %d".formatted(version));
            }
            var count = in.readInt();
            for (var i = 0; i < count && goesOn.test(rejection(in)); i++) {
                // the condition does it all
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new MillraceException(
                    ErrorCode.STORE_DAMAGED, "A rejections object cannot be read", e);
        }
    }

    private static Rejection rejection(DataInputStream in) throws IOException {
        return new Rejection(
                in.readInt(),
                in.readLong(),
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                RejectionCode.valueOf(in.readUTF()),
                in.readUTF(),
                in.readUTF(),
                in.readUTF());
    }
}
