package dev.millrace.api;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.fileupload2.core.FileUploadSizeException;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.apache.commons.fileupload2.core.MultipartInput.MalformedStreamException;
import org.jspecify.annotations.Nullable;

/// A multipart form (RFC 7578) that brings a source: fields, then the part `file`, then its end; or
/// several such parts one after the other, where that is taken, each with fields of its own before
/// it. It is read as it comes, in constant memory, and never put on a disk. Not thread-safe.
final class UploadForm {
    static final String MEDIA_TYPE = "multipart/form-data";

    private static final String FILE = "file";
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int MAX_HEADER_BYTES = 8 << 10;
    private static final int MAX_FIELD_BYTES = 8 << 10;

    /// What may come before the file, all together: every field that there is, and then some.
    private static final int MAX_HEAD_BYTES = 128 << 10;

    private static final Duration HEAD_LIMIT = Duration.ofMinutes(1);

    private final MultipartInput parts;
    private final Map<String, String> fields;
    private final Several several;
    private int files = 1;
    private Begun current;

    /// The file behind the one that was read to its end, or null.
    private @Nullable Begun following;

    /// What a form of several files may have.
    ///
    /// @param most how many files
    /// @param own the fields that may stand before each
    record Several(int most, List<String> own) {}

    /// A file, and what stands before it and holds for it alone.
    private record Begun(PartHeaders file, Map<String, String> own) {}

    private UploadForm(
            MultipartInput parts, Map<String, String> fields, PartHeaders file, Several several) {
        this.parts = parts;
        this.several = several;
        this.fields = fields;
        this.current = new Begun(file, Map.of());
    }

    /// Reads the fields of a form of one file, up to that.
    ///
    /// @param known the fields that it may have
    /// @throws MillraceException INVALID_REQUEST for a form that is not as described
    /// @throws IOException when its sender is gone
    static UploadForm open(Context ctx, String... known) throws IOException {
        return open(ctx, new Several(1, List.of()), known);
    }

    /// Reads a form's fields, up to its first file.
    ///
    /// @param known the fields that it may have before that: they hold for all files
    /// @throws MillraceException as [#open(Context, String...)], and its files do
    static UploadForm open(Context ctx, Several several, String... known) throws IOException {
        try {
            var head =
                    new FormHead(
                            ctx.req().getInputStream(), MAX_HEAD_BYTES, BUFFER_BYTES, HEAD_LIMIT);
            var parts =
                    MultipartInput.builder()
                            .setInputStream(head)
                            .setBufferSize(BUFFER_BYTES)
                            .setBoundary(boundary(ctx).getBytes(StandardCharsets.UTF_8))
                            .setMaxPartHeaderSize(MAX_HEADER_BYTES)
                            .get();
            parts.setHeaderCharset(StandardCharsets.UTF_8);
            var form = read(parts, List.of(known), several);
            head.end();
            return form;
        } catch (FileUploadSizeException e) {
            throw tooLongHeaders(e);
        } catch (MalformedStreamException | IllegalArgumentException e) {
            throw malformed("The form's parts are not parted by its boundary", e);
        }
    }

    private static String boundary(Context ctx) {
        var type = HeaderValue.parse("The Content-Type", ctx.req().getContentType());
        var boundary = type.parameters().get("boundary");
        if (boundary == null || boundary.isEmpty()) {
            throw malformed("The Content-Type names no boundary of the form's parts", null);
        }
        return boundary;
    }

    private static MillraceException tooLongHeaders(FileUploadSizeException e) {
        return malformed(
                "A part of the form has headers of more than %,d bytes".formatted(MAX_HEADER_BYTES),
                e);
    }

    private static UploadForm read(MultipartInput parts, List<String> known, Several several)
            throws IOException {
        var fields = new LinkedHashMap<String, String>();
        for (var more = parts.skipPreamble(); more; more = parts.readBoundary()) {
            var part = PartHeaders.parse(parts.readHeaders());
            if (part.name().equals(FILE)) {
                return new UploadForm(parts, fields, part, several);
            }
            requireKnown(part.name(), known);
            add(parts, part.name(), fields);
        }
        throw malformed("The form has no part named '%s'".formatted(FILE), null);
    }

    private static void requireKnown(String name, List<String> known) {
        if (!known.contains(name)) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "The form's part '%s' is not known here".formatted(name),
                    known.isEmpty()
                            ? "It takes the part '%s' alone.".formatted(FILE)
                            : "Known: %s, and then %s.".formatted(String.join(", ", known), FILE),
                    null);
        }
    }

    private static void add(MultipartInput parts, String name, Map<String, String> fields)
            throws IOException {
        if (fields.put(name, readText(parts, name)) != null) {
            throw malformed("The form has the part '%s' twice".formatted(name), null);
        }
    }

    /// Leaves the part open: closing it would read it to its end, however long it is.
    private static String readText(MultipartInput parts, String name) throws IOException {
        var value = parts.newInputStream().readNBytes(MAX_FIELD_BYTES + 1);
        if (value.length > MAX_FIELD_BYTES) {
            throw malformed(
                    "The form's part '%s' has more than %,d bytes".formatted(name, MAX_FIELD_BYTES),
                    null);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
        } catch (CharacterCodingException e) {
            throw malformed("The form's part '%s' is not UTF-8".formatted(name), e);
        }
    }

    /// A field's text, the file's own if it has it, or null when it is not there.
    @Nullable String field(String name) {
        var own = current.own().get(name);
        return own == null ? fields.get(name) : own;
    }

    /// Goes on to the next file, once this one was read to its end.
    ///
    /// @return false when there is none
    boolean goOn() {
        if (following == null) {
            return false;
        }
        current = following;
        following = null;
        return true;
    }

    /// What the sender calls the file, or null.
    @Nullable String fileName() {
        return current.file().fileName();
    }

    /// The file's bytes. They end only once the whole form has ended as it should, or the next file
    /// begins: until then nobody can know that the file is whole.
    InputStream file() {
        return new FileContent(parts.newInputStream());
    }

    static MillraceException malformed(String what, @Nullable Exception cause) {
        return new MillraceException(
                ErrorCode.INVALID_REQUEST,
                what,
                "Send it like: curl -F model=purchases -F file=@purchases.csv",
                cause);
    }

    /// Looks behind the file before it says that it has ended.
    private final class FileContent extends InputStream {
        private final InputStream content;
        private boolean ended;

        FileContent(InputStream content) {
            this.content = content;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (ended) {
                return -1;
            }
            try {
                var n = content.read(into, offset, length);
                if (n < 0) {
                    requireEnd();
                    ended = true;
                }
                return n;
            } catch (FileUploadSizeException e) {
                throw tooLongHeaders(e);
            } catch (MalformedStreamException e) {
                throw new IOException("the form that brings it is not whole", e);
            }
        }

        private void requireEnd() throws IOException {
            var own = new LinkedHashMap<String, String>();
            while (parts.readBoundary()) {
                var part = PartHeaders.parse(parts.readHeaders());
                if (part.name().equals(FILE)) {
                    requireRoom();
                    files++;
                    following = new Begun(part, own);
                    return;
                }
                if (!several.own().contains(part.name())) {
                    throw late(part.name());
                }
                add(parts, part.name(), own);
            }
            if (!own.isEmpty()) {
                throw late(own.firstEntry().getKey());
            }
        }

        private void requireRoom() {
            if (files == several.most()) {
                throw malformed(
                        files == 1
                                ? "The form has two parts named '%s'".formatted(FILE)
                                : "The form has more than %,d parts named '%s'"
                                        .formatted(files, FILE),
                        null);
            }
        }

        private static MillraceException late(String name) {
            return malformed("The form's part '%s' comes after the file".formatted(name), null);
        }

        /// Leaves what is unread: closing the part would read it to its end, however long it is.
        @Override
        public void close() {}
    }
}
