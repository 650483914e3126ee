package dev.millrace.clickhouse;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.jspecify.annotations.Nullable;

/// An answer that has begun well. Closing it before its end breaks its connection off, and with it
/// ends the query.
record RemoteAnswer(ClassicHttpResponse response, InputStream in) {
    private static final int MAX_PROBLEM_BYTES = 64 << 10;

    static RemoteAnswer of(ClassicHttpResponse response) throws IOException {
        var entity = response.getEntity();
        return new RemoteAnswer(
                response, entity == null ? InputStream.nullInputStream() : entity.getContent());
    }

    /// What a ClickHouse says in an answer that failed, or null when it is none that speaks.
    static @Nullable Refusal refusal(ClassicHttpResponse response) throws IOException {
        var entity = response.getEntity();
        var text =
                entity == null
                        ? ""
                        : new String(
                                entity.getContent().readNBytes(MAX_PROBLEM_BYTES),
                                java.nio.charset.StandardCharsets.UTF_8);
        var code = header(response, "X-ClickHouse-Exception-Code");
        return code != null || text.startsWith("Code: ") ? Refusal.parse(text) : null;
    }

    static @Nullable String header(ClassicHttpResponse response, String name) {
        var header = response.getFirstHeader(name);
        return header == null ? null : Objects.requireNonNullElse(header.getValue(), "");
    }
}
