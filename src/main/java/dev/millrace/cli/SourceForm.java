package dev.millrace.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// Several sources as the files of one multipart form (RFC 7578), each opened when it is its turn.
///
/// @param boundary what stands between them, and in none of them
record SourceForm(SourceList sources, Terminal terminal, UploadProgress progress, String boundary) {
    SourceForm(SourceList sources, Terminal terminal, UploadProgress progress) {
        this(sources, terminal, progress, "millrace-" + UUID.randomUUID());
    }

    String mediaType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    /// @throws IOException when it cannot be written
    /// @throws Failure when a source cannot be read
    void writeTo(OutputStream out, byte[] buffer) throws IOException {
        for (var i = 0; i < sources.sources().size(); i++) {
            var source = sources.sources().get(i);
            progress.begin(i);
            try (var upload = Upload.open(source.source(), terminal, progress)) {
                write(out, head(source.name()));
                upload.copyTo(out, buffer);
                write(out, "\r\n");
            }
        }
        write(out, "--%s--\r\n".formatted(boundary));
    }

    private String head(String name) {
        return "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n"
                .formatted(boundary, escaped(name));
    }

    /// As browsers write names (HTML, "multipart/form-data encoding algorithm").
    private static String escaped(String name) {
        return name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
