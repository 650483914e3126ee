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

/// The content of a rejections object: a version byte, a count, and that many rejections, each
/// field in the order of the record. The same rejections give the same bytes.
public final class RejectionFile {
    private static final int VERSION = 1;

    private RejectionFile() {}

    public static ByteBuffer write(List<Rejection> rejections) {
        var bytes = new ByteArrayOutputStream(64 * rejections.size() + 16);
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
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    /// Reads what [#write] wrote.
    ///
    /// @throws MillraceException STORE_DAMAGED when it is something else
    public static List<Rejection> read(ByteBuffer content) {
        var bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            var version = in.readByte();
            if (version != VERSION) {
                throw new MillraceException(
                        ErrorCode.STORE_DAMAGED, "Rejections of version %d".formatted(version));
            }
            var count = in.readInt();
            var rejections = new ArrayList<Rejection>(Math.min(count, bytes.length / 16));
            for (var i = 0; i < count; i++) {
                rejections.add(
                        new Rejection(
                                in.readInt(),
                                in.readLong(),
                                in.readUTF(),
                                in.readUTF(),
                                in.readUTF(),
                                RejectionCode.valueOf(in.readUTF()),
                                in.readUTF(),
                                in.readUTF(),
                                in.readUTF()));
            }
            return rejections;
        } catch (IOException | IllegalArgumentException e) {
            throw new MillraceException(
                    ErrorCode.STORE_DAMAGED, "A rejections object cannot be read", e);
        }
    }
}
